public import JSON

/// One table of a report: `report(title, rows, options)` as the journal has it, typed and added up.
public struct ReportTable: Hashable, Sendable {
  /// One column.
  public struct Column: Hashable, Sendable {
    /// The field of the rows.
    public let key: String
    /// What people see.
    public let heading: String
    /// The one currency of all its amounts; nil where there are none, or several.
    public let currency: String?
    /// Whether its cells stand on the right.
    public let isNumeric: Bool

    /// The heading, with the currency of the amounts under it.
    var fullHeading: String { heading + (currency.map { " (\($0))" } ?? "") }
  }

  /// What stands where a table has no rows.
  public static let none = "(none · 无)"

  /// Its heading; empty where it has none.
  public let title: String
  public let columns: [Column]
  /// As many cells in each as there are columns.
  public let rows: [[ReportCell]]
  /// A row of sums, where totals were asked for; amounts of several currencies are written as text.
  public let totals: [ReportCell]?

  /// A table as it is journaled: `{title, rows, columns?, totals?}`; rows are tables, or values in one column.
  public init(_ given: JSON) {
    title = given["title"]?.string ?? ""
    let given = Given(given)
    let rows = given.rows.map { row in given.keys.map { ReportCell(given.isPlain ? row : row[$0]) } }
    self.rows = rows
    columns = given.keys.indices.map { index in
      let cells = rows.map { $0[index] }
      let currencies = Set(cells.map { if case .amount(let amount) = $0 { amount.currency } else { nil as String? } })
      let filled = zip(cells, rows).filter { $0.0 != .empty }.map(\.0)
      let amounts = filled.allSatisfy { if case .amount = $0 { true } else { false } }
      return Column(
        key: given.keys[index], heading: given.headings[index],
        currency: amounts && currencies.compactMap(\.self).count == 1 ? currencies.compactMap(\.self).first : nil,
        isNumeric: !filled.isEmpty && filled.allSatisfy(\.isNumeric))
    }
    totals = given.totals.map { asked in
      var row = given.keys.indices.map { index in
        asked.contains(given.keys[index]) ? Self.sum(of: rows.map { $0[index] }) : ReportCell.empty
      }
      if let first = row.firstIndex(of: .empty) { row[first] = .text("Total 合计 · \(rows.count)") }
      return row
    }
  }

  /// What adds up: amounts by currency, or numbers; nothing where a cell is neither.
  private static func sum(of cells: [ReportCell]) -> ReportCell {
    var (amounts, integers, numbers): ([String: Int64], Int64, Double) = ([:], 0, 0)
    var (hasNumbers, hasFractions) = (false, false)
    for cell in cells {
      switch cell {
      case .empty: break
      case .text: return .empty
      case .amount(let amount):
        let (sum, isOver) = amounts[amount.currency, default: 0].addingReportingOverflow(amount.minorUnits)
        guard !isOver else { return .text("?") }
        amounts[amount.currency] = sum
      case .integer(let number):
        let (sum, isOver) = integers.addingReportingOverflow(number)
        guard !isOver else { return .text("?") }
        (integers, hasNumbers) = (sum, true)
      case .number(let number): (numbers, hasNumbers, hasFractions) = (numbers + number, true, true)
      }
    }
    guard amounts.isEmpty || !hasNumbers else { return .empty }
    if hasFractions { return .number(numbers + Double(integers)) }
    if hasNumbers { return .integer(integers) }
    let sums = amounts.sorted { $0.key < $1.key }.map { ReportCell.Amount(minorUnits: $0.value, currency: $0.key) }
    if sums.count == 1 { return .amount(sums[0]) }
    return sums.isEmpty ? .empty : .text(sums.map { ReportCell.amount($0).text }.joined(separator: ", "))
  }
}

/// What a script gave, with its columns found.
private struct Given {
  let rows: [JSON]
  let keys: [String]
  let headings: [String]
  /// Whether the rows are values and no tables.
  let isPlain: Bool
  /// The columns to add up.
  let totals: [String]?

  init(_ given: JSON) {
    rows = given["rows"]?.array ?? []
    var found: [String] = []
    for row in rows {
      for key in row.object?.keys ?? [] where !found.contains(key) { found.append(key) }
    }
    let columns = given["columns"]?.array ?? []
    isPlain = found.isEmpty && columns.isEmpty && !rows.isEmpty
    if isPlain {
      (keys, headings) = (["value"], ["VALUE"])
    } else if columns.isEmpty {
      (keys, headings) = (found, found)
    } else {
      keys = columns.map { $0.string ?? $0["key"]?.string ?? "" }
      headings = columns.map { $0["heading"]?.string ?? $0.string ?? $0["key"]?.string ?? "" }
    }
    switch given["totals"] {
    case .bool(true)?: totals = keys
    case .array(let names)?: totals = names.compactMap(\.string)
    default: totals = nil
    }
  }
}

import JSON

/// The rows of a sheet while they are typed; what is wrong is gathered, so that a person sees how much it is.
struct SheetTable {
  let columns: [SheetColumn]
  private var rows: [JSON] = []
  private var problems: [(row: Int, problem: ParameterProblem)] = []
  /// The columns of which some row has a cell.
  private(set) var columnsSeen: Set<String> = []
  /// Long numbers by column, that nothing marks as text: how many there are, and how many zeros stand where a
  /// spreadsheet would have lost digits; nil once one has another digit there.
  private var longNumbers: [String: (row: Int, zeros: Int)?] = [:]
  private var isTooLong = false

  init(columns: [SheetColumn]) {
    self.columns = columns
  }

  mutating func note(_ problem: ParameterProblem, row: Int) { problems.append((row, problem)) }

  /// Types one row.
  mutating func append(row: Int, _ cell: (SheetColumn) -> SheetCell?) {
    guard rows.count < SheetReader.mostRows else {
      isTooLong = true
      return
    }
    var members = JSONObject()
    for column in columns {
      guard let cell = cell(column), !cell.isEmpty else {
        if !column.isOptional {
          note(ParameterProblem("row \(row), column \(column.label) is empty"), row: row)
        }
        continue
      }
      columnsSeen.insert(column.name)
      do throws(ParameterProblem) {
        let value = try SheetCellReader(column: column).value(cell)
        members[column.name] = value
        if [.id, .waybill].contains(column.kind) { watch(cell, of: column, row: row) }
      } catch {
        note(error.at("row \(row), column \(column.label)"), row: row)
      }
    }
    rows.append(.object(members))
  }

  /// The sheet, where nothing is wrong.
  ///
  /// - Throws: ``ParameterProblem`` with the first of what is wrong, and in which rows there is more.
  func sheet(source: String, digest: String, ignored: [String]) throws(ParameterProblem) -> Sheet {
    guard !isTooLong else {
      throw ParameterProblem(
        "it has more than \(SheetReader.mostRows) rows", hint: "split it into several sheets")
    }
    if let first = problems.first?.problem {
      let more = problems.dropFirst().map { String($0.row) }
      guard !more.isEmpty else { throw first }
      let rows = more.prefix(8).joined(separator: ", ") + (more.count > 8 ? ", …" : "")
      let count = more.count == 1 ? "1 more is wrong, in row \(rows)" : "\(more.count) more are wrong, in rows \(rows)"
      throw ParameterProblem("\(first.description) (\(count))", hint: first.hint)
    }
    for column in columns {
      guard case (let row, let zeros)?? = longNumbers[column.name], zeros >= 4 else { continue }
      throw ParameterProblem(
        "row \(row), column \(column.label): all numbers of more than 15 digits end in zeros, as a spreadsheet leaves "
          + "them that has lost the last digits", hint: SheetCellReader.asText)
    }
    return Sheet(
      source: source, digest: digest, rows: rows, ignored: ignored,
      personal: columns.filter { $0.kind == .phone }.map(\.name))
  }

  /// A spreadsheet keeps 15 digits of a number: of one that is longer it makes the others zeros.
  private mutating func watch(_ cell: SheetCell, of column: SheetColumn, row: Int) {
    guard !cell.isMarkedText, cell.text.utf8.count > 15, cell.text.utf8.allSatisfy({ (0x30...0x39).contains($0) })
    else { return }
    let rest = cell.text.utf8.dropFirst(15)
    let known = longNumbers[column.name]
    guard rest.allSatisfy({ $0 == 0x30 }), known.map({ $0 != nil }) ?? true else {
      longNumbers[column.name] = .some(nil)
      return
    }
    let earlier = known ?? nil
    longNumbers[column.name] = (row: earlier?.row ?? row, zeros: (earlier?.zeros ?? 0) + rest.count)
  }
}

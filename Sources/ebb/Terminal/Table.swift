/// A table for people: columns that line up whatever script their text is in, fitted to the width of the terminal.
///
/// ```
/// SUBJECT       DECISION  REASON
/// 110000235001  done      open for too long
/// ```
struct Table: Sendable {
  /// One column.
  struct Column: Sendable {
    /// On which side its text stands.
    enum Alignment: Sendable { case leading, trailing }

    /// The heading.
    var title: String
    /// Numbers and money stand on the right.
    var alignment: Alignment = .leading
    /// The fewest columns it may be cut to when the terminal is narrow; nil when its text is never cut (ids, money).
    var minimum: Int?
    /// Whether text that does not fit goes on in the next line instead of being cut.
    var wraps = false
    /// How its cells are painted.
    var role: Style.Role?

    /// A column whose text is never cut.
    static func fixed(_ title: String, _ alignment: Alignment = .leading, role: Style.Role? = nil) -> Column {
      Column(title: title, alignment: alignment, minimum: nil, role: role)
    }

    /// A column that gives way when the terminal is narrow.
    static func flexible(_ title: String, minimum: Int = 12, role: Style.Role? = nil) -> Column {
      Column(title: title, alignment: .leading, minimum: minimum, role: role)
    }

    /// A column for running text, which goes on in the next line when the terminal is narrow.
    static func wrapping(_ title: String, minimum: Int = 16, role: Style.Role? = nil) -> Column {
      Column(title: title, alignment: .leading, minimum: minimum, wraps: true, role: role)
    }
  }

  /// The columns, from left to right.
  let columns: [Column]
  /// The rows; a row with fewer cells than columns ends in empty ones, cells beyond the columns are dropped.
  private(set) var rows: [[String]] = []
  /// A row under a rule, for totals.
  var footer: [String]?

  /// An empty table.
  init(_ columns: [Column]) { self.columns = columns }

  /// Adds a row; control characters in its cells become visible marks.
  mutating func append(_ cells: [String]) {
    rows.append(columns.indices.map { $0 < cells.count ? Terminal.clean(cells[$0]) : "" })
  }

  /// The table as lines without a line feed at the end; nothing is cut where `width` is nil.
  func render(width: Int? = nil, style: Style = .plain) -> String {
    let widths = fitted(to: width)
    var lines = [line(columns.map(\.title), widths, style) { _ in .heading }]
    for row in rows {
      for part in parts(of: row, widths) { lines.append(line(part, widths, style) { columns[$0].role }) }
    }
    if let footer {
      let cells = columns.indices.map { $0 < footer.count ? Terminal.clean(footer[$0]) : "" }
      lines.append(style.paint(String(repeating: "─", count: total(widths)), .faint))
      lines.append(line(cells, widths, style) { _ in .heading })
    }
    return lines.joined(separator: "\n")
  }

  private static let gap = 2

  private func total(_ widths: [Int]) -> Int { widths.reduce(0, +) + Self.gap * max(0, widths.count - 1) }

  /// A row as the lines it takes.
  private func parts(of row: [String], _ widths: [Int]) -> [[String]] {
    let cells = row.indices.map { columns[$0].wraps ? Paragraph.lines(row[$0], width: widths[$0]) : [row[$0]] }
    let height = cells.map(\.count).max() ?? 1
    return (0..<height).map { line in cells.map { line < $0.count ? $0[line] : "" } }
  }

  private func line(_ cells: [String], _ widths: [Int], _ style: Style, role: (Int) -> Style.Role?) -> String {
    var parts: [String] = []
    let last = cells.lastIndex { !$0.isEmpty } ?? 0
    for (index, cell) in cells.enumerated() where index <= last {
      let text = TextWidth.truncated(cell, to: widths[index])
      let missing = max(0, widths[index] - TextWidth.columns(text))
      let spaces = String(repeating: " ", count: missing)
      let painted = style.paint(text, role(index))
      switch columns[index].alignment {
      case .leading: parts.append(index == last ? painted : painted + spaces)
      case .trailing: parts.append(spaces + painted)
      }
    }
    return parts.joined(separator: String(repeating: " ", count: Self.gap))
  }

  /// Natural widths, then the widest flexible column loses a column at a time until the table fits.
  private func fitted(to limit: Int?) -> [Int] {
    var widths = columns.indices.map { index in
      ([columns[index].title, footer.flatMap { index < $0.count ? $0[index] : nil } ?? ""] + rows.map { $0[index] })
        .map(TextWidth.columns).max() ?? 0
    }
    guard let limit else { return widths }
    while total(widths) > limit {
      let candidates = widths.indices.filter { index in
        columns[index].minimum.map { widths[index] > $0 } ?? false
      }
      guard let widest = candidates.max(by: { widths[$0] < widths[$1] }) else { break }
      widths[widest] -= 1
    }
    return widths
  }
}

/// What is known of one thing: a name and a value a line, values in one column.
struct Facts {
  private var rows: [(name: String, value: String)] = []

  /// Adds a line; nothing where there is no value.
  mutating func add(_ name: String, _ value: String?) {
    if let value, !value.isEmpty { rows.append((name, value)) }
  }

  /// The lines, broken to fit into `width` columns; values that have lines of their own keep them.
  func render(width: Int?, style: Style) -> String {
    let column = (rows.map { TextWidth.columns($0.name) }.max() ?? 0) + 2
    var lines: [String] = []
    for (name, value) in rows {
      let clean = Terminal.clean(value, keepLines: true)
      let parts =
        width.map { Paragraph.lines(clean, width: max(20, $0 - column)) }
        ?? clean.split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
      for (index, part) in parts.enumerated() {
        let title = index == 0 ? name : ""
        let spaces = String(repeating: " ", count: column - TextWidth.columns(title))
        lines.append(style.paint(title, .faint) + spaces + part)
      }
    }
    return lines.joined(separator: "\n")
  }
}

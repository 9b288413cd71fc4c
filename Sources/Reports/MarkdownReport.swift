/// Tables as Markdown, for issues, wikis and chats.
public enum MarkdownReport {
  /// The tables, each under its title; nothing in a cell is a mark.
  public static func text(_ tables: [ReportTable]) -> String {
    tables.map(text).joined(separator: "\n")
  }

  private static func text(_ table: ReportTable) -> String {
    var lines: [String] = []
    if !table.title.isEmpty { lines += ["## " + escaped(table.title), ""] }
    guard !table.rows.isEmpty else { return (lines + [ReportTable.none, ""]).joined(separator: "\n") }
    lines.append(row(table.columns.map { escaped($0.heading) }))
    lines.append("|" + table.columns.map { $0.isNumeric ? " ---: |" : " --- |" }.joined())
    lines += table.rows.map { cells in row(cells.map { escaped($0.text) }) }
    if let totals = table.totals {
      lines.append(row(totals.map { $0 == .empty ? "" : "**" + escaped($0.text) + "**" }))
    }
    return lines.joined(separator: "\n") + "\n"
  }

  private static func row(_ cells: [String]) -> String { "| " + cells.joined(separator: " | ") + " |" }

  private static func escaped(_ text: String) -> String {
    var escaped = ""
    for character in text {
      if character.isNewline {
        escaped += " "
      } else {
        if "\\`*_{}[]<>#|!~".contains(character) { escaped += "\\" }
        escaped.append(character)
      }
    }
    return escaped
  }
}

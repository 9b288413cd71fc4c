/// A table as CSV (RFC 4180) that spreadsheets open as it is meant: UTF-8 with a byte order mark, ids as text.
///
/// A spreadsheet takes a long number for a quantity and shows `1.46031E+12`, and takes `=…` for a formula, whoever wrote it.
/// Digits that are no quantity get a tab behind them, which nobody sees, and what begins like a formula an apostrophe before it.
public enum CSVReport {
  /// The table's bytes; amounts of one currency are numbers under a heading that names it.
  public static func bytes(_ table: ReportTable) -> [UInt8] {
    var lines = [table.columns.map { quoted($0.fullHeading) }]
    for row in table.rows + (table.totals.map { [$0] } ?? []) {
      lines.append(
        zip(row, table.columns).map { cell, column in
          if case .amount(let amount) = cell, column.currency != nil { return amount.digits }
          if case .text(let text) = cell { return quoted(guarded(text)) }
          return quoted(cell.text)
        })
    }
    guard !table.columns.isEmpty else { return mark }
    let text = lines.map { $0.joined(separator: ",") + "\r\n" }.joined()
    return mark + Array(text.utf8)
  }

  private static let mark: [UInt8] = [0xEF, 0xBB, 0xBF]

  private static func guarded(_ text: String) -> String {
    guard let first = text.utf8.first else { return text }
    if text.utf8.allSatisfy({ (0x30...0x39).contains($0) }) {
      return text.utf8.count > 11 || (first == 0x30 && text.utf8.count > 1) ? text + "\t" : text
    }
    // `1E5` is a number to a spreadsheet, and so is a date.
    if text.wholeMatch(of: /\d+[Ee]\d+/) != nil { return text + "\t" }
    return "=+-@\t\r".utf8.contains(first) ? "'" + text : text
  }

  private static func quoted(_ text: String) -> String {
    guard text.contains(where: { $0 == "," || $0 == "\"" || $0.isNewline }) else { return text }
    return "\"" + text.replacing("\"", with: "\"\"") + "\""
  }
}

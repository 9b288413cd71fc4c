import JSON
import Reports

/// A table of a run's report as the terminal shows it.
struct ReportPage {
  let table: ReportTable
  let terminal: Terminal

  /// The table as it is journaled.
  init(_ given: JSON, _ terminal: Terminal) {
    table = ReportTable(given)
    self.terminal = terminal
  }

  /// The whole, without a line feed at its end.
  var text: String {
    var page = Table(
      table.columns.map { column in
        column.isNumeric ? .fixed(column.heading, .trailing) : .flexible(column.heading, minimum: 8)
      })
    for row in table.rows { page.append(row.map(\.text)) }
    page.footer = table.totals?.map(\.text)
    let body = table.rows.isEmpty ? ReportTable.none : page.render(width: terminal.width, style: terminal.style)
    guard !table.title.isEmpty else { return body }
    return terminal.style.paint(Terminal.clean(table.title), .heading) + "\n" + body
  }
}

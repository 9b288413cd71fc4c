import Catalogue
import Foundation
import JSON
import Playbooks

/// What `ebb run FILE --help` shows of the file itself: its title, its parameters and its guards.
struct PlaybookHelp {
  private let file: String

  /// Help about the file that a command line runs; nil where it asks for none, or names no file there is.
  init?(arguments: [String]) {
    guard arguments.first == "run", arguments.contains("--help") || arguments.contains("-h"),
      let file = arguments.dropFirst().filter({ !$0.hasPrefix("-") }).map(PlaybookFile.path)
        .first(where: { $0.hasSuffix(".lua") && FileManager.default.fileExists(atPath: $0) })
    else { return nil }
    self.file = file
  }

  /// The text; the header is read, and nothing of the script runs.
  func text(terminal: Terminal = .current) async throws -> String {
    let script = try await PlaybookFile(reading: file, catalogue: try Catalogue.forCommands())
    guard let header = script.header else {
      return "\(file) is a script without a header: --param name=value reaches it as params.name, as text."
    }
    var parts = [terminal.style.paint(Terminal.clean(header.title), .heading), "ebb run \(file) [--param name=value]…"]
    if !header.parameters.isEmpty { parts.append(parameters(header, terminal)) }
    for parameter in header.parameters where parameter.kind == .rows { parts.append(columns(of: parameter, terminal)) }
    let guards = limits(header.guards)
    if !guards.isEmpty { parts.append("Guards:\n" + guards.map { "  " + $0 }.joined(separator: "\n")) }
    parts.append("All options: ebb run --help")
    return parts.joined(separator: "\n\n")
  }

  private func parameters(_ header: Header, _ terminal: Terminal) -> String {
    var table = Table([
      .fixed("PARAMETER", role: .name), .fixed("TYPE"), .fixed("DEFAULT"), .flexible("MEANING", minimum: 20),
    ])
    for parameter in header.parameters {
      let kind = parameter.choices.isEmpty ? parameter.kind.rawValue : parameter.choices.joined(separator: "|")
      table.append([
        parameter.name, kind,
        parameter.isRequired ? "required" : shown(parameter.fallback, parameter.kind, of: parameter.element),
        parameter.help ?? "",
      ])
    }
    return table.render(width: terminal.width, style: terminal.style)
  }

  private func columns(of parameter: Playbooks.Parameter, _ terminal: Terminal) -> String {
    var table = Table([
      .fixed("COLUMN", role: .name), .fixed("TYPE"), .flexible("HEADING", minimum: 12), .fixed(""),
    ])
    for column in parameter.columns {
      table.append([
        column.name, column.choices.isEmpty ? column.kind.rawValue : column.choices.joined(separator: "|"),
        column.headings.joined(separator: ", "), column.isOptional ? "optional" : "",
      ])
    }
    let head = "--param \(parameter.name)=@FILE reads a sheet, CSV or JSON lines, with these columns:"
    return head + "\n" + table.render(width: terminal.width, style: terminal.style)
  }

  private func shown(
    _ value: JSON?, _ kind: Playbooks.Parameter.Kind, of element: Playbooks.Parameter.Kind = .text
  ) -> String {
    guard let value else { return "" }
    if kind == .list, let elements = value.array { return elements.map { shown($0, element) }.joined(separator: ",") }
    if let money = Money(json: value) { return money.description }
    if kind == .duration, let milliseconds = value.integer { return DurationText.text(milliseconds) }
    return value.scalarText ?? value.text()
  }

  private func limits(_ guards: Guards) -> [String] {
    var lines: [String] = []
    if let writes = guards.writes {
      lines.append(writes.isEmpty ? "writes nothing" : "writes only " + writes.joined(separator: ", "))
    }
    if let most = guards.maxWrites.run { lines.append("at most \(most) writes a run") }
    if let most = guards.maxWrites.day { lines.append("at most \(most) writes a day") }
    if let most = guards.maxAmount.run { lines.append("at most \(most) a run") }
    if let most = guards.maxAmount.day { lines.append("at most \(most) a day") }
    if let amount = guards.approvalAmount { lines.append("from \(amount) on a write waits for a person") }
    if let count = guards.approvalCount { lines.append("after \(count) writes a person is asked") }
    for hours in guards.quietHours { lines.append("writes nothing from \("\(hours)".replacing("-", with: " to "))") }
    if let every = guards.sameSubject?.every { lines.append("acts on a subject once in \(DurationText.text(every))") }
    if let times = guards.sameSubject?.times { lines.append("acts on a subject \(times) times at most") }
    if let failures = guards.stopAfter { lines.append("stops after \(failures) failures in a row") }
    return lines
  }
}

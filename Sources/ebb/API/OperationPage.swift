import Catalogue
import JSON

/// One operation as `ebb api show` prints it.
struct OperationPage {
  private let operation: Operation
  private let terminal: Terminal

  init(_ operation: Operation, terminal: Terminal) {
    self.operation = operation
    self.terminal = terminal
  }

  /// The page, without a line feed at its end.
  var text: String {
    var blocks = [head]
    if let details = operation.details {
      blocks.append(Paragraph.wrapped(Terminal.clean(details), width: min(terminal.width ?? 100, 100)))
    }
    if !operation.fields.isEmpty { blocks.append(heading("Arguments") + arguments) }
    blocks.append(heading(operation.effect == .event ? "Message body" : "Answer (data)") + answer)
    if operation.effect == .write { blocks.append(heading("Write") + RuleText(operation).lines.map(indented).joined()) }
    if let page = operation.page {
      blocks.append(heading("Pages") + indented("by \(page.number), at most \(page.maximum) rows a page: use pages(…)"))
    }
    if operation.effect != .event { blocks.append(heading("Example") + example) }
    return blocks.map(Self.trimmed).joined(separator: "\n\n")
  }

  private var head: String {
    let title = operation.chineseName.map { "\(operation.name) · \($0)" } ?? operation.name
    let evidence = operation.evidence
    var lines = [
      terminal.style.paint(operation.id, .heading) + "  " + title,
      "\(operation.market) · \(operation.group) · \(operation.effect.rawValue)",
      "\(operation.method) \(operation.path)  (method \(evidence.method.rawValue), path \(evidence.path.rawValue))",
    ]
    if operation.signing == .query { lines.append("signed in the query (timestamp, sign), not in headers") }
    if let note = operation.notes { lines.append("note: \(note)") }
    if operation.effect != .event && evidence.path != .documented {
      lines.append(
        terminal.style.paint(
          "not sent to the real API unless the profile allows it: docs/configuration.md, \"allow\"", .warning))
    }
    return lines.joined(separator: "\n")
  }

  private var arguments: String {
    let locations = Dictionary(operation.parameters.map { ($0.name, $0.location.rawValue) }) { first, _ in first }
    var table = Table([
      .fixed("  NAME", role: .name), .fixed("IN", role: .faint), .fixed("REQUIRED"), .wrapping("IS", minimum: 14),
      .wrapping("MEANING"),
    ])
    for field in operation.fields {
      for row in SchemaRows(field.name, field.schema, isRequired: field.isRequired).rows {
        table.append([
          "  " + row.name, row.name.hasPrefix(field.name) ? locations[field.name] ?? "body" : "",
          row.isRequired ? "yes" : "",
          row.expectation, row.meaning,
        ])
      }
    }
    return table.render(width: terminal.width ?? 120, style: terminal.style)
  }

  private var answer: String {
    let schema = operation.answer
    let rows = SchemaRows(members: schema).rows
    guard !rows.isEmpty else {
      return indented(schema.text ?? (schema.evidence == .unknown ? "not known" : schema.expectation))
    }
    var table = Table([.fixed("  NAME", role: .name), .wrapping("IS", minimum: 14), .wrapping("MEANING")])
    for row in rows { table.append(["  " + row.name, row.expectation, row.meaning]) }
    return table.render(width: terminal.width ?? 120, style: terminal.style)
  }

  private var example: String {
    let given = operation.exampleArguments?.object ?? JSONObject()
    let words = given.map { key, value in
      value.object == nil && value.array == nil && !value.isNull
        ? "\(key)=\(Self.shellQuoted(value.scalarText ?? value.text()))"
        : "\(key):=\(Self.shellQuoted(value.text()))"
    }
    return indented((["ebb call \(operation.id)"] + words).joined(separator: " "))
  }

  private func heading(_ text: String) -> String { terminal.style.paint(text, .heading) + "\n" }
  private func indented(_ text: String) -> String { "  \(Terminal.clean(text))\n" }

  private static func trimmed(_ text: String) -> String { text.hasSuffix("\n") ? String(text.dropLast()) : text }

  /// The text as one word of a POSIX shell.
  static func shellQuoted(_ text: String) -> String {
    let plain =
      !text.isEmpty
      && text.unicodeScalars.allSatisfy { scalar in
        scalar.properties.isAlphabetic || ("0"..."9").contains(scalar) || "-_.,:/@%+".unicodeScalars.contains(scalar)
      }
    return plain ? text : "'" + text.replacing("'", with: "'\\''") + "'"
  }
}

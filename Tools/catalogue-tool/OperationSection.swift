import Catalogue
import JSON

/// One operation's part of docs/operations.md.
struct OperationSection {
  let operation: Operation

  func lines(_ shapes: inout ShapeList) -> [String] {
    var lines = ["### \(operation.id)", ""]
    lines += [operation.name + (operation.chineseName.map { " · \($0)" } ?? ""), ""]
    lines += head() + [""]
    if let details = operation.details { lines += [details, ""] }
    if let note = operation.notes { lines += ["Note: \(note).", ""] }
    lines += messages() + arguments(&shapes) + answer(&shapes)
    if operation.effect == .write { lines += EffectSection(operation: operation).lines() }
    if let page = operation.page {
      var sentence = "Paged: number in `\(page.number)` from \(page.first)"
      if let size = page.size { sentence += ", size in `\(size)` up to \(page.maximum)" }
      lines += [sentence + "; rows in `\(page.rows)`" + (page.id.map { ", each known by `\($0)`" } ?? "") + ".", ""]
    }
    return lines
  }

  private func head() -> [String] {
    let grades = operation.evidence
    let place = operation.effect == .event ? "message type" : "path"
    return [
      "| \(operation.effect) | `\(operation.method) \(operation.path)` |", "|---|---|",
      "| method, \(place) | \(grades.method), \(grades.path) |",
      "| signed by | \(operation.signing == .query ? "query `timestamp` and `sign`" : "headers") |",
    ]
  }

  /// By which message types an event is recognised, by grade.
  private func messages() -> [String] {
    guard let lists = operation.definition["x-ebb-messages"]?.object else { return [] }
    var lines = ["| message type | |", "|---|---|"]
    for (grade, names) in lists {
      let names = (names.array ?? []).compactMap(\.string).map(Markdown.code)
      lines.append("| \(names.joined(separator: ", ")) | \(grade) |")
    }
    lines.append("")
    if let about = try? operation.about() {
      let places = about.id.map(Markdown.code).joined(separator: " or ")
      lines += ["About the id in \(places)" + (about.says.map { "; says the state in `\($0)`" } ?? "") + ".", ""]
    }
    return lines
  }

  private func arguments(_ shapes: inout ShapeList) -> [String] {
    guard operation.effect != .event else { return [] }
    if operation.fields.isEmpty { return ["No arguments.", ""] }
    var lines = ["| argument | in | type | | |", "|---|---|---|---|---|"]
    for field in operation.fields {
      let place = operation.parameters.first { $0.name == field.name }?.location.rawValue ?? "body"
      for row in FieldRow.rows(of: field, &shapes) { lines.append(row.text(place: place)) }
    }
    if let sets = operation.body?.alternatives, !sets.isEmpty {
      lines += [
        "", "At least " + sets.map { $0.map(Markdown.code).joined(separator: ", ") }.joined(separator: "; or ") + ".",
      ]
    }
    lines.append("")
    if let example = operation.exampleArguments { lines += Markdown.json(example) }
    return lines
  }

  private func answer(_ shapes: inout ShapeList) -> [String] {
    let schema = operation.answer
    let subject = operation.effect == .event ? "`messageBody`" : "`data`"
    var lines: [String] = []
    if let name = shapes.add(schema) {
      lines += ["\(subject): \(name).", ""]
    } else if schema.properties.isEmpty {
      let grade = schema.evidence.map { " (\($0))" } ?? ""
      lines += [
        "\(subject): \(FieldRow.type(schema, &shapes))\(grade)" + (schema.text.map { ": \($0)" } ?? "") + ".", "",
      ]
    } else {
      lines += ["| \(subject) | type | | |", "|---|---|---|---|"]
      for property in schema.properties {
        for row in FieldRow.rows(of: property, &shapes) { lines.append(row.text(place: nil)) }
      }
      lines.append("")
    }
    return lines
  }
}

/// A field in a table.
struct FieldRow {
  let path: String
  let type: String
  let isRequired: Bool
  let meaning: String

  func text(place: String?) -> String {
    var cells = ["`\(path)`"]
    if let place { cells.append(place) }
    cells += [Markdown.cell(type), isRequired ? "required" : "", Markdown.cell(meaning)]
    return "| " + cells.joined(separator: " | ") + " |"
  }

  /// The field and what is nested in it, shared shapes left to their own section.
  static func rows(of field: Schema.Property, _ shapes: inout ShapeList, in prefix: String = "") -> [FieldRow] {
    let path = prefix + field.name
    let row = FieldRow(
      path: path, type: type(field.schema, &shapes), isRequired: field.isRequired, meaning: meaning(field.schema))
    var rows = [row]
    let (inner, suffix) = nested(field.schema)
    if shapes.add(inner) == nil {
      for property in inner.properties { rows += FieldRow.rows(of: property, &shapes, in: path + suffix + ".") }
    }
    return rows
  }

  private static func nested(_ schema: Schema) -> (Schema, String) {
    var inner = schema.content ?? schema
    var suffix = ""
    while let items = inner.items {
      inner = items
      suffix += "[]"
    }
    return (inner, suffix)
  }

  static func type(_ schema: Schema, _ shapes: inout ShapeList) -> String {
    if let content = schema.content { return "JSON text of " + type(content, &shapes) }
    if let items = schema.items { return "list of " + type(items, &shapes) }
    if let shape = shapes.add(schema) { return shape }
    var words = schema.isID ? (schema.kinds == [.integer] ? "id (integer on the wire)" : "id") : ""
    if words.isEmpty { words = schema.kinds.map(\.rawValue).joined(separator: " or ") }
    if words.isEmpty { words = "any" }
    if let unit = schema.unit { words += ", \(unit.rawValue)" }
    return words + (schema.isNullable && !schema.kinds.isEmpty ? ", may be null" : "")
  }

  private static func meaning(_ schema: Schema) -> String {
    var parts: [String] = []
    if let text = schema.text { parts.append(text) }
    let values = schema.choices.isEmpty ? schema.words.keys.sorted().map { JSON.string($0) } : schema.choices
    let listed = values.compactMap { value in
      value.scalarText.map { text in "`\(text)`" + (schema.words[text].map { " \($0)" } ?? "") }
    }
    if !listed.isEmpty { parts.append(listed.joined(separator: ", ")) }
    parts += limits(schema)
    if let grade = schema.evidence { parts.append("*\(grade)*") }
    if schema.isSecret { parts.append("secret") }
    if schema.isPersonal { parts.append("personal") }
    return parts.joined(separator: "; ")
  }

  private static func limits(_ schema: Schema) -> [String] {
    var parts: [String] = []
    func number(_ value: Double) -> String { value == value.rounded() ? String(Int64(value)) : "\(value)" }
    if let least = schema.minimum { parts.append("at least \(number(least))") }
    if let bound = schema.exclusiveMinimum { parts.append("more than \(number(bound))") }
    if let most = schema.maximum { parts.append("at most \(number(most))") }
    if let most = schema.maximumLength { parts.append("at most \(most) characters") }
    if let most = schema.maximumBytes { parts.append("at most \(most) bytes") }
    if let least = schema.minimumItems { parts.append("at least \(least) elements") }
    if let most = schema.maximumItems { parts.append("at most \(most) elements") }
    if let value = schema.defaultValue { parts.append("default \(value)") }
    return parts
  }
}

/// The shared shapes that were mentioned, each described once at the end of the page.
struct ShapeList {
  private var shapes: [(name: String, schema: Schema)] = []

  /// A link to the shape, where the schema is a shared one with members; nil otherwise.
  mutating func add(_ schema: Schema) -> String? {
    guard let name = schema.name, !schema.properties.isEmpty else { return nil }
    if !shapes.contains(where: { $0.name == name }) { shapes.append((name, schema)) }
    return "[\(name)](#\(name.lowercased()))"
  }

  /// The section of all shapes, those they mention included.
  func lines() -> [String] {
    var all = self
    var lines = ["## Shapes", ""]
    var index = 0
    var parts: [(name: String, lines: [String])] = []
    while index < all.shapes.count {
      let (name, schema) = all.shapes[index]
      var part = ["### \(name)", ""]
      if let text = schema.text { part += [text, ""] }
      if let grade = schema.evidence { part += ["How it is known: \(grade).", ""] }
      part += ["| field | type | | |", "|---|---|---|---|"]
      for property in schema.properties {
        for row in FieldRow.rows(of: property, &all) { part.append(row.text(place: nil)) }
      }
      parts.append((name, part + [""]))
      index += 1
    }
    for part in parts.sorted(by: { $0.name < $1.name }) { lines += part.lines }
    return lines
  }
}

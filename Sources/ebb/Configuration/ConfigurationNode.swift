import JSON
import Yams

/// One value of `ebb.yaml` and its place, so that every mistake can name its line.
struct ConfigurationNode {
  /// The parsed value.
  let node: Node
  /// Where it stands, e.g. `profiles.shop1.signing`; empty at the top.
  let path: String
  /// The file's path.
  let file: String

  /// The line, counted from 1.
  var line: Int { node.mark?.line ?? 1 }
  /// The line as the origin of a setting.
  var origin: Origin { .file(path: file, line: line) }

  /// An error at this place.
  func failure(_ message: String, hint: String? = nil) -> CommandFailure {
    .configuration("\(origin): \(path.isEmpty ? "" : path + ": ")\(message)", hint: hint)
  }

  /// The members of a table, in the order of the file. An empty value counts as an empty table.
  func members() throws(CommandFailure) -> [(key: String, value: ConfigurationNode)] {
    if isNull { return [] }
    guard case .mapping(let mapping) = node else { throw failure("expected a table (key: value), found \(kind)") }
    var result: [(key: String, value: ConfigurationNode)] = []
    for (key, value) in mapping {
      guard let name = key.scalar?.string else { throw failure("a key must be a word") }
      let place = path.isEmpty ? name : path + "." + name
      // An error about a member names the line of its key: the value of a table begins on the next one.
      var marked = value
      if case .mapping(var inner) = value, let mark = key.mark {
        inner.mark = mark
        marked = .mapping(inner)
      }
      result.append((name, ConfigurationNode(node: marked, path: place, file: file)))
    }
    return result
  }

  /// The members of a table that may hold these keys only.
  func members(_ known: [String]) throws(CommandFailure) -> [String: ConfigurationNode] {
    var result: [String: ConfigurationNode] = [:]
    for (key, value) in try members() {
      guard known.contains(key) else { throw value.unknownKey(key, known: known) }
      result[key] = value
    }
    return result
  }

  /// The error for a key that is not among the known ones; keys that look like secrets get an answer of their own.
  func unknownKey(_ key: String, known: [String]) -> CommandFailure {
    let lower = key.lowercased()
    if ["secret", "password", "passwd", "access_key", "accesskey", "access-key", "credential"].contains(
      where: lower.contains)
    {
      return .configuration(
        "\(origin): \(path): access keys and secrets do not belong into this file",
        hint: "remove the line, reset the secret if the file was shared, and set EBB_ACCESS_KEY and EBB_ACCESS_SECRET"
          + " in the environment", label: "secret_in_file")
    }
    return .configuration(
      "\(origin): unknown key \"\(path)\"", hint: Suggestion.hint(for: key, in: known), label: "unknown_key")
  }

  /// A single value as text; numbers and booleans as they were written.
  func text() throws(CommandFailure) -> String {
    guard case .scalar(let scalar) = node, !isNull else { throw failure("expected a single value, found \(kind)") }
    return scalar.string
  }

  /// A single value with its place.
  func setting() throws(CommandFailure) -> Setting<String> { Setting(value: try text(), origin: origin) }

  /// A list; a single value counts as a list of one.
  func list() throws(CommandFailure) -> [ConfigurationNode] {
    if isNull { return [] }
    switch node {
    case .sequence(let sequence):
      return sequence.enumerated().map {
        ConfigurationNode(node: $0.element, path: "\(path)[\($0.offset)]", file: file)
      }
    case .scalar: return [self]
    default: throw failure("expected a list, found \(kind)")
    }
  }

  /// The value as JSON. Plain `true`, `false`, `null` and decimal numbers are what they look like; all else, and what
  /// stands in quotes, is text: `10d`, `23:00-08:00`, `yes` and `007` stay as written.
  func json() throws(CommandFailure) -> JSON {
    switch node {
    case .scalar(let scalar):
      guard scalar.style == .plain || scalar.style == .any else { return .string(scalar.string) }
      switch scalar.string {
      case "", "~", "null": return .null
      case "true": return true
      case "false": return false
      default:
        if let number = try? JSON(parsing: scalar.string), number.scalarText != nil, number.string == nil {
          return number
        }
        return .string(scalar.string)
      }
    case .sequence:
      var elements: [JSON] = []
      for element in try list() { elements.append(try element.json()) }
      return .array(elements)
    case .mapping:
      var object = JSONObject()
      for (key, value) in try members() { object[key] = try value.json() }
      return .object(object)
    case .alias: throw failure("an alias leads nowhere")
    }
  }

  private var isNull: Bool {
    guard case .scalar(let scalar) = node, scalar.style == .plain || scalar.style == .any else { return false }
    return ["", "~", "null"].contains(scalar.string)
  }

  private var kind: String {
    switch node {
    case .scalar: isNull ? "nothing" : "a single value"
    case .sequence: "a list"
    case .mapping: "a table"
    case .alias: "an alias"
    }
  }
}

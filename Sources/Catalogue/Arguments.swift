public import JSON

/// A script's arguments, checked, and taken apart into what goes on the wire.
public struct Arguments: Hashable, Sendable {
  /// A query parameter or header.
  public struct Field: Hashable, Sendable {
    /// The wire's name.
    public let name: String
    /// The value as text, unescaped.
    public let value: String
  }

  /// The path's parameters by name, unescaped.
  public let path: [String: String]
  /// The query's parameters, in the catalogue's order, unescaped.
  public let query: [Field]
  /// The operation's own headers.
  public let headers: [Field]
  /// The body; nil where the operation has none.
  public let body: JSON?
  /// What the script gave, in canonical form: ids as text, money in the wire's unit, JSON text as the value it holds.
  /// Digests and the rules' pointers work on this.
  public let script: JSON
}

/// Why a script's arguments were refused, before anything was sent.
public struct ArgumentError: Error, Hashable, Sendable, CustomStringConvertible {
  private enum Code: Hashable, Sendable {
    case missing, incomplete, unknown, type, value, shape
  }

  private let code: Code
  /// The operation that was called.
  public let operation: String
  /// The field, as a pointer into the arguments.
  public let pointer: JSONPointer
  /// What stands there must be.
  public let expected: String
  /// What was given, shortened; nil where nothing was.
  public let given: String?
  /// The field that was probably meant.
  public let suggestion: String?

  static func missing(_ operation: String, _ pointer: JSONPointer, _ expected: String) -> ArgumentError {
    ArgumentError(code: .missing, operation, pointer, expected)
  }

  static func incomplete(_ operation: String, _ pointer: JSONPointer, _ expected: String) -> ArgumentError {
    ArgumentError(code: .incomplete, operation, pointer, expected)
  }

  static func unknown(_ operation: String, _ pointer: JSONPointer, near: String?, of names: [String]) -> ArgumentError {
    let expected = names.isEmpty ? "no field at all" : "one of \(names.joined(separator: ", "))"
    return ArgumentError(code: .unknown, operation, pointer, expected, suggestion: near)
  }

  static func type(_ operation: String, _ pointer: JSONPointer, _ expected: String, given: JSON) -> ArgumentError {
    ArgumentError(code: .type, operation, pointer, expected, given: describe(given))
  }

  static func value(
    _ operation: String, _ pointer: JSONPointer, _ expected: String, given: JSON, near: String? = nil
  ) -> ArgumentError {
    ArgumentError(code: .value, operation, pointer, expected, given: describe(given), suggestion: near)
  }

  static func shape(_ operation: String, _ expected: String, given: JSON) -> ArgumentError {
    ArgumentError(code: .shape, operation, JSONPointer(), expected, given: describe(given))
  }

  private init(
    code: Code, _ operation: String, _ pointer: JSONPointer, _ expected: String, given: String? = nil,
    suggestion: String? = nil
  ) {
    self.code = code
    self.operation = operation
    self.pointer = pointer
    self.expected = expected
    self.given = given
    self.suggestion = suggestion
  }

  /// A bounded word for metrics: `missing`, `incomplete`, `unknown`, `type`, `value` or `shape`.
  public var label: String { "\(code)" }

  /// The field's name as people write it: `cargoParamList[2].offerId`, counted from 1 as Lua does.
  public var field: String {
    var name = ""
    for token in pointer.tokens {
      if let index = Int(token) {
        name += "[\(index + 1)]"
      } else {
        name += name.isEmpty ? token : "." + token
      }
    }
    return name
  }

  /// The refusal in one sentence, for the person who wrote the script.
  public var description: String {
    let help = suggestion.map { ": did you mean \($0)?" } ?? ""
    switch code {
    case .missing: return "\(operation) needs \(field) (\(expected))"
    case .incomplete: return "\(operation)\(field.isEmpty ? "" : ": \(field)") needs \(expected)"
    case .unknown: return "\(operation) has no field \(field)" + (suggestion == nil ? ": it has \(expected)" : help)
    case .type, .value: return "\(operation): \(field) must be \(expected), not \(given ?? "nothing")" + help
    case .shape: return "\(operation) takes \(expected), not \(given ?? "nothing")"
    }
  }

  private static func describe(_ value: JSON) -> String {
    switch value {
    case .null: return "null"
    case .array(let elements): return elements.isEmpty ? "an empty list" : "a list"
    case .object: return "a table"
    case .string(let text):
      return "the text " + JSON.string(text.count > 40 ? text.prefix(40) + "…" : text).text()
    case .bool, .integer, .bigInteger, .number:
      let text = value.text()
      return text.count > 40 ? text.prefix(40) + "…" : text
    }
  }
}

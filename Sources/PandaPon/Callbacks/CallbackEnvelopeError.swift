import JSON

/// Why a callback's body cannot be read: what its sender did wrong. Nothing of the body is repeated.
public struct CallbackEnvelopeError: Error, Hashable, Sendable, CustomStringConvertible {
  private enum Code: Hashable, Sendable {
    case tooLarge(Int, limit: Int)
    case notJSON(offset: Int)
    case notObject(String)
  }
  private let code: Code

  static func tooLarge(_ size: Int, limit: Int) -> Self { Self(code: .tooLarge(size, limit: limit)) }
  static func notJSON(_ error: JSONError) -> Self { Self(code: .notJSON(offset: error.offset)) }
  static func notObject(_ kind: String) -> Self { Self(code: .notObject(kind)) }

  /// What is wrong, for a person.
  public var description: String {
    switch code {
    case .tooLarge(let size, let limit): "the callback has \(size) bytes, more than \(limit)"
    case .notJSON(let offset): "the callback's body is no JSON that can be read, from byte \(offset) on"
    case .notObject(let kind): "the callback's body is no object but a JSON \(kind)"
    }
  }

  /// A short name from a fixed set, for metrics.
  public var label: String {
    switch code {
    case .tooLarge: "too_large"
    case .notJSON: "not_json"
    case .notObject: "not_object"
    }
  }
}

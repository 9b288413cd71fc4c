/// What a signature is made over: literal text and placeholders in braces, e.g.
/// `{access-key}{timestamp}{nonce-str}{secret}`.
///
/// A literal brace is written twice: `{{` and `}}`.
public struct SigningTemplate: Hashable, Sendable, CustomStringConvertible {
  /// A value that is filled in for each request.
  public enum Placeholder: String, Hashable, Sendable, CaseIterable {
    /// The `access-key` header.
    case accessKey = "access-key"
    /// The `nonce-str` header: 32 random letters and digits.
    case nonce = "nonce-str"
    /// The `timestamp`, in the recipe's unit, as sent.
    case timestamp
    /// The `user-id` header; empty where the profile has none.
    case userID = "user-id"
    /// The access secret.
    case secret
    /// `GET` or `POST`.
    case method
    /// The operation's path as sent, percent-encoded, without the base URL's prefix.
    case path
    /// The query as sent, percent-encoded, without `?` and without what the signing itself adds.
    case query
    /// The body's bytes as sent; empty where there is none.
    case body
    /// Of callbacks alone: the envelope's `messageBody` as it was sent; of one that is JSON text, that text.
    case messageBody = "message-body"
  }

  /// The placeholders that a template may have.
  public struct Vocabulary: Hashable, Sendable {
    let placeholders: [Placeholder]

    /// What a request is signed over.
    public static let ofRequests = Vocabulary(placeholders: Placeholder.allCases.filter { $0 != .messageBody })
    /// What a callback is signed over.
    public static let ofCallbacks = Vocabulary(
      placeholders: [.body, .messageBody, .accessKey, .timestamp, .secret])
  }

  enum Part: Hashable, Sendable {
    case literal(String)
    case placeholder(Placeholder)
  }

  let parts: [Part]

  init(parts: [Part]) {
    self.parts = parts
  }

  /// Reads a template of those placeholders.
  ///
  /// - Throws: `SigningRecipeError` naming the placeholder that is unknown (with the nearest one) or the brace that is
  ///   alone.
  public init(
    parsing text: String, allowing vocabulary: Vocabulary = .ofRequests
  ) throws(SigningRecipeError) {
    var parts: [Part] = []
    var literal = ""
    var rest = Substring(text)
    func flush() {
      if !literal.isEmpty { parts.append(.literal(literal)) }
      literal = ""
    }
    while let character = rest.popFirst() {
      switch character {
      case "{" where rest.first == "{", "}" where rest.first == "}":
        literal.append(character)
        rest.removeFirst()
      case "{":
        guard let close = rest.firstIndex(of: "}") else { throw .unclosedBrace(after: String(rest)) }
        let name = String(rest[..<close])
        guard let placeholder = vocabulary.placeholders.first(where: { $0.rawValue == name }) else {
          throw .unknownPlaceholder(name, among: vocabulary.placeholders.map(\.rawValue))
        }
        flush()
        parts.append(.placeholder(placeholder))
        rest = rest[rest.index(after: close)...]
      case "}":
        throw .strayBrace
      default:
        literal.append(character)
      }
    }
    flush()
    guard !parts.isEmpty else { throw .emptyPayload }
    self.parts = parts
  }

  /// Whether a placeholder occurs in the template.
  public func uses(_ placeholder: Placeholder) -> Bool {
    parts.contains(.placeholder(placeholder))
  }

  /// The template as it is written in a configuration.
  public var description: String {
    parts.map { part in
      switch part {
      case .literal(let text): text.replacing("{", with: "{{").replacing("}", with: "}}")
      case .placeholder(let placeholder): "{\(placeholder.rawValue)}"
      }
    }.joined()
  }
}

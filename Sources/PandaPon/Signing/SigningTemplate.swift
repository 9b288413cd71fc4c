/// What a signature is made over: literal text and variables in braces, e.g.
/// `{access-key}{timestamp}{nonce-str}{secret}`.
///
/// A literal brace is written twice: `{{` and `}}`.
public struct SigningTemplate: Hashable, Sendable, CustomStringConvertible {
  /// A value that is filled in for each request.
  public enum Variable: String, Hashable, Sendable, CaseIterable {
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

  /// The variables that a template may have.
  public struct Vocabulary: Hashable, Sendable {
    let variables: [Variable]

    /// What a request is signed over.
    public static let ofRequests = Vocabulary(variables: Variable.allCases.filter { $0 != .messageBody })
    /// What a callback is signed over.
    public static let ofCallbacks = Vocabulary(
      variables: [.body, .messageBody, .accessKey, .timestamp, .secret])
  }

  enum Part: Hashable, Sendable {
    case literal(String)
    case variable(Variable)
  }

  let parts: [Part]

  init(parts: [Part]) {
    self.parts = parts
  }

  /// Reads a template of those variables.
  ///
  /// - Throws: `SigningRecipeError` naming the variable that is unknown (with the nearest one) or the brace that is
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
        guard let variable = vocabulary.variables.first(where: { $0.rawValue == name }) else {
          throw .unknownVariable(name, among: vocabulary.variables.map(\.rawValue))
        }
        flush()
        parts.append(.variable(variable))
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

  /// Whether a variable occurs in the template.
  public func uses(_ variable: Variable) -> Bool {
    parts.contains(.variable(variable))
  }

  /// The template as it is written in a configuration.
  public var description: String {
    parts.map { part in
      switch part {
      case .literal(let text): text.replacing("{", with: "{{").replacing("}", with: "}}")
      case .variable(let variable): "{\(variable.rawValue)}"
      }
    }.joined()
  }
}

import Catalogue
import Redaction

/// Why a signing recipe cannot be used: what a user wrote wrong in its configuration.
public struct SigningRecipeError: Error, Hashable, Sendable, CustomStringConvertible {
  private enum Code: Hashable, Sendable {
    case unknownVariable(String, among: [String])
    case unclosedBrace(after: String)
    case strayBrace
    case emptyPayload
    case secretUnused
    case unknownChoice(String, of: String, among: [String])
  }
  private let code: Code

  static func unknownVariable(_ name: String, among known: [String]) -> Self {
    Self(code: .unknownVariable(redact(name), among: known))
  }
  static func unclosedBrace(after text: String) -> Self { Self(code: .unclosedBrace(after: redact(text))) }
  static let strayBrace = Self(code: .strayBrace)
  static let emptyPayload = Self(code: .emptyPayload)
  /// The payload does not hold `{secret}` and the digest is not keyed with it: anyone could sign.
  public static let secretUnused = Self(code: .secretUnused)
  static func unknownChoice(_ text: String, of name: String, among known: [String]) -> Self {
    Self(code: .unknownChoice(redact(text), of: name, among: known))
  }

  /// What is wrong, for a person.
  public var description: String {
    switch code {
    case .unknownVariable(let name, _): "the signing payload has an unknown variable {\(name)}"
    case .unclosedBrace(let text): "the signing payload has a \"{\" that is not closed, before \"\(text)\""
    case .strayBrace: "the signing payload has a \"}\" that closes nothing"
    case .emptyPayload: "the signing payload is empty"
    case .secretUnused: "the signature would not depend on the secret"
    case .unknownChoice(let text, let name, _): "\"\(text)\" is not a \(name) of a signature"
    }
  }

  /// What to do about it.
  public var hint: String {
    switch code {
    case .unknownVariable(let name, let known):
      let variables = known.map { "{\($0)}" }
      return EditDistance.nearest(to: "{\(name)}", among: variables)
        .map { "did you mean \($0)? known are \(variables.joined(separator: " "))" }
        ?? "known are \(variables.joined(separator: " "))"
    case .unclosedBrace, .strayBrace: return "a literal brace is written twice: {{ or }}"
    case .emptyPayload: return "the default is \(SigningRecipe.standard.payload)"
    case .secretUnused: return "put {secret} into the payload, or use an hmac- digest"
    case .unknownChoice(let text, _, let known):
      return EditDistance.nearest(to: text, among: known)
        .map { "did you mean \($0)? known are \(known.joined(separator: ", "))" }
        ?? "known are \(known.joined(separator: ", "))"
    }
  }

  /// A short name from a fixed set, for metrics.
  public var label: String {
    switch code {
    case .unknownVariable: "signing_variable"
    case .unclosedBrace, .strayBrace: "signing_brace"
    case .emptyPayload: "signing_payload_empty"
    case .secretUnused: "signing_secret_unused"
    case .unknownChoice: "signing_choice"
    }
  }
}

import Catalogue
import Redaction

/// Why a callback recipe cannot be used: what a user wrote wrong in its configuration.
public struct CallbackRecipeError: Error, Hashable, Sendable, CustomStringConvertible {
  private enum Code: Hashable, Sendable {
    case noBase
    case unknownBase(String)
    case unusableTemplate(SigningRecipeError)
    case messageUnused
  }
  private let code: Code

  /// No base is accepted.
  public static let noBase = Self(code: .noBase)
  static func unknownBase(_ name: String) -> Self { Self(code: .unknownBase(redact(name))) }
  static func unusableTemplate(_ error: SigningRecipeError) -> Self { Self(code: .unusableTemplate(error)) }
  /// Nothing of the message is in the base: its signature would fit any other message as well.
  public static let messageUnused = Self(code: .messageUnused)

  /// What is wrong, for a person.
  public var description: String {
    switch code {
    case .noBase: "no base of a callback's signature is accepted: every callback would be refused"
    case .unknownBase(let name): "\"\(name)\" is not a base of a callback's signature"
    case .unusableTemplate(let error): "the base of a callback's signature: \(error)"
    case .messageUnused: "the base of a callback's signature does not hold the message: it would fit any other as well"
    }
  }

  /// What to do about it.
  public var hint: String {
    let known = CallbackBase.inferred.map(\.name)
    switch code {
    case .noBase: return "leave it out to accept \(known.joined(separator: " and "))"
    case .unknownBase(let name):
      return EditDistance.nearest(to: name, among: known).map { "did you mean \($0)?" }
        ?? "known are \(known.joined(separator: ", ")), and templates such as {access-key}{timestamp}{body}"
    case .unusableTemplate(let error): return error.hint
    case .messageUnused: return "put {body} or {message-body} into it"
    }
  }

  /// A short name from a fixed set, for metrics.
  public var label: String {
    switch code {
    case .noBase: "callback_base_none"
    case .unknownBase: "callback_base_unknown"
    case .unusableTemplate: "callback_base_template"
    case .messageUnused: "callback_base_message"
    }
  }
}

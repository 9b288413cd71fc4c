/// What a callback's signature is made over. The vendor's manual names the digest, and its definition of the base is on
/// no page seen (pandapon.md 2b): both candidates are accepted unless a configuration says which one it is.
public struct CallbackBase: Hashable, Sendable {
  /// The base's text: literal text and `{body}`, `{message-body}`, `{access-key}`, `{timestamp}`, `{secret}`.
  public let template: SigningTemplate

  /// The request's body, byte for byte. Inferred: "the digest is made over the message body" (pandapon.md 2b).
  public static let body = CallbackBase(checked: [.variable(.body)])
  /// The access key and the body, with nothing between. Inferred from the platform upstream (upstream.md 9.1).
  public static let accessKeyAndBody = CallbackBase(checked: [.variable(.accessKey), .variable(.body)])
  /// The candidates that pages speak for.
  public static let inferred: [CallbackBase] = [.body, .accessKeyAndBody]

  init(checked parts: [SigningTemplate.Part]) {
    template = SigningTemplate(parts: parts)
  }

  /// Reads a base: `body`, `access-key+body`, in either case, or a template.
  ///
  /// - Throws: `CallbackRecipeError` for an unknown name, a template that cannot be read, or one without the message:
  ///   its signature would fit any other message as well.
  public init(parsing text: String) throws(CallbackRecipeError) {
    if let known = Self.inferred.first(where: { $0.name == text.lowercased() }) {
      self = known
      return
    }
    guard text.contains("{") else { throw .unknownBase(text) }
    do {
      template = try SigningTemplate(parsing: text, allowing: .ofCallbacks)
    } catch {
      throw .unusableTemplate(error)
    }
    guard template.uses(.body) || template.uses(.messageBody) else { throw .messageUnused }
  }

  /// As a configuration and a metric name it: `body`, `access-key+body`, else the template.
  public var name: String {
    switch self {
    case .body: "body"
    case .accessKeyAndBody: "access-key+body"
    default: template.description
    }
  }
}

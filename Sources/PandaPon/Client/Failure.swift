import Redaction

/// Why an operation did not succeed: for the script (`code`), for a person (`message`, `hint`), for metrics (`label`).
public struct Failure: Error, Sendable, Hashable {
  /// What a script can tell apart: the `code` of its error.
  public struct Code: Hashable, Sendable, CustomStringConvertible {
    private let name: String

    /// The API said no: it understood, and did not do it.
    public static let rejected = Code(name: "rejected")
    /// What the operation is about does not exist.
    public static let notFound = Code(name: "not_found")
    /// The request could not be made of what was given; nothing was sent.
    public static let invalid = Code(name: "invalid")
    /// The API could not be reached, or gave no usable answer.
    public static let unavailable = Code(name: "unavailable")
    /// A write may or may not have taken effect.
    public static let inDoubt = Code(name: "in_doubt")
    /// The profile does not allow this operation at this base URL; nothing was sent.
    public static let refusedByPolicy = Code(name: "refused_by_policy")
    /// The API does not accept the credentials or the signature; nothing was executed.
    public static let unauthorized = Code(name: "unauthorized")
    /// The API's rate limit; nothing was executed.
    public static let rateLimited = Code(name: "rate_limited")

    /// The code as scripts see it.
    public var description: String { name }
  }

  /// What a script can tell apart.
  public let code: Code
  /// The `code` of the API's answer, where it had one.
  public let apiCode: Int?
  /// What went wrong, for a person; secrets are hidden.
  public let message: String
  /// What to do about it; secrets are hidden.
  public let hint: String?
  /// The API's id of the request, where it gave one: what its support asks for.
  public let requestID: String?
  /// How long the API asked to wait, where it did and the client did not wait itself: a reason to park the run.
  public let retryAfter: Duration?
  /// A short name from a fixed set, for metrics.
  public let label: String
  /// How often the request was sent.
  public var attempts: Int

  /// A failure of these parts. Texts pass the `Redaction` room on their way in.
  public init(
    _ code: Code, _ message: String, hint: String? = nil, label: String, apiCode: Int? = nil,
    requestID: String? = nil, retryAfter: Duration? = nil, attempts: Int = 0
  ) {
    self.code = code
    self.apiCode = apiCode
    self.message = redact(message)
    self.hint = hint.map { redact($0) }
    self.requestID = requestID.map { redact($0) }
    self.retryAfter = retryAfter
    self.label = label
    self.attempts = attempts
  }
}

extension Failure: CustomStringConvertible {
  /// The message, with the API's own code where it gave one.
  public var description: String {
    apiCode.map { "\(message) (code \($0))" } ?? message
  }
}

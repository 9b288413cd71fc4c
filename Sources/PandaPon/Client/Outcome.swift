public import JSON

/// What became of an operation: every exchange ends as exactly one of these.
///
/// In a block of its own: it passes through the frames of many tasks, and each would have room for the largest case.
public indirect enum Outcome: Sendable {
  /// The API answered with success. Whether a write took effect is for the catalogue to judge from the answer.
  case ok(Answer)
  /// The API refused; nothing took effect.
  case rejected(Failure)
  /// Nothing was executed: the request never left, or was answered with 401 or 429, which mean just that
  /// (decisions.md, "Effects").
  case notSent(Failure)
  /// No usable answer. A write may have taken effect; for a read it only means that there is no answer.
  case unknown(Failure)

  /// The failure, where there is one.
  public var failure: Failure? {
    switch self {
    case .ok: nil
    case .rejected(let failure), .notSent(let failure), .unknown(let failure): failure
    }
  }
}

/// A successful answer.
public struct Answer: Sendable {
  /// The payload, as the catalogue decodes it; secrets in it are handles.
  public var data: JSON
  /// The `code` of the envelope.
  public var code: Int?
  /// The `msg` of the envelope.
  public var message: String?
  /// The API's id of the request.
  public var requestID: String?
  /// How often the request was sent: 1 unless a read was repeated or a request was not executed at first.
  public var attempts: Int
  /// The secrets that stood in the answer; each is in ``data`` by its handle only.
  public var secrets: [SecretBox]

  /// An answer of these parts.
  public init(
    data: JSON, code: Int? = nil, message: String? = nil, requestID: String? = nil, attempts: Int = 1,
    secrets: [SecretBox] = []
  ) {
    (self.data, self.code, self.message, self.requestID) = (data, code, message, requestID)
    (self.attempts, self.secrets) = (attempts, secrets)
  }
}

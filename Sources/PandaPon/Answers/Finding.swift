import JSON

/// What one exchange came to, before it is known whether it is repeated: the class of what happened, with its facts.
struct Finding: Sendable {
  enum Class: Hashable, Sendable {
    /// The envelope says success.
    case success
    /// The API understood and refused.
    case refused
    /// Answered, but not executed: 401, by status or by code.
    case unauthorized
    /// Answered, but not executed: 429, by status or by code.
    case limited
    /// Not one byte left, and trying again may help (or not).
    case unsent(transient: Bool)
    /// No usable answer, and trying again may help (or not).
    case unclear(transient: Bool)
  }

  var kind: Class
  /// How long the API asks to wait before the next request.
  var retryAfter: Duration?
  /// The envelope, for a success.
  var envelope: Envelope?
  /// What went wrong, for anything else.
  var failure: Failure?

  /// Whether the request may be sent again.
  func mayRepeat(write: Bool) -> Bool {
    switch kind {
    case .success, .refused, .unauthorized: false
    case .limited: true
    case .unsent(let transient): transient && !write
    case .unclear(let transient): transient && !write
    }
  }

  /// Whether the answer shows that the API took the signature: it did what it was asked, or said itself why not.
  var isAuthorized: Bool { kind == .success || kind == .refused && failure?.apiCode != nil }

  /// What is returned when the request is not sent again.
  func outcome(write: Bool, attempts: Int) -> Outcome {
    if kind == .success, let envelope {
      return .ok(
        Answer(
          data: envelope.data, code: envelope.code, message: envelope.message, requestID: envelope.requestID,
          attempts: attempts))
    }
    var failure = failure ?? Failure(.unavailable, "no answer", label: "no_answer")
    failure.attempts = attempts
    switch kind {
    case .success, .refused: return .rejected(failure)
    case .unauthorized, .limited, .unsent: return .notSent(failure)
    case .unclear: return .unknown(write ? failure.inDoubt : failure)
    }
  }
}

extension Failure {
  /// The same failure of a write that may have taken effect.
  fileprivate var inDoubt: Failure {
    Failure(
      .inDoubt, message, hint: hint, label: label, apiCode: apiCode, requestID: requestID, retryAfter: retryAfter,
      attempts: attempts)
  }
}

/// The life of one request: how often it is sent, and what is returned in the end.
///
/// A value that does no I/O: each method takes what happened and returns what to do. A read is repeated after anything
/// that may pass. A write is repeated only after an answer that means "not executed" (429); after anything else that is
/// not an answer, it may have taken effect, and repeating it is not for the client to decide. A 401 means "not executed"
/// as well, and is repeated with other credentials only: the same ones would be refused again.
struct Attempts {
  enum Action {
    /// Wait so long, then send again, with a new nonce and timestamp.
    case wait(Duration)
    /// Send again at once, signed with credentials that were not refused yet; where there are none, this is what became
    /// of it.
    case renew(otherwise: Outcome)
    /// This is what became of it.
    case finish(Outcome)
  }

  let policy: RetryPolicy
  let isWrite: Bool
  private(set) var count = 0
  private var renewals = 0

  /// How often a request is signed anew with other credentials: more than one secret is hardly reset while it is on its
  /// way.
  static let mostRenewals = 8

  init(policy: RetryPolicy, isWrite: Bool) {
    self.policy = policy
    self.isWrite = isWrite
  }

  /// An attempt begins.
  mutating func begin() {
    count += 1
  }

  /// The next attempt has other credentials; it does not count as a repetition.
  mutating func renew() {
    renewals += 1
  }

  /// An attempt ended.
  ///
  /// - Parameters:
  ///   - elapsed: the time since the first attempt began.
  ///   - fraction: a random number in `0..<1`, for the jitter.
  func next(after finding: Finding, elapsed: Duration, fraction: @autoclosure () -> Double) -> Action {
    if finding.kind == .unauthorized, renewals < Self.mostRenewals { return .renew(otherwise: outcome(of: finding)) }
    guard finding.mayRepeat(write: isWrite), count - renewals < policy.attempts else {
      return .finish(outcome(of: finding))
    }
    let wait: Duration
    if let asked = finding.retryAfter {
      guard asked <= policy.longestRetryAfter else { return .finish(outcome(of: finding)) }
      // A little later than asked, so that many callers do not come back at the same instant.
      wait = asked + policy.base * fraction()
    } else {
      wait = backoff(fraction())
    }
    guard elapsed + wait < policy.total else { return .finish(outcome(of: finding)) }
    return .wait(wait)
  }

  /// Doubles with each attempt up to the cap, and is then spread over the upper half.
  private func backoff(_ fraction: Double) -> Duration {
    let doubled = policy.base * Double(1 << min(max(count, 1) - 1, 20))
    return min(doubled, policy.cap) * (0.5 + fraction / 2)
  }

  /// What is returned where the request is not sent again.
  func outcome(of finding: Finding) -> Outcome {
    finding.outcome(write: isWrite, attempts: count)
  }
}

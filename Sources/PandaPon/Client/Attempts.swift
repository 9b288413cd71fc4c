/// The life of one request: how often it is sent, and what is returned in the end.
///
/// A value that does no I/O: each method takes what happened and returns what to do. A read is repeated after anything
/// that may pass. A write is repeated only after an answer that means "not executed" (429); after anything else that is
/// not an answer, it may have taken effect, and repeating it is not for the client to decide. A 401 is never repeated:
/// every attempt is signed anew anyway, so the same key and recipe would be refused again.
struct Attempts {
  enum Action {
    /// Wait so long, then send again, with a new nonce and timestamp.
    case wait(Duration)
    /// This is what became of it.
    case finish(Outcome)
  }

  let policy: RetryPolicy
  let isWrite: Bool
  private(set) var count = 0

  init(policy: RetryPolicy, isWrite: Bool) {
    self.policy = policy
    self.isWrite = isWrite
  }

  /// An attempt begins.
  mutating func begin() {
    count += 1
  }

  /// An attempt ended.
  ///
  /// - Parameters:
  ///   - elapsed: the time since the first attempt began.
  ///   - fraction: a random number in `0..<1`, for the jitter.
  func next(after finding: Finding, elapsed: Duration, fraction: @autoclosure () -> Double) -> Action {
    guard finding.mayRepeat(write: isWrite), count < policy.attempts else { return .finish(outcome(of: finding)) }
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

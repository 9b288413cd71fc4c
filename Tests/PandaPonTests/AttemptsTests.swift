import Testing

@testable import PandaPon

/// The life of one request, as a value: no clock, no network.
@Suite struct AttemptsTests {
  static func finding(_ kind: Finding.Class, retryAfter: Duration? = nil) -> Finding {
    Finding(kind: kind, retryAfter: retryAfter, failure: Failure(.unavailable, "x", label: "x"))
  }

  static func wait(_ action: Attempts.Action) -> Duration? {
    if case .wait(let time) = action { time } else { nil }
  }

  static func name(_ action: Attempts.Action) -> String {
    switch action {
    case .wait: "wait"
    case .renew(let outcome): "renew, else \(name(outcome))"
    case .finish(let outcome): name(outcome)
    }
  }

  private static func name(_ outcome: Outcome) -> String {
    switch outcome {
    case .ok: "ok"
    case .rejected: "rejected"
    case .notSent: "not_sent"
    case .unknown(let failure): "unknown \(failure.code)"
    }
  }

  /// After the first attempt: what a read does, what a write does.
  @Test(arguments: [
    (Finding.Class.refused, "rejected", "rejected"),
    (.unauthorized, "renew, else not_sent", "renew, else not_sent"),
    (.limited, "wait", "wait"),
    (.unsent(transient: true), "wait", "not_sent"),
    (.unsent(transient: false), "not_sent", "not_sent"),
    (.unclear(transient: true), "wait", "unknown in_doubt"),
    (.unclear(transient: false), "unknown unavailable", "unknown in_doubt"),
  ])
  func repeatsOnlyWhatMayBeRepeated(_ kind: Finding.Class, read: String, write: String) {
    for (isWrite, expected) in [(false, read), (true, write)] {
      var attempts = Attempts(policy: RetryPolicy(), isWrite: isWrite)
      attempts.begin()
      #expect(Self.name(attempts.next(after: Self.finding(kind), elapsed: .zero, fraction: 0)) == expected)
    }
  }

  @Test func waitsDoubleUpToTheCapWithinTheirJitter() {
    let policy = RetryPolicy(attempts: 8, total: .seconds(1000), base: .milliseconds(250), cap: .seconds(2))
    var attempts = Attempts(policy: policy, isWrite: false)
    for expected in [250, 500, 1000, 2000, 2000, 2000, 2000] {
      attempts.begin()
      let finding = Self.finding(.unclear(transient: true))
      let shortest = Self.wait(attempts.next(after: finding, elapsed: .zero, fraction: 0))
      let longest = Self.wait(attempts.next(after: finding, elapsed: .zero, fraction: 1))
      #expect(shortest == .milliseconds(expected) / 2)
      #expect(longest == .milliseconds(expected))
    }
    attempts.begin()
    let last = attempts.next(after: Self.finding(.unclear(transient: true)), elapsed: .zero, fraction: 0)
    #expect(Self.name(last) == "unknown unavailable")
    #expect(attempts.count == 8)
  }

  @Test func noAttemptBeginsAfterTheTotalTime() {
    var attempts = Attempts(policy: RetryPolicy(total: .seconds(10)), isWrite: false)
    attempts.begin()
    let finding = Self.finding(.unclear(transient: true))
    #expect(Self.wait(attempts.next(after: finding, elapsed: .seconds(9), fraction: 0)) != nil)
    #expect(Self.wait(attempts.next(after: finding, elapsed: .seconds(10), fraction: 0)) == nil)
  }

  @Test(arguments: [false, true])
  func honoursRetryAfterUpToItsLimit(isWrite: Bool) {
    var attempts = Attempts(policy: RetryPolicy(), isWrite: isWrite)
    attempts.begin()
    let short = attempts.next(after: Self.finding(.limited, retryAfter: .seconds(7)), elapsed: .zero, fraction: 0)
    #expect(Self.wait(short) == .seconds(7))
    let long = attempts.next(after: Self.finding(.limited, retryAfter: .seconds(31)), elapsed: .zero, fraction: 0)
    #expect(Self.name(long) == "not_sent")
  }

  @Test func credentialsAreRenewedOnlySoOftenAndCountAsNoRepetition() {
    var attempts = Attempts(policy: RetryPolicy(attempts: 2), isWrite: false)
    for _ in 0..<Attempts.mostRenewals {
      attempts.begin()
      #expect(
        Self.name(attempts.next(after: Self.finding(.unauthorized), elapsed: .zero, fraction: 0))
          == "renew, else not_sent")
      attempts.renew()
    }
    attempts.begin()
    #expect(Self.name(attempts.next(after: Self.finding(.limited), elapsed: .zero, fraction: 0)) == "wait")
    #expect(Self.name(attempts.next(after: Self.finding(.unauthorized), elapsed: .zero, fraction: 0)) == "not_sent")
  }

  @Test func theOutcomeKnowsHowOftenItWasSent() {
    var attempts = Attempts(policy: RetryPolicy(attempts: 2), isWrite: true)
    attempts.begin()
    attempts.begin()
    let action = attempts.next(after: Self.finding(.limited), elapsed: .zero, fraction: 0)
    guard case .finish(.notSent(let failure)) = action else { return #expect(Bool(false), "not finished") }
    #expect(failure.attempts == 2)
  }
}

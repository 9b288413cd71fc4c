/// How often and how long a request is repeated, where it may be repeated at all.
public struct RetryPolicy: Hashable, Sendable {
  /// How often a request is sent at most, the first time included.
  public var attempts: Int
  /// How much time all attempts and the waits between them may take together; no new one is begun after it.
  public var total: Duration
  /// The wait before the first repetition; it doubles with each.
  public var base: Duration
  /// The longest wait of the client's own choosing.
  public var cap: Duration
  /// The longest `Retry-After` that is waited for here; a longer one is returned to the caller, which can park the run.
  public var longestRetryAfter: Duration

  /// A policy of these parts.
  public init(
    attempts: Int = 4, total: Duration = .seconds(90), base: Duration = .milliseconds(250),
    cap: Duration = .seconds(8), longestRetryAfter: Duration = .seconds(30)
  ) {
    (self.attempts, self.total, self.base, self.cap) = (attempts, total, base, cap)
    self.longestRetryAfter = longestRetryAfter
  }

  /// Everything is sent once.
  public static let once = RetryPolicy(attempts: 1)
}

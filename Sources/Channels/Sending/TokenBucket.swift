/// A channel's rate limit as a value: a token a message, a burst of a few, and nothing while the service asked to wait.
///
/// Times are milliseconds of one clock. A clock that goes back gives no tokens, and takes none.
struct TokenBucket {
  private let pace: Pace
  private var tokens: Double
  private var seen: Int64
  private var closedUntil: Int64 = .min

  init(_ pace: Pace, now: Int64) {
    self.pace = pace
    tokens = Double(pace.burst)
    seen = now
  }

  /// Takes a token.
  ///
  /// - Returns: nil where there was one; else when to ask again.
  mutating func take(now: Int64) -> Int64? {
    refill(now: now)
    if now < closedUntil { return closedUntil }
    // A little less than a whole one: what is left of rounding is no message.
    guard tokens < 1 - 1e-9 else {
      tokens = max(0, tokens - 1)
      return nil
    }
    return now + max(1, Int64(((1 - tokens) * 60_000 / Double(pace.perMinute)).rounded(.up)))
  }

  /// The service asked to be left alone until then.
  mutating func close(until instant: Int64) {
    closedUntil = max(closedUntil, instant)
    tokens = min(tokens, 1)
  }

  private mutating func refill(now: Int64) {
    tokens = min(Double(pace.burst), tokens + Double(max(0, now - seen)) * Double(pace.perMinute) / 60_000)
    seen = now
  }
}

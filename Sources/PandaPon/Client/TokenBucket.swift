/// A rate limit as a value: so many requests a second, with a burst of as many, closed for a while when the API says so.
///
/// It gives out places in the future instead of refusing, so that those who wait are served in turn.
struct TokenBucket {
  /// Requests a second.
  let rate: Double
  /// How many requests may follow each other at once after a quiet time.
  let burst: Double
  /// The instant at which the next place would be if every one so far had come evenly.
  private var next: Duration
  private(set) var closedUntil: Duration

  /// - Precondition: `rate` and `burst` are positive; others are taken as the smallest that works.
  init(rate: Double, burst: Double, now: Duration) {
    self.rate = max(rate, 0.001)
    self.burst = max(burst, 1)
    next = now - .seconds((self.burst - 1) / self.rate)
    closedUntil = next
  }

  /// Takes the next place and returns how long it is until then; zero where it is now.
  mutating func take(now: Duration) -> Duration {
    let earliest = now - .seconds((burst - 1) / rate)
    let place = max(next, earliest, closedUntil)
    next = place + .seconds(1 / rate)
    return max(place - now, .zero)
  }

  /// Gives out no place before that much time has passed, and no burst after it.
  mutating func close(for time: Duration, now: Duration) {
    closedUntil = max(closedUntil, now + time)
    next = max(next, closedUntil)
  }
}

public import Journal
import Synchronization

/// The time of a plan: it begins with the time of another clock, and sleeps take none of it.
public final class PlanClock: RunClock {
  private let base: any RunClock
  private let ahead = Mutex<Milliseconds>(0)

  /// A clock that goes with that one until something sleeps.
  public init(over base: any RunClock) {
    self.base = base
  }

  public func now() -> Milliseconds {
    base.now() + ahead.withLock(\.self)
  }

  /// Is there at once: the clock then shows that instant.
  public func sleep(until instant: Milliseconds) async throws {
    try Task.checkCancellation()
    let now = base.now()
    ahead.withLock { $0 = max($0, instant - now) }
  }
}

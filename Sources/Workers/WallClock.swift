public import Journal
public import Playbooks

#if canImport(Glibc)
  import Glibc
#else
  import Musl
#endif

/// The machine's wall clock, which people and time servers set: what schedules go by.
///
/// A run's own time never goes back (``SystemClock``); a schedule's does where the clock is set back, and its ledger keeps
/// it from running twice.
public struct WallClock: RunClock {
  /// The longest sleep without a look at the clock, which may have been set meanwhile. In milliseconds.
  private static let slice: Milliseconds = 30_000

  /// A clock that tells the machine's time.
  public init() {}

  public func now() -> Milliseconds {
    var time = timespec()
    clock_gettime(CLOCK_REALTIME, &time)
    return Milliseconds(time.tv_sec) * 1000 + Milliseconds(time.tv_nsec) / 1_000_000
  }

  public func sleep(until instant: Milliseconds) async throws {
    while true {
      let rest = instant - now()
      guard rest > 0 else { return }
      // No more than a millisecond late: the default lets the system gather timers.
      try await Task.sleep(for: .milliseconds(min(rest, Self.slice)), tolerance: .zero)
    }
  }
}

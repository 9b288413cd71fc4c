import Journal
import Marketplace
import Playbooks

/// A clock that runs many times as fast as the machine's, in step with the simulator's in another process: so sleeps of
/// minutes, and the time after which *not done* is believed, pass within milliseconds.
struct FastClock: RunClock {
  /// What it showed at `origin`, in ms since 1970.
  let start: Milliseconds
  /// The machine's uptime at that moment, in microseconds.
  let origin: Int64
  /// How many times as fast it runs.
  let factor: Int64

  func now() -> Milliseconds {
    start + (MarketplaceClock.uptime - origin) * factor / 1000
  }

  func sleep(until instant: Milliseconds) async throws {
    let rest = max(0, instant - now())
    try await ContinuousClock().sleep(for: .microseconds(rest * 1000 / factor + 1))
  }

  /// How long a stretch of this clock's time takes on the machine.
  func real(_ duration: Duration) -> Duration { duration / Int(factor) }
}

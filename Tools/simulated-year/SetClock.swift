import Journal
import Playbooks
import Synchronization

/// A clock that somebody sets, forward and back.
final class SetClock: RunClock {
  private let instant: Mutex<Milliseconds>

  init(_ instant: Milliseconds) { self.instant = Mutex(instant) }

  func now() -> Milliseconds { instant.withLock(\.self) }

  func sleep(until instant: Milliseconds) async throws { self.instant.withLock { $0 = max($0, instant) } }

  func set(_ instant: Milliseconds) { self.instant.withLock { $0 = instant } }
}

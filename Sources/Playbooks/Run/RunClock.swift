public import Journal
import Synchronization

#if canImport(Glibc)
  import Glibc
#else
  import Musl
#endif

/// The time a run lives in; injected, so that tests and simulations decide it.
public protocol RunClock: Sendable {
  /// Milliseconds since 1970.
  func now() -> Milliseconds
  /// Waits until that instant; throws `CancellationError` where the task is cancelled.
  func sleep(until instant: Milliseconds) async throws
}

/// The machine's clock.
public struct SystemClock: RunClock {
  /// A clock that tells the machine's time.
  public init() {}

  public func now() -> Milliseconds {
    let clock = ContinuousClock.now - Self.origin.uptime
    return Self.origin.milliseconds + Milliseconds(clock / .milliseconds(1))
  }

  public func sleep(until instant: Milliseconds) async throws {
    try await ContinuousClock().sleep(for: .milliseconds(max(0, instant - now())))
  }

  /// Read once, and from then on counted by a clock that never goes back: a run's time must not decrease.
  private static let origin = (uptime: ContinuousClock.now, milliseconds: wallClock())

  private static func wallClock() -> Milliseconds {
    var time = timespec()
    clock_gettime(CLOCK_REALTIME, &time)
    return Milliseconds(time.tv_sec) * 1000 + Milliseconds(time.tv_nsec) / 1_000_000
  }
}

/// A clock that stands still but for sleeps, which take no time: for tests, backtests and simulated worlds.
public final class VirtualClock: RunClock {
  private let instant: Mutex<Milliseconds>

  /// A clock that shows that instant.
  public init(_ instant: Milliseconds) {
    self.instant = Mutex(instant)
  }

  public func now() -> Milliseconds {
    instant.withLock(\.self)
  }

  public func sleep(until instant: Milliseconds) async throws {
    try Task.checkCancellation()
    self.instant.withLock { $0 = max($0, instant) }
  }

  /// Moves time on by that many milliseconds.
  public func advance(by milliseconds: Milliseconds) {
    instant.withLock { $0 += milliseconds }
  }
}

import Journal
import Marketplace
import Playbooks

/// The time of one test: it stands still but for short waits, which take no time and take the marketplace along.
///
/// A wait of over a minute lasts until it is cancelled: the run leaves memory over it, and the test moves time on. So a
/// branch that sleeps for hours does not take along one that sleeps for seconds.
final class TestClock: RunClock {
  private static let longest: Milliseconds = 60_000

  private let clock: VirtualClock
  private let marketplace: Marketplace

  init(_ marketplace: Marketplace, at instant: Milliseconds) {
    self.marketplace = marketplace
    clock = VirtualClock(instant)
  }

  func now() -> Milliseconds { clock.now() }

  func sleep(until instant: Milliseconds) async throws {
    if instant - now() > Self.longest { return try await Task.sleep(for: .seconds(86_400)) }
    try await clock.sleep(until: instant)
    _ = await marketplace.move(to: clock.now())
  }

  /// Moves time on, and the marketplace with it; an earlier instant changes nothing.
  func move(to instant: Milliseconds) async {
    clock.advance(by: max(0, instant - now()))
    _ = await marketplace.move(to: clock.now())
  }
}

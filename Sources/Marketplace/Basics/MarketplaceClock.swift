import FoundationEssentials
import Glibc

/// Where a simulated marketplace takes its time from; it moves only as the clock says.
public struct MarketplaceClock: Sendable, Hashable {
  private enum Base: Sendable, Hashable {
    case machine
    case still(Int64)
    case fast(start: Int64, origin: Int64, factor: Int64)
  }

  private var base: Base
  private var offset: Int64 = 0

  /// The machine's clock.
  public static let real = MarketplaceClock(base: .machine)

  /// A clock that stands at an instant (ms since 1970) until it is moved.
  public static func fixed(_ instant: Int64) -> MarketplaceClock {
    MarketplaceClock(base: .still(instant))
  }

  /// A clock that showed `start` (ms since 1970) when the machine had been up for `origin` microseconds, and runs that
  /// many times as fast as the machine's: processes that are given the same numbers agree about the time.
  public static func fast(from start: Int64, at origin: Int64, times factor: Int64) -> MarketplaceClock {
    MarketplaceClock(base: .fast(start: start, origin: origin, factor: factor))
  }

  /// How long the machine has been up, in microseconds; the same in every process.
  public static var uptime: Int64 {
    var time = timespec()
    clock_gettime(CLOCK_MONOTONIC, &time)
    return Int64(time.tv_sec) * 1_000_000 + Int64(time.tv_nsec) / 1000
  }

  private init(base: Base) {
    self.base = base
  }

  /// A clock that stands at an RFC 3339 instant, e.g. `2026-11-01T00:00:00Z`; nil where the text is none.
  public init?(at text: String) {
    guard let instant = CivilTime.parse(text) else { return nil }
    self = .fixed(instant)
  }

  /// The instant it shows, in ms since 1970.
  public var now: Int64 {
    switch base {
    case .machine: MarketplaceClock.machineTime + offset
    case .still(let instant): instant + offset
    case .fast(let start, let origin, let factor):
      start + (MarketplaceClock.uptime - origin) * factor / 1000 + offset
    }
  }

  /// Moves the clock on by milliseconds.
  public mutating func advance(by milliseconds: Int64) {
    offset += milliseconds
  }

  /// Moves the clock to an instant, in ms since 1970.
  public mutating func move(to instant: Int64) {
    offset += instant - now
  }

  /// The machine's time in ms since 1970.
  static var machineTime: Int64 {
    Int64((Date().timeIntervalSince1970 * 1000).rounded(.down))
  }
}

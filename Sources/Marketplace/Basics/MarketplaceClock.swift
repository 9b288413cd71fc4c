import FoundationEssentials

/// Where a simulated marketplace takes its time from; it moves only as the clock says.
public struct MarketplaceClock: Sendable, Hashable {
  private enum Base: Sendable, Hashable {
    case machine
    case still(Int64)
  }

  private var base: Base
  private var offset: Int64 = 0

  /// The machine's clock.
  public static let real = MarketplaceClock(base: .machine)

  /// A clock that stands at an instant (ms since 1970) until it is moved.
  public static func fixed(_ instant: Int64) -> MarketplaceClock {
    MarketplaceClock(base: .still(instant))
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

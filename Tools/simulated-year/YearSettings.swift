import Foundation

/// What a simulated year consists of.
public struct YearSettings: Sendable {
  /// The calendar year, in UTC.
  public var year = 2026
  /// A part of it, e.g. the months in which many clocks are changed; the days of the year that it begins and ends with.
  public var days: ClosedRange<Int> = 1...366
  /// Three schedules for each.
  public var zones = YearSettings.zones
  public var schedulesPerZone = 3
  public var seed: UInt64 = 1
  /// What is done wrong on purpose.
  public var sabotage: Sabotage?

  /// 2026 as a whole, in 40 zones.
  public init() {}

  /// Zones with daylight saving time of a whole hour and of half of one, on either half of the globe, around midnight, around
  /// Ramadan, with odd offsets, and without any.
  public static let zones = [
    "Asia/Shanghai", "America/New_York", "Europe/Paris", "Australia/Lord_Howe", "America/St_Johns", "Africa/Casablanca",
    "Asia/Kathmandu", "Pacific/Chatham", "America/Sao_Paulo", "Europe/London", "Asia/Tehran", "America/Santiago",
    "Pacific/Auckland", "Africa/Cairo", "Asia/Gaza", "America/Havana", "Atlantic/Azores", "Europe/Chisinau",
    "America/Nuuk", "Asia/Beirut", "Antarctica/Troll", "America/Los_Angeles", "Asia/Kolkata", "Australia/Adelaide",
    "Pacific/Apia", "Europe/Moscow", "America/Asuncion", "Africa/Lagos", "Asia/Tokyo", "America/Caracas",
    "Pacific/Kiritimati", "Pacific/Marquesas", "Asia/Pyongyang", "Europe/Dublin", "America/Anchorage", "Indian/Cocos",
    "Africa/El_Aaiun", "America/Phoenix", "Australia/Eucla", "UTC",
  ]

  /// The instants at which it begins and ends, in milliseconds since 1970.
  var span: ClosedRange<Int64> {
    var calendar = Calendar(identifier: .gregorian)
    calendar.timeZone = .gmt
    func start(_ year: Int) -> Int64 {
      let date = calendar.date(from: DateComponents(year: year, month: 1, day: 1)) ?? Date(timeIntervalSince1970: 0)
      return Int64(date.timeIntervalSince1970) * 1000
    }
    let first = start(year) + Int64(days.lowerBound - 1) * 86_400_000
    return first...min(start(year + 1), start(year) + Int64(days.upperBound) * 86_400_000) - 1
  }
}

/// Something that is done wrong on purpose: a proof that cannot fail proves nothing.
public enum Sabotage: String, CaseIterable, Sendable {
  /// A schedule is edited without accounting for what was due before: rows are missing.
  case drop
  /// The run of an occurrence is started again beside the ledger.
  case double
  /// A row is written for an instant at which nothing was due.
  case invent
}

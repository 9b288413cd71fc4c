/// Instants and times of a clock as text.
enum ClockText {
  /// An instant in UTC: `2026-11-11T01:30:00Z`; with milliseconds where it has any.
  static func utc(_ instant: Int64) -> String {
    let fraction = instant.flooredRemainder(1000)
    let seconds = instant.flooredQuotient(1000).flooredRemainder(60)
    return date(instant) + "T" + time(instant) + ":" + seconds.padded(2)
      + (fraction == 0 ? "" : ".\(fraction.padded(3))")
      + "Z"
  }

  /// The date of milliseconds on a clock: `2026-11-01`.
  static func date(_ wall: Int64) -> String { CivilDate(dayNumber: wall.dayNumber).description }

  /// The time of day of milliseconds on a clock: `01:30`.
  static func time(_ wall: Int64) -> String {
    let minute = wall.flooredQuotient(Era.minute).flooredRemainder(1440)
    return "\((minute / 60).padded(2)):\((minute % 60).padded(2))"
  }
}

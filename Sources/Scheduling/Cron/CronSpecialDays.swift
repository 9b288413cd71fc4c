/// Days of a cron expression whose date depends on the month: `L`, `L-3`, `15W`, `LW`, `5L`, `MON#2`.
struct CronSpecialDays: Hashable, Sendable {
  /// Bit k: the day k days before the last.
  var fromLast: UInt32 = 0
  /// Bit d: the weekday (Monday to Friday) of the month nearest to day d.
  var nearestWeekday: UInt32 = 0
  /// The last weekday of the month.
  var lastWeekday = false
  /// Bit w: the last day w of the week in the month; 0 is Sunday.
  var lastOfWeekday: UInt8 = 0
  /// Bit 7 (n - 1) + w: the nth day w of the week in the month.
  var nthOfWeekday: UInt64 = 0

  /// Those of the field of days of the month, as bits of a month's days.
  ///
  /// - Parameters:
  ///   - first: the day of the week of the month's first day; 0 is Sunday.
  ///   - length: how many days the month has.
  func daysOfMonth(first: Int, length: Int) -> UInt32 {
    var days: UInt32 = 0
    for back in 0..<length where fromLast & (1 << UInt32(back)) != 0 { days |= 1 << UInt32(length - back) }
    for day in 1...length where nearestWeekday & (1 << UInt32(day)) != 0 {
      days |= 1 << UInt32(Self.weekday(nearest: day, first: first, length: length))
    }
    if lastWeekday { days |= 1 << UInt32(Self.weekday(nearest: length, first: first, length: length)) }
    return days
  }

  /// Those of the field of days of the week, likewise.
  func daysOfWeek(first: Int, length: Int) -> UInt32 {
    guard lastOfWeekday != 0 || nthOfWeekday != 0 else { return 0 }
    var days: UInt32 = 0
    for day in 1...length {
      let weekday = (first + day - 1) % 7
      let isLast = day + 7 > length && lastOfWeekday & (1 << UInt8(weekday)) != 0
      let isNth = nthOfWeekday & (1 << UInt64((day - 1) / 7 * 7 + weekday)) != 0
      if isLast || isNth { days |= 1 << UInt32(day) }
    }
    return days
  }

  /// The day from Monday to Friday nearest to a day, inside the month.
  private static func weekday(nearest day: Int, first: Int, length: Int) -> Int {
    switch (first + day - 1) % 7 {
    case 6: day == 1 ? 3 : day - 1
    case 0: day == length ? day - 2 : day + 1
    default: day
    }
  }
}

/// When a schedule runs, in the five fields of cron: minute, hour, day of month, month, day of week.
///
/// Understood are names (`JAN`, `mon`), ranges, steps (`*/15`, `1-30/2`, `5/10` for every ten from five on), lists, `?` as
/// `*` in the fields of days, Sunday as 0 and 7, `L` and `L-3`, `15W` and `LW`, `5L`, `MON#2`, and `@hourly` and kin.
/// As in crontab(5): where both day of month and day of week are restricted, a day that fits either will do, and a field
/// that begins with `*` restricts nothing, so that `*/2` as the day of month has to fit as well.
public struct CronExpression: Hashable, Sendable {
  /// The expression in its canonical form: five fields, one space between them, names in capitals.
  public let text: String
  /// Whether the minute or the hour is a `*`: cron's wildcard jobs, which follow elapsed time through a change of the clock.
  public let isWildcard: Bool

  private let minutes: UInt64
  private let hours: UInt64
  private let daysOfMonth: UInt64
  private let months: UInt64
  private let daysOfWeek: UInt64
  private let special: CronSpecialDays
  /// Whether a day must fit both fields of days.
  private let needsBoth: Bool

  /// Reads an expression.
  ///
  /// - Throws: A ``ScheduleProblem`` that names the field, what was read and what is allowed; also where the expression
  ///   is understood but never matches (`0 0 31 2 *`).
  public init(parsing text: String) throws(ScheduleProblem) {
    let fields = try Self.fields(of: text)
    var readers: [CronFieldReader] = []
    for (field, source) in zip(CronField.allCases, fields) {
      do {
        readers.append(try CronFieldReader(field, source))
      } catch {
        throw ScheduleProblem("cron \(text.quoted): \(error.description)", hint: error.hint)
      }
    }
    self.text = readers.map(\.text).joined(separator: " ")
    (minutes, hours) = (readers[0].bits, readers[1].bits)
    (daysOfMonth, months, daysOfWeek) = (readers[2].bits, readers[3].bits, readers[4].bits)
    isWildcard = readers[0].hasStar || readers[1].hasStar
    needsBoth = readers[2].startsWithStar || readers[4].startsWithStar
    var special = readers[2].special
    special.lastOfWeekday = readers[4].special.lastOfWeekday
    special.nthOfWeekday = readers[4].special.nthOfWeekday
    self.special = special
    // In 28 years every month begins on every day of the week, a leap February included.
    guard (2000..<2028).contains(where: { year in (1...12).contains { days(ofMonth: $0, in: year) != 0 } }) else {
      throw ScheduleProblem(
        "cron \(text.quoted) never runs: day of month \(readers[2].text) does not occur in month \(readers[3].text)",
        hint: "the last day of a month is L")
    }
  }

  private static let order = "minute, hour, day of month, month, day of week"
  private static let named = [
    "@hourly": "0 * * * *", "@daily": "0 0 * * *", "@midnight": "0 0 * * *", "@weekly": "0 0 * * 0",
    "@monthly": "0 0 1 * *", "@yearly": "0 0 1 1 *", "@annually": "0 0 1 1 *",
  ]

  private static func fields(of text: String) throws(ScheduleProblem) -> [Substring] {
    guard text.utf8.count <= 500 else {
      throw ScheduleProblem("cron \(text.quoted) is too long", hint: "500 bytes at most")
    }
    let words = text.split(whereSeparator: \.isWhitespace)
    if let name = words.first?.lowercased(), name.hasPrefix("@") {
      if words.count == 1, let expression = named[name] { return expression.split(separator: " ") }
      let hint =
        switch name {
        case "@reboot": "schedules do not know starts of a machine; a schedule runs at a time, e.g. @daily"
        case "@every": "an interval is no cron expression: every 15m"
        default: "known: " + named.keys.sorted().joined(separator: ", ")
        }
      throw ScheduleProblem("cron \(text.quoted) is not understood", hint: hint)
    }
    guard words.count == CronField.allCases.count else {
      let hint =
        words.count > CronField.allCases.count
        ? "five are read: \(order); there are no seconds (use an interval: every 30s) and no years"
        : "five are read: \(order)"
      throw ScheduleProblem(
        words.isEmpty
          ? "cron: the expression is empty"
          : "cron \(text.quoted) has \(words.count) field\(words.count == 1 ? "" : "s")",
        hint: hint)
    }
    return words
  }

  /// The days of a month that fit, one bit each; bit 1 is the first.
  private func days(ofMonth month: Int, in year: Int) -> UInt32 {
    guard months & (1 << UInt64(month)) != 0 else { return 0 }
    let length = CivilDate.length(ofMonth: month, in: year)
    let first = CivilDate.weekday(ofDayNumber: CivilDate.dayNumber(year, month, 1))
    let plain = UInt32(truncatingIfNeeded: daysOfMonth) | special.daysOfMonth(first: first, length: length)
    // The week's pattern, beginning with the day of the week of the month's first day, five times over.
    let week = (daysOfWeek >> UInt64(first) | daysOfWeek << UInt64(7 - first)) & 0x7F
    let weeks = week | week << 7 | week << 14 | week << 21 | week << 28
    let weekly = UInt32(truncatingIfNeeded: weeks << 1) | special.daysOfWeek(first: first, length: length)
    let most = UInt32(truncatingIfNeeded: (UInt64(1) << UInt64(length + 1)) - 2)
    return (needsBoth ? plain & weekly : plain | weekly) & most
  }

  /// The first minute of a wall clock that fits, from one on and before another; minutes since 1970-01-01 00:00 on it.
  func firstWall(from start: Int, before end: Int, days calendar: DayCalendar?) -> Int? {
    var day = start.flooredQuotient(1440)
    var minute = start - day * 1440
    while day * 1440 + minute < end, let match = firstDay(from: day, through: (end - 1).flooredQuotient(1440), calendar)
    {
      if match > day { minute = 0 }
      if let time = firstTime(from: minute) {
        let wall = match * 1440 + time
        return wall < end ? wall : nil
      }
      day = match + 1
      minute = 0
    }
    return nil
  }

  private func firstDay(from start: Int, through last: Int, _ calendar: DayCalendar?) -> Int? {
    var day = start
    while day <= last {
      let date = CivilDate(dayNumber: day)
      // Day d of the month is `before + d`.
      let before = day - date.day
      var days = days(ofMonth: date.month, in: date.year) & (UInt32.max << UInt32(date.day))
      while days != 0 {
        let match = before + days.trailingZeroBitCount
        guard match <= last else { return nil }
        guard let calendar else { return match }
        guard let open = calendar.firstDay(from: match), open <= last else { return nil }
        if open == match { return match }
        days = open - before > 31 ? 0 : days & (UInt32.max << UInt32(open - before))
      }
      day = before + CivilDate.length(ofMonth: date.month, in: date.year) + 1
    }
    return nil
  }

  /// The first minute of a day that fits, from one on.
  private func firstTime(from start: Int) -> Int? {
    let hour = start / 60
    if hours & (1 << UInt64(hour)) != 0 {
      let rest = minutes >> UInt64(start % 60)
      if rest != 0 { return start + rest.trailingZeroBitCount }
    }
    let later = hours >> UInt64(hour + 1)
    return later == 0 ? nil : (hour + 1 + later.trailingZeroBitCount) * 60 + minutes.trailingZeroBitCount
  }
}

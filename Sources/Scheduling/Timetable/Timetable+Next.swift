extension Timetable {
  /// How far ahead ``next(after:)`` looks: 41 years, since a 29 February on a given day of the week comes after 28 years,
  /// and after 40 across a year such as 2100.
  private static let reach: Int64 = 41 * 366 * Era.day

  /// The first occurrence strictly after an instant, both in milliseconds since 1970; nil where there is none within 41
  /// years.
  public func next(after instant: Int64) -> Int64? {
    guard instant < Era.instants.upperBound else { return nil }
    let instant = max(instant, Era.instants.lowerBound)
    if case .once(let only) = rule { return only > instant ? only : nil }
    return first(after: instant, through: min(instant + Self.reach, Era.instants.upperBound - 1))
  }

  /// All occurrences after one instant and up to another, which is included; each is found when it is asked for.
  public func occurrences(after: Int64, through: Int64) -> OccurrenceSequence {
    OccurrenceSequence(timetable: self, after: after, through: through)
  }

  /// The first occurrence after an instant and not later than another.
  func first(after instant: Int64, through last: Int64) -> Int64? {
    switch rule {
    case .cron(let expression): first(of: expression, after: instant, through: last)
    case .every(let interval): first(of: interval, after: instant, through: last)
    case .once(let only): only > instant && only <= last ? only : nil
    }
  }

  private func first(of expression: CronExpression, after instant: Int64, through last: Int64) -> Int64? {
    var index = zone.table.index(at: instant + 1)
    while index < zone.table.count {
      let span = zone.table[index]
      guard span.start <= last else { return nil }
      var wall = max(instant + 1, span.start) + span.offset
      if !expression.isWildcard {
        if instant < span.start, span.passed < wall,
          expression.firstWall(from: span.passed.minutesRoundedUp, before: wall.minutesRoundedUp, days: days) != nil
        {
          return span.start
        }
        wall = max(wall, span.passed)
      }
      let end = min(span.end, last + 1) + span.offset
      if let match = expression.firstWall(from: wall.minutesRoundedUp, before: end.minutesRoundedUp, days: days) {
        return Int64(match) * Era.minute - span.offset
      }
      index += 1
    }
    return nil
  }

  private func first(of interval: Interval, after instant: Int64, through last: Int64) -> Int64? {
    var instant = instant
    while true {
      let next = interval.next(after: instant)
      guard next <= last else { return nil }
      guard let days else { return next }
      let span = zone.table[zone.table.index(at: next)]
      let day = (next + span.offset).dayNumber
      guard let open = days.firstDay(from: day) else { return nil }
      if open == day { return next }
      // To the beginning of the day that counts, but not beyond the span, whose clock says when that is.
      instant = min(Int64(open) * Era.day - span.offset, span.end) - 1
    }
  }
}

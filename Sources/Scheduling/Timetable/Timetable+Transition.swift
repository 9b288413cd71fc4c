extension Timetable {
  /// The zone's first change of offset after an instant, and what it does to this timetable's occurrences; nil where the
  /// zone's clock is not changed any more.
  public func nextTransition(after instant: Int64) -> TransitionEffect? {
    let index = zone.table.index(at: instant) + 1
    guard index < zone.table.count else { return nil }
    let (before, span) = (zone.table[index - 1], zone.table[index])
    let (old, new) = (span.start + before.offset, span.start + span.offset)
    let (kind, walls) = effect(old: old, new: new, passed: span.passed)
    let direction = new > old ? "forward" : "back"
    let date = ClockText.date(old) == ClockText.date(new) ? "" : ClockText.date(new) + " "
    let change =
      "on \(ClockText.date(old)) at \(ClockText.time(old)) the clock of \(zone.id) goes \(direction) to "
      + date + ClockText.time(new)
    return TransitionEffect(
      instant: span.start, offsetBefore: before.offset, offsetAfter: span.offset, kind: kind, count: walls.count,
      description: change + ": " + Self.sentence(kind, walls, end: ClockText.time(new), by: abs(new - old)))
  }

  /// What a change does, and the times of the clock (in minutes) that fit and that it leaves out or brings twice.
  private func effect(old: Int64, new: Int64, passed: Int64) -> (kind: TransitionEffect.Kind, walls: [Int]) {
    switch rule {
    case .once: return (.none, [])
    case .every: return (.elapsed, [])
    case .cron(let expression):
      let seen = expression.isWildcard ? old : passed
      let walls = walls(of: expression, from: min(seen, new).minutesRoundedUp, before: max(seen, new).minutesRoundedUp)
      if walls.isEmpty { return (.none, []) }
      if new > seen { return (expression.isWildcard ? .leavesOut : .runsAfterGap, walls) }
      return (expression.isWildcard ? .repeats : .runsOnce, walls)
    }
  }

  private func walls(of expression: CronExpression, from start: Int, before end: Int) -> [Int] {
    var walls: [Int] = []
    while let next = expression.firstWall(from: (walls.last ?? start - 1) + 1, before: end, days: days) {
      walls.append(next)
    }
    return walls
  }

  private static func sentence(_ kind: TransitionEffect.Kind, _ walls: [Int], end: String, by length: Int64) -> String {
    let named = walls.prefix(3).map { ClockText.time(Int64($0) * Era.minute) }.joined(separator: ", ")
    let times = named + (walls.count > 3 ? " and \(walls.count - 3) more" : "")
    let isOne = walls.count == 1
    switch kind {
    case .none: return "no occurrence is affected"
    case .runsAfterGap:
      return "\(times) \(isOne ? "does" : "do") not exist and \(isOne ? "runs" : "run once,") at \(end)"
    case .runsOnce: return "\(times) \(isOne ? "comes twice and runs" : "come twice and run") once, the first time"
    case .leavesOut:
      return "\(times) \(isOne ? "does not exist and does" : "do not exist and do") not run; elapsed time is followed"
    case .repeats:
      return "\(times) \(isOne ? "comes twice and runs" : "come twice and run") twice; elapsed time is followed"
    case .elapsed:
      return "the interval follows elapsed time; the clock then shows its times shifted by \(Interval.text(length))"
    }
  }
}

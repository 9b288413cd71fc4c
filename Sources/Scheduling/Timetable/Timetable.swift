/// When a playbook should run.
///
/// Through a change of the zone's clock (docs/schedules.md) a cron expression keeps its time of day: a time that the
/// clock leaves out runs at the first instant after the gap, where several of one gap, and one that is due there anyway,
/// are one occurrence; a time that comes twice runs the first time. Expressions with a `*` as minute or hour, and
/// intervals, follow elapsed time instead. This holds for gaps of any length, a whole day included: cron gives up after
/// three hours because it cannot tell a zone's change from a clock that was set, which is known here.
public struct Timetable: Hashable, Sendable {
  /// What an occurrence follows from.
  public enum Rule: Hashable, Sendable {
    /// The minutes of the zone's clock that fit.
    case cron(CronExpression)
    /// Every so much elapsed time.
    case every(Interval)
    /// One instant, in milliseconds since 1970.
    case once(Int64)
  }

  /// What an occurrence follows from.
  public let rule: Rule
  /// Whose clock it is.
  public let zone: Zone
  /// The days that count, by the dates of that clock; nil for every day. A time that the clock leaves out belongs to the
  /// date that it would have had.
  public let days: DayCalendar?

  /// Creates a timetable.
  ///
  /// - Throws: A ``ScheduleProblem`` where it has no occurrence from 1970 to 2400, with the reason.
  public init(_ rule: Rule, zone: Zone, days: DayCalendar? = nil) throws(ScheduleProblem) {
    self.rule = rule
    self.zone = zone
    self.days = days
    switch rule {
    case .once(let instant):
      guard Era.instants.contains(instant) else {
        throw ScheduleProblem("the instant lies outside the years 1 to 9999")
      }
      let day = (instant + zone.offset(at: instant)).dayNumber
      guard days?.contains(day: day) ?? true else {
        throw ScheduleProblem("this never runs: the calendar leaves out \(CivilDate(dayNumber: day))")
      }
    case .cron(let expression):
      guard first(after: -1, through: Self.horizon) != nil else {
        throw Self.never("cron \(expression.text.quoted)", days)
      }
    case .every(let interval):
      guard first(after: -1, through: Self.horizon) != nil else { throw Self.never("every \(interval.text)", days) }
    }
  }

  /// 2400-01-01, up to which an occurrence is looked for.
  private static let horizon: Int64 = 13_569_465_600_000

  private static func never(_ what: String, _ days: DayCalendar?) -> ScheduleProblem {
    guard let days else { return ScheduleProblem("\(what) never runs: no clock of that zone shows such a time") }
    return ScheduleProblem(
      "\(what) never runs: the calendar leaves out every day that fits",
      hint: days.included == nil ? "shorten its ranges" : "its lines with + are the only days that count")
  }

  /// The timetable in one line: `30 9 * * * Asia/Shanghai`, `every 15m Asia/Shanghai`, `at 2026-11-11T01:30:00Z
  /// Asia/Shanghai`, and how many days a calendar leaves.
  public var text: String {
    let what =
      switch rule {
      case .cron(let expression): expression.text
      case .every(let interval): "every \(interval.text)"
      case .once(let instant): "at \(ClockText.utc(instant))"
      }
    return "\(what) \(zone.id)" + (days?.text.map { ", \($0)" } ?? "")
  }
}

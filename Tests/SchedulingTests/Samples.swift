import Foundation

@testable import Scheduling

/// An instant of text such as `2026-11-01T05:30:00Z`; the tests' own reading, by Foundation.
func instant(_ text: String) -> Int64 {
  guard let date = try? Date(text, strategy: .iso8601) else { return .min }
  return Int64(date.timeIntervalSince1970 * 1000)
}

extension Timetable {
  /// A timetable of a cron expression.
  init(cron: String, _ zone: String, days: String? = nil) throws(ScheduleProblem) {
    let days = try days.map { text throws(ScheduleProblem) in try DayCalendar(parsing: text) }
    try self.init(.cron(CronExpression(parsing: cron)), zone: Zone(zone), days: days)
  }

  /// The first occurrences after an instant, as text in UTC.
  func texts(after start: String, count: Int) -> [String] {
    occurrences(after: instant(start), through: .max).prefix(count).map(ClockText.utc)
  }
}

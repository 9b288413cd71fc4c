import Testing

@testable import Scheduling

@Suite struct SpeedTests {
  /// A bound that a debug build on a busy machine keeps: a year of half a million occurrences is to be simulated.
  @Test func anOccurrenceIsFoundInMicroseconds() throws {
    let timetables = [
      try Timetable(cron: "*/5 * * * *", "America/New_York"), try Timetable(cron: "30 9 * * MON-FRI", "Europe/Paris"),
      try Timetable(cron: "0 0 L * *", "Asia/Shanghai"),
      try Timetable(cron: "0 9 * * *", "Asia/Shanghai", days: "2026-10-01..2026-10-07"),
    ]
    var count = 0
    let time = ContinuousClock().measure {
      for timetable in timetables {
        count += timetable.occurrences(after: 1_767_225_600_000, through: .max).prefix(5000).reduce(0) { sum, _ in
          sum + 1
        }
      }
    }
    print("one occurrence: \(time / count)")
    #expect(count == 20_000)
    #expect(time / count < .microseconds(100))
  }
}

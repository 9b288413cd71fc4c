import Testing

@testable import Scheduling

@Suite struct TimetableTests {
  @Test func itsTextSaysAll() throws {
    #expect(try Timetable(cron: "@daily", "Asia/Shanghai").text == "0 0 * * * Asia/Shanghai")
    let holidays = "2026-10-01..2026-10-07"
    #expect(try Timetable(cron: "30 9 * * *", "UTC", days: holidays).text == "30 9 * * * UTC, except 7 days")
    let once = try Timetable(.once(instant("2026-11-11T01:30:00Z")), zone: Zone("Asia/Shanghai"))
    #expect(once.text == "at 2026-11-11T01:30:00Z Asia/Shanghai")
  }

  @Test func onceIsOnce() throws {
    let at = instant("2026-11-11T01:30:00Z")
    let once = try Timetable(.once(at), zone: Zone("UTC"))
    #expect(once.next(after: at - 1) == at)
    #expect(once.next(after: at) == nil)
    #expect(Array(once.occurrences(after: .min, through: at)) == [at])
  }

  @Test(arguments: [Int64.min, .max, Era.instants.lowerBound - 1, Era.instants.upperBound, 0])
  func anyInstantIsAnswered(_ instant: Int64) throws {
    for zone in ["UTC", "Pacific/Apia", "America/New_York"] {
      let interval = try Interval(parsing: "1h30m", anchor: 7)
      for timetable in [try Timetable(cron: "30 2 * * *", zone), try Timetable(.every(interval), zone: Zone(zone))] {
        if let next = timetable.next(after: instant) { #expect(next > instant) }
        _ = timetable.nextTransition(after: instant)
        _ = timetable.zone.offset(at: instant)
      }
    }
  }

  @Test func aCalendarLeavesOutDatesOfTheZonesClock() throws {
    let calendar = "# National Day\r\n2026-10-01..2026-10-07\r\n\r\n2026-10-09 # one more\r\n"
    let timetable = try Timetable(cron: "30 0 * * *", "Asia/Shanghai", days: calendar)
    // 00:30 in Shanghai is the day before in UTC.
    #expect(
      timetable.texts(after: "2026-09-29T00:00:00Z", count: 3)
        == ["2026-09-29T16:30:00Z", "2026-10-07T16:30:00Z", "2026-10-09T16:30:00Z"])
  }

  @Test func aCalendarOfInclusionsAllowsNothingElse() throws {
    let timetable = try Timetable(cron: "0 9 * * *", "UTC", days: "+2026-11-10..2026-11-12\n2026-11-11\n+ 2030-01-01")
    #expect(
      timetable.texts(after: "2026-01-01T00:00:00Z", count: 9)
        == ["2026-11-10T09:00:00Z", "2026-11-12T09:00:00Z", "2030-01-01T09:00:00Z"])
    #expect(timetable.text == "0 9 * * * UTC, on 4 days only, except 1 day")
  }

  @Test func aCalendarHoldsForIntervalsToo() throws {
    let interval = try Interval(parsing: "8h", anchor: 0)
    let timetable = try Timetable(
      .every(interval), zone: Zone("Asia/Shanghai"), days: DayCalendar(parsing: "2026-10-01..2026-10-07"))
    #expect(
      timetable.texts(after: "2026-09-30T00:00:00Z", count: 3)
        == ["2026-09-30T08:00:00Z", "2026-10-07T16:00:00Z", "2026-10-08T00:00:00Z"])
  }

  @Test(
    arguments: [
      ("2026-13-01", "line 1 of the calendar: \"2026-13-01\" is no date"),
      ("\n2026-02-29", "line 2 of the calendar"), ("2026-1-1", "is no date"), ("+", "is no date"), ("x", "is no date"),
      ("2026-10-07..2026-10-01", "ends before it begins"), ("2026-10-01..", "is no date"),
      ("2026-10-01..2026-10-02..2026-10-03", "is no date"), ("..", "is no date"),
    ])
  func aCalendarThatCannotBeReadIsRefused(_ text: String, _ message: String) {
    let problem = #expect(throws: ScheduleProblem.self) { try DayCalendar(parsing: text) }
    #expect(problem?.description.contains(message) == true, "\(problem?.description ?? "")")
    #expect(problem?.hint != nil)
  }

  @Test func whatACalendarNeverLetsRunIsRefused() throws {
    let cron = #expect(throws: ScheduleProblem.self) {
      try Timetable(cron: "0 9 * * MON", "UTC", days: "+ 2026-11-24\n+ 2026-11-25")
    }
    #expect(cron?.description == "cron \"0 9 * * MON\" never runs: the calendar leaves out every day that fits")
    let all = #expect(throws: ScheduleProblem.self) {
      try Timetable(cron: "0 9 * * *", "America/New_York", days: "1970-01-01..9999-12-31")
    }
    #expect(all?.hint == "shorten its ranges")
    let zone = try Zone("Asia/Shanghai")
    let days = try DayCalendar(parsing: "2026-11-12")
    let once = #expect(throws: ScheduleProblem.self) {
      try Timetable(.once(instant("2026-11-11T17:00:00Z")), zone: zone, days: days)
    }
    #expect(once?.description == "this never runs: the calendar leaves out 2026-11-12")
    // A wildcard at an hour that the only day does not have.
    #expect(throws: ScheduleProblem.self) { try Timetable(cron: "*/5 2 * * *", "Europe/Paris", days: "+2026-03-29") }
    #expect(throws: ScheduleProblem.self) {
      try Timetable(.every(Interval(parsing: "300d", anchor: 0)), zone: zone, days: DayCalendar(parsing: "+2026-11-12"))
    }
  }

  @Test(
    arguments: [
      ("15m", 900_000), ("6h", 21_600_000), ("1d", 86_400_000), ("90s", 90_000), ("1h30m", 5_400_000), ("1s", 1000),
    ] as [(String, Int64)])
  func intervals(_ text: String, _ length: Int64) throws {
    let interval = try Interval(parsing: text, anchor: 5)
    #expect(interval.length == length)
    #expect(try Interval(parsing: interval.text, anchor: 5) == interval)
    #expect(
      [interval.next(after: 4), interval.next(after: 5), interval.next(after: 4 - length)] == [
        5, 5 + length, 5 - length,
      ])
  }

  @Test(arguments: [
    "", "15", "m", "0s", "-5m", "1.5h", "15 m", "367d", "99999999999999999999s", "9223372036854775807d", "1h1",
  ])
  func noIntervals(_ text: String) {
    let problem = #expect(throws: ScheduleProblem.self) { try Interval(parsing: text, anchor: 0) }
    #expect(problem?.hint != nil)
  }
}

import Testing

@testable import Scheduling

/// Days on which a clock was or will be changed, worked out by hand.
@Suite struct TransitionTests {
  @Test(
    arguments: [
      // 1 November 2026: 01:30 comes twice and runs once, the first time.
      (
        "30 1 * * *", "America/New_York", "2026-10-31T00:00:00Z",
        ["2026-10-31T05:30:00Z", "2026-11-01T05:30:00Z", "2026-11-02T06:30:00Z"]
      ),
      // 8 March 2026: 02:30 does not exist and runs at 03:00.
      (
        "30 2 * * *", "America/New_York", "2026-03-07T00:00:00Z",
        ["2026-03-07T07:30:00Z", "2026-03-08T07:00:00Z", "2026-03-09T06:30:00Z"]
      ),
      // Several times of one gap and the one after it are one occurrence.
      (
        "0,30 2,3 * * *", "America/New_York", "2026-03-08T00:00:00Z",
        ["2026-03-08T07:00:00Z", "2026-03-08T07:30:00Z", "2026-03-09T06:00:00Z"]
      ),
      ("30 2 * * *", "Europe/Paris", "2026-03-28T12:00:00Z", ["2026-03-29T01:00:00Z", "2026-03-30T00:30:00Z"]),
      ("30 2 * * *", "Europe/Paris", "2026-10-24T12:00:00Z", ["2026-10-25T00:30:00Z", "2026-10-26T01:30:00Z"]),
      // Wildcards follow elapsed time: hourly jobs run every hour.
      (
        "30 * * * *", "America/New_York", "2026-11-01T05:00:00Z",
        ["2026-11-01T05:30:00Z", "2026-11-01T06:30:00Z", "2026-11-01T07:30:00Z"]
      ),
      ("0 * * * *", "America/New_York", "2026-03-08T06:00:00Z", ["2026-03-08T07:00:00Z", "2026-03-08T08:00:00Z"]),
      (
        "*/30 1 * * *", "America/New_York", "2026-11-01T05:00:00Z",
        ["2026-11-01T05:30:00Z", "2026-11-01T06:00:00Z", "2026-11-01T06:30:00Z", "2026-11-02T06:00:00Z"]
      ),
      ("0 */2 * * *", "America/New_York", "2026-03-08T05:00:00Z", ["2026-03-08T08:00:00Z", "2026-03-08T10:00:00Z"]),
      // Lord Howe moves by half an hour, at 02:00: 02:15 does not exist on 4 October, 01:45 comes twice on 5 April.
      ("15 2 * * *", "Australia/Lord_Howe", "2026-10-03T00:00:00Z", ["2026-10-03T15:30:00Z", "2026-10-04T15:15:00Z"]),
      ("45 1 * * *", "Australia/Lord_Howe", "2026-04-04T00:00:00Z", ["2026-04-04T14:45:00Z", "2026-04-05T15:15:00Z"]),
      ("30 9 * * *", "Asia/Shanghai", "2026-11-23T01:30:00Z", ["2026-11-24T01:30:00Z", "2026-11-25T01:30:00Z"]),
      // Samoa had no 30 December 2011: what was due then runs as the 31st begins.
      (
        "30 9 * * *", "Pacific/Apia", "2011-12-29T12:00:00Z",
        ["2011-12-29T19:30:00Z", "2011-12-30T10:00:00Z", "2011-12-30T19:30:00Z"]
      ),
      ("30 9 * * FRI", "Pacific/Apia", "2011-12-24T12:00:00Z", ["2011-12-30T10:00:00Z", "2012-01-05T19:30:00Z"]),
      // Pyongyang moved its clock without daylight saving time: 23:30 on 4 May 2018 became midnight.
      ("45 23 * * *", "Asia/Pyongyang", "2018-05-03T16:00:00Z", ["2018-05-04T15:00:00Z", "2018-05-05T14:45:00Z"]),
    ] as [(String, String, String, [String])])
  func cron(_ expression: String, _ zone: String, _ start: String, _ expected: [String]) throws {
    #expect(try Timetable(cron: expression, zone).texts(after: start, count: expected.count) == expected)
  }

  @Test func intervalsFollowElapsedTime() throws {
    let zone = try Zone("America/New_York")
    let interval = try Interval(parsing: "6h", anchor: instant("2026-10-31T04:00:00Z"))
    let timetable = try Timetable(.every(interval), zone: zone)
    #expect(
      timetable.texts(after: "2026-11-01T00:00:00Z", count: 3)
        == ["2026-11-01T04:00:00Z", "2026-11-01T10:00:00Z", "2026-11-01T16:00:00Z"])
    #expect(timetable.text == "every 6h America/New_York")
  }

  @Test(
    arguments: [
      (
        "30 1 * * *", "2026-10-31T00:00:00Z", TransitionEffect.Kind.runsOnce,
        "on 2026-11-01 at 02:00 the clock of America/New_York goes back to 01:00: 01:30 comes twice and runs once, the first time"
      ),
      (
        "0,30 2 * * *", "2026-03-01T00:00:00Z", .runsAfterGap,
        "on 2026-03-08 at 02:00 the clock of America/New_York goes forward to 03:00: 02:00, 02:30 do not exist and run once, at 03:00"
      ),
      (
        "30 9 * * *", "2026-03-01T00:00:00Z", .none,
        "on 2026-03-08 at 02:00 the clock of America/New_York goes forward to 03:00: no occurrence is affected"
      ),
      (
        "*/10 * * * *", "2026-10-31T00:00:00Z", .repeats,
        "on 2026-11-01 at 02:00 the clock of America/New_York goes back to 01:00: 01:00, 01:10, 01:20 and 3 more come twice and run twice; elapsed time is followed"
      ),
      (
        "30 * * * *", "2026-03-01T00:00:00Z", .leavesOut,
        "on 2026-03-08 at 02:00 the clock of America/New_York goes forward to 03:00: 02:30 does not exist and does not run; elapsed time is followed"
      ),
    ] as [(String, String, TransitionEffect.Kind, String)])
  func theNextTransitionIsSaid(_ cron: String, _ start: String, _ kind: TransitionEffect.Kind, _ text: String) throws {
    let effect = try Timetable(cron: cron, "America/New_York").nextTransition(after: instant(start))
    #expect(effect?.kind == kind)
    #expect(effect?.description == text)
  }

  @Test func aClockThatIsNotChangedHasNoTransition() throws {
    #expect(
      try Timetable(cron: "* * * * *", "Asia/Shanghai").nextTransition(after: instant("2026-01-01T00:00:00Z")) == nil)
  }
}

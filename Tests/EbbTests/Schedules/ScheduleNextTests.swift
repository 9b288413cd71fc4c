import Foundation
import JSON
import Testing

@testable import ebb

@Suite struct ScheduleNextTests {
  @Test func aTimeThatComesTwiceRunsOnce() throws {
    let result = try Binary.run([
      "schedule", "next", "--cron", "30 1 * * *", "--zone", "America/New_York", "--from", "2026-10-31T00:00:00Z",
      "--count", "3", "--json",
    ])
    #expect(result.status == 0)
    let documents = try #require(try result.json.array)
    #expect(
      documents.map { $0["at"]?.string } == [
        "2026-10-31T05:30:00.000Z", "2026-11-01T05:30:00.000Z", "2026-11-02T06:30:00.000Z",
      ])
    #expect(
      documents.map { $0["local"]?.string } == [
        "2026-10-31T01:30:00-04:00", "2026-11-01T01:30:00-04:00", "2026-11-02T01:30:00-05:00",
      ])
  }

  @Test func theTableSaysWhatTheNextTransitionDoes() throws {
    let result = try Binary.run([
      "schedule", "next", "--cron", "30 2 * * *", "--zone", "Europe/Paris", "--from", "2026-03-28T12:00:00Z", "--count",
      "1",
    ])
    #expect(
      result.output == """
        30 2 * * * Europe/Paris
        LOCAL                      UTC
        2026-03-29T03:00:00+02:00  2026-03-29T01:00:00.000Z
        on 2026-03-29 at 02:00 the clock of Europe/Paris goes forward to 03:00: 02:30 does not exist and runs at 03:00

        """)
  }

  @Test func intervalsAndCalendarsByTheProjectsClock() throws {
    let result = try Binary.run(
      [
        "schedule", "next", "--every", "12h", "--days", "days.txt", "--from", "2026-09-30 06:00", "--count", "3",
        "--json",
      ],
      files: ["ebb.yaml": "zone: Asia/Shanghai\n", "days.txt": "2026-10-01..2026-10-07\n"])
    #expect(
      try result.json.array?.map { $0["local"]?.string } == [
        "2026-09-30T12:00:00+08:00", "2026-10-08T00:00:00+08:00", "2026-10-08T12:00:00+08:00",
      ])
  }

  @Test(arguments: ["2026-12-01T09:30:00+08:00", "2026-12-01T01:30:00Z", "2026-12-01 09:30", "2026-12-01T09:30"])
  func once(_ time: String) throws {
    let result = try Binary.run(["schedule", "next", "--at", time, "--from", "2026-11-01", "--json"])
    #expect(try result.json.array?.map { $0["at"]?.string } == ["2026-12-01T01:30:00.000Z"])
  }

  @Test func whatIsOverHasNoNext() throws {
    let past = ["schedule", "next", "--at", "2020-01-01", "--from", "2026-11-01"]
    #expect(try Binary.run(past + ["--json"]).json == .array([]))
    #expect(try Binary.run(past).output.contains("nothing runs after 2026-11-01T00:00:00+08:00"))
  }

  @Test(
    arguments: [
      ([], "say when: one of --cron, --every and --at", "e.g. --cron"),
      (["--cron", "@daily", "--every", "1h"], "say when", "e.g."),
      (["--cron", "61 * * * *"], "cron \"61 * * * *\": minute \"61\": 61 is out of range", "allowed: 0 to 59"),
      (["--cron", "0 0 31 2 *"], "cron \"0 0 31 2 *\" never runs", "the last day of a month is L"),
      (["--cron", "@daily", "--zone", "Asia/Shangai"], "there is no time zone \"Asia/Shangai\"", "did you mean"),
      (["--every", "soon"], "every \"soon\": that is no duration", "e.g. 15m"),
      (["--at", "noon"], "--at noon: that is no time", "e.g."),
      (["--cron", "@daily", "--from", "then"], "--from then: that is no time", "e.g."),
      (["--cron", "@daily", "--count", "0"], "--count 0 is out of range", "1 to 10,000"),
      (["--cron", "@daily", "--days", "none.txt"], "none.txt cannot be read", "is the path right?"),
      (["--cron", "@daily", "--days", "bad.txt"], "bad.txt: line 2 of the calendar: \"tomorrow\" is no date", "e.g."),
    ] as [([String], String, String)])
  func mistakesHaveAHint(_ arguments: [String], _ message: String, _ hint: String) throws {
    let result = try Binary.run(
      ["schedule", "next"] + arguments, files: ["bad.txt": "# holidays\ntomorrow\n"])
    #expect(result.status == 2)
    #expect(result.errors.hasPrefix("ebb: \(message)"), "\(result.errors)")
    #expect(result.errors.contains("\nhint: \(hint)"), "\(result.errors)")
  }
}

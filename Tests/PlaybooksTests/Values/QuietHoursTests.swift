import Foundation
import JSON
import Journal
import Testing

@testable import Playbooks

@Suite struct QuietHoursTests {
  /// When the hours end, as the zone's clock shows it with its offset; nil where it is not quiet.
  static func end(_ hours: JSON, at text: String, in zone: String) throws -> Milliseconds? {
    let quiet = try QuietHours(parsing: hours)
    let instant = try #require(InstantText.milliseconds(text))
    return quiet.end(from: instant, in: try #require(TimeZone(identifier: zone)))
  }

  @Test(
    arguments: [
      ("23:00-08:00", "2026-11-23T22:59:59.999+08:00", nil),
      ("23:00-08:00", "2026-11-23T23:00:00+08:00", "2026-11-24T08:00:00+08:00"),
      ("23:00-08:00", "2026-11-23T23:59:59.999+08:00", "2026-11-24T08:00:00+08:00"),
      ("23:00-08:00", "2026-11-24T00:00:00+08:00", "2026-11-24T08:00:00+08:00"),
      ("23:00-08:00", "2026-11-24T07:59:59.999+08:00", "2026-11-24T08:00:00+08:00"),
      ("23:00-08:00", "2026-11-24T08:00:00+08:00", nil),
      ("12:00-13:30", "2026-11-24T11:59:59+08:00", nil),
      ("12:00-13:30", "2026-11-24T12:00:00+08:00", "2026-11-24T13:30:00+08:00"),
      ("12:00-13:30", "2026-11-24T13:30:00+08:00", nil),
      ("22:00-24:00", "2026-11-24T23:30:00+08:00", "2026-11-25T00:00:00+08:00"),
      ("00:00-06:00", "2026-11-24T00:00:00+08:00", "2026-11-24T06:00:00+08:00"),
      ("00:00-06:00", "2026-11-23T23:59:59+08:00", nil),
    ] as [(JSON, String, String?)])
  func theEdges(_ hours: JSON, _ now: String, _ end: String?) throws {
    #expect(try Self.end(hours, at: now, in: "Asia/Shanghai") == end.flatMap(InstantText.milliseconds))
  }

  @Test(
    arguments: [
      // Berlin's clock goes from 02:00 to 03:00 on 29 March 2026: the night is an hour shorter.
      ("23:00-08:00", "2026-03-28T23:30:00+01:00", "2026-03-29T08:00:00+02:00"),
      // The hours' end does not exist that day: they are over when the clock jumps past it.
      ("23:00-02:30", "2026-03-29T01:00:00+01:00", "2026-03-29T03:00:00+02:00"),
      // They begin in the gap: at 03:00, which is past 02:15, it is quiet.
      ("02:15-04:00", "2026-03-29T01:59:59+01:00", nil),
      ("02:15-04:00", "2026-03-29T03:00:00+02:00", "2026-03-29T04:00:00+02:00"),
      // On 25 October the clock goes back from 03:00 to 02:00: the night is an hour longer.
      ("23:00-08:00", "2026-10-24T23:30:00+02:00", "2026-10-25T08:00:00+01:00"),
      // Half past two comes twice: the first time ends them, and the second hour is quiet again until its half.
      ("01:00-02:30", "2026-10-25T01:30:00+02:00", "2026-10-25T02:30:00+02:00"),
      ("01:00-02:30", "2026-10-25T02:45:00+02:00", nil),
      ("01:00-02:30", "2026-10-25T02:15:00+01:00", "2026-10-25T02:30:00+01:00"),
      // They last until three, which comes once: the repeated hour is quiet as well.
      ("01:00-03:00", "2026-10-25T02:30:00+02:00", "2026-10-25T03:00:00+01:00"),
    ] as [(JSON, String, String?)])
  func theDaysOnWhichTheClockChanges(_ hours: JSON, _ now: String, _ end: String?) throws {
    #expect(try Self.end(hours, at: now, in: "Europe/Berlin") == end.flatMap(InstantText.milliseconds))
  }

  @Test func theHoursOfAnotherZone() throws {
    let hours: JSON = ["hours": "23:00-08:00", "zone": "Europe/Berlin"]
    #expect(
      try Self.end(hours, at: "2026-11-24T00:30:00+08:00", in: "Asia/Shanghai") == nil, "it is half past five in Berlin"
    )
    #expect(
      try Self.end(hours, at: "2026-11-24T06:30:00+08:00", in: "Asia/Shanghai")
        == InstantText.milliseconds("2026-11-24T08:00:00+01:00"))
  }

  /// An oracle: going on minute by minute, the first at which the wall clock is not in the hours.
  @Test(arguments: ["Europe/Berlin", "America/New_York", "Australia/Lord_Howe", "Asia/Shanghai", "Asia/Kathmandu"])
  func theEndIsTheFirstMinuteThatIsNotQuiet(_ name: String) throws {
    let zone = try #require(TimeZone(identifier: name))
    for text in ["23:00-08:00", "01:30-02:15", "00:00-03:00", "02:00-02:30"] {
      let hours = try QuietHours(parsing: .string(text))
      func isQuiet(_ minute: Int64) -> Bool {
        let local = minute * 60 + Int64(zone.secondsFromGMT(for: Date(timeIntervalSince1970: Double(minute * 60))))
        let time = Int((local / 60) % 1440)
        return hours.start < hours.end
          ? hours.start <= time && time < hours.end : time >= hours.start || time < hours.end
      }
      // Two days around each change of the year's clocks, on the quarter hour.
      for day in ["2026-03-07", "2026-03-28", "2026-04-04", "2026-10-03", "2026-10-24", "2026-10-31"] {
        let start = try #require(InstantText.milliseconds("\(day)T00:00:00Z")) / 60_000
        for minute in stride(from: start, to: start + 2880, by: 15) {
          var end = minute
          while isQuiet(end) { end += 1 }
          let expected = end == minute ? nil : end * 60_000
          #expect(hours.end(from: minute * 60_000, in: zone) == expected, "\(text) \(name) \(minute)")
        }
      }
    }
  }
}

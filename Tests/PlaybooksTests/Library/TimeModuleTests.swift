import Foundation
import JSON
import Testing

@testable import Playbooks

@Suite struct TimeModuleTests {
  private static let prelude = "local time = require 'ebb.time' return "

  @Test(
    arguments: [
      ("time.parse '20261101080000000+0800'", .integer(Stage.start)),
      ("time.parse '20261101000000000+0000'", .integer(Stage.start)),
      ("time.parse '20261101080000'", .integer(Stage.start)),
      ("time.parse '20261101080000250'", .integer(Stage.start + 250)),
      ("time.parse ' 2026-11-01 08:00:00 '", .integer(Stage.start)),
      ("time.parse(1793491200000.0)", .integer(Stage.start)),
      ("time.parse '20261301080000000+0800' == nil", true), ("time.parse '123456789012345678' == nil", true),
      ("time.parse '' == nil", true), ("time.parse {} == nil", true), ("time.parse '20261101' ", 20_261_101),
      ("time.duration_text(0)", "0s"), ("time.duration_text(93784005)", "1d2h3m4s5ms"),
      ("time.describe(90061000, 'zh')", "1天1小时"), ("time.describe(0, 'zh')", "0秒"),
      ("time.left(3600000, 'zh')", "剩余1小时"),
      ("time.format(0, 'America/New_York')", "1969-12-31T19:00:00.000-05:00"),
      ("time.format(0, 'Asia/Kolkata')", "1970-01-01T05:30:00.000+05:30"),
      ("time.format(0)", "1970-01-01T00:00:00.000Z"),
      ("time.clock(0)", "1970-01-01 05:30"), ("time.date '2026-11-01T18:30:00Z'", "2026-11-02"),
      (
        "time.parts(-1, 'UTC')",
        [
          "year": 1969, "month": 12, "day": 31, "hour": 23, "minute": 59, "second": 59, "millisecond": 999,
          "weekday": 3, "offset": 0,
        ]
      ),
      ("time.parts(1709164800000, 'UTC').day", 29),
      ("time.format(time.at('2026-11-01 01:30', 'America/New_York'))", "2026-11-01T05:30:00.000Z"),
      ("time.format(time.at('2026-11-01T03:00:30', 'America/New_York'))", "2026-11-01T08:00:30.000Z"),
      ("time.format(time.at('2026-03-08 02:30', 'America/New_York'))", "2026-03-08T07:00:00.000Z"),
      ("time.format(time.at('2026-10-04 02:15', 'Australia/Lord_Howe'))", "2026-10-03T15:30:00.000Z"),
      ("time.format(time.at('2011-12-30 12:00', 'Pacific/Apia'))", "2011-12-30T10:00:00.000Z"),
      ("time.format(time.at('2026-11-01', 'Asia/Shanghai'))", "2026-10-31T16:00:00.000Z"),
      // Midnight is left out in Beirut on 29 March 2026.
      (
        "time.clock(time.start_of_day(time.at('2026-03-29 12:00', 'Asia/Beirut'), 'Asia/Beirut'), 'Asia/Beirut')",
        "2026-03-29 01:00"
      ),
      ("time.format(time.start_of_day('2026-11-01T12:00:00Z'))", "2026-10-31T18:15:00.000Z"),
    ] as [(String, JSON)])
  func values(_ expression: String, _ value: JSON) async throws {
    var stage = Stage()
    stage.zone = try #require(TimeZone(identifier: "Asia/Kathmandu"))
    #expect(try await stage.result(Self.prelude + expression) == value)
  }

  @Test(arguments: [
    ("time.parts(0, 'CST')", "there is no time zone CST"),
    ("time.parts(0, 'Asia/Shangai')", "there is no time zone Asia/Shangai"),
    ("time.parts 'soon'", "time.parts: argument 1 is no instant: soon"),
    ("time.parts(math.maxinteger)", "is no instant on the calendar"),
    ("time.at '2026-02-30'", "\"2026-02-30\" is no time such as 2026-11-01 09:30"),
    ("time.at '2026-11-01 24:00'", "is no time"),
    ("time.at '2026-11-01 9:00'", "is no time"), ("time.duration_text(-1)", "-1 is no duration"),
    ("time.calendar { holiday = {} }", "holiday is not known; it takes holidays, workdays, weekend, zone"),
    ("time.calendar { holidays = 'soon' }", "holidays, line 1: \"soon\" is no date"),
    ("time.calendar { holidays = '2026-10-07..2026-10-01' }", "line 1 ends before it begins"),
    ("time.calendar { holidays = '0001-01-01..9999-01-01' }", "longer than ten years"),
    ("time.calendar { weekend = { 0 } }", "a weekday is 1 (Monday) to 7 (Sunday)"),
    ("time.calendar { zone = 'Mars' }", "there is no time zone Mars"),
    ("time.is_business_day({}, 0)", "argument 1 must be a calendar"),
    (
      "time.next_business_day(time.calendar { weekend = { 1, 2, 3, 4, 5, 6, 7 } }, 0)",
      "no business day within ten years"
    ),
  ])
  func mistakes(_ expression: String, _ message: String) async throws {
    let failure = try await Stage().failure(Self.prelude + "{ \(expression) }")
    #expect(failure.code == .invalid && failure.message.contains(message), "\(failure.message)")
  }

  /// Against Foundation's own calendar, in zones with all kinds of changes.
  @Test(arguments: [
    "Asia/Shanghai", "America/New_York", "Europe/London", "Australia/Lord_Howe", "America/Sao_Paulo", "Asia/Kathmandu",
  ])
  func partsAreThoseOfTheCalendar(_ name: String) async throws {
    var calendar = Foundation.Calendar(identifier: .gregorian)
    calendar.timeZone = try #require(TimeZone(identifier: name))
    var stage = Stage()
    stage.zone = calendar.timeZone
    let result = try await stage.result(
      """
      local time = require "ebb.time"
      local lines = {}
      for number = 0, 399 do
        local instant = 1000000000000 + number * 2718281828
        local p = time.parts(instant)
        local again = time.at(string.format("%04d-%02d-%02d %02d:%02d:%02d", p.year, p.month, p.day, p.hour, p.minute, p.second))
        lines[#lines + 1] = { instant, p.year, p.month, p.day, p.hour, p.minute, p.weekday, again == instant - p.millisecond, time.start_of_day(instant) }
      end
      return lines
      """)
    let lines = try #require(result?.array)
    #expect(lines.count == 400)
    for line in lines {
      let instant = try #require(line[0]?.integer)
      let date = Date(timeIntervalSince1970: Double(instant) / 1000)
      let parts = calendar.dateComponents([.year, .month, .day, .hour, .minute, .weekday], from: date)
      let weekday = ((parts.weekday ?? 0) + 5) % 7 + 1
      let expected = [parts.year, parts.month, parts.day, parts.hour, parts.minute, weekday].map { Int64($0 ?? 0) }
      #expect((1...6).map { line[$0]?.integer } == expected, "\(name) \(instant)")
      #expect(line[7] == true, "\(name) \(instant)")
      #expect(
        line[8]?.integer == Int64(calendar.startOfDay(for: date).timeIntervalSince1970 * 1000), "\(name) \(instant)")
    }
  }

  @Test func businessDays() async throws {
    let result = try await Stage().result(
      """
      local time = require "ebb.time"
      local zone = "Asia/Shanghai"
      local days = time.calendar { zone = zone, workdays = { "2026-10-10" }, holidays = [[
        # 国庆 2026
        2026-10-01..2026-10-07
        2026-12-31   # 盘点
      ]] }
      local function at(text) return time.at(text, zone) end
      local function shown(instant) return time.clock(instant, zone) end
      return {
        time.is_business_day(days, at "2026-09-30 23:59"), time.is_business_day(days, at "2026-10-01"),
        time.is_business_day(days, at "2026-10-10"), time.is_business_day(days, at "2026-10-11"),
        shown(time.next_business_day(days, at "2026-10-01 09:00")), shown(time.next_business_day(days, at "2026-09-30 09:00")),
        shown(time.add_business_days(days, at "2026-09-30 15:00", 1)), shown(time.add_business_days(days, at "2026-10-03 15:00", 1)),
        shown(time.add_business_days(days, at "2026-10-08 15:00", -1)), shown(time.add_business_days(days, at "2026-10-03 15:00", 0)),
        time.business_days(days, at "2026-09-30", at "2026-10-08"), time.business_days(days, at "2026-10-08", at "2026-09-30"),
        time.business_days(days, at "2026-10-09 10:00", at "2026-10-09 20:00"), time.business_days(days, at "2026-12-30", at "2027-01-04"),
      }
      """)
    #expect(
      result == [
        true, false, true, false, "2026-10-08 00:00", "2026-09-30 00:00", "2026-10-08 15:00", "2026-10-08 15:00",
        "2026-09-30 15:00", "2026-10-03 15:00", 1, -1, 0, 2,
      ])
  }
}

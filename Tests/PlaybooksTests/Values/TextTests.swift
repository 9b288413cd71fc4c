import JSON
import Testing

@testable import Playbooks

@Suite struct DurationTextTests {
  @Test(
    arguments: [
      ("7d", 604_800_000), ("24h", 86_400_000), ("1h30m", 5_400_000), ("500ms", 500), ("0s", 0), ("1w", 604_800_000),
      ("1d2h3m4s5ms", 93_784_005), ("90m", 5_400_000), ("9223372036854775807ms", .max), ("1s1s", 2000),
    ] as [(String, Int64)])
  func reads(_ text: String, _ milliseconds: Int64) {
    #expect(DurationText.milliseconds(text) == milliseconds)
  }

  @Test(arguments: [
    "", "7", "d", "7 d", " 7d", "7d ", "-7d", "1.5h", "7D", "7days", "h1", "1h 30m", "9223372036854775808ms",
    "9223372036854775807s", "106751991168d", "９d", "7天",
  ])
  func refuses(_ text: String) {
    #expect(DurationText.milliseconds(text) == nil)
  }

  @Test(
    arguments: [
      (0, "0s"), (1, "1ms"), (1000, "1s"), (604_800_000, "7d"), (5_400_000, "1h30m"), (93_784_005, "1d2h3m4s5ms"),
    ] as [(Int64, String)])
  func writes(_ milliseconds: Int64, _ text: String) {
    #expect(DurationText.text(milliseconds) == text)
    #expect(DurationText.milliseconds(text) == milliseconds)
  }
}

@Suite struct MoneyTests {
  @Test(
    arguments: [
      ("500 CNY", 50000, "CNY"), ("¥500", 50000, "CNY"), ("￥500", 50000, "CNY"), ("500元", 50000, "CNY"),
      ("50000 fen", 50000, "CNY"), ("50000分", 50000, "CNY"), ("500CNY", 50000, "CNY"), ("CNY 500", 50000, "CNY"),
      ("  12.34 cny ", 1234, "CNY"), ("1,234.56 CNY", 123_456, "CNY"), ("1,234,567 CNY", 123_456_700, "CNY"),
      ("0.01 CNY", 1, "CNY"), ("0 CNY", 0, "CNY"), ("-5.5 CNY", -550, "CNY"), ("-0.01 CNY", -1, "CNY"),
      ("12.300 CNY", 1230, "CNY"), ("1000 JPY", 1000, "JPY"), ("1000.00 JPY", 1000, "JPY"), ("$3", 300, "USD"),
      ("3.50 €", 350, "EUR"), ("92233720368547758.07 CNY", .max, "CNY"), ("7 RMB", 700, "CNY"),
    ] as [(String, Int64, String)])
  func reads(_ text: String, _ minorUnits: Int64, _ currency: String) throws {
    #expect(try Money(parsing: text) == Money(minorUnits: minorUnits, currency: currency))
  }

  @Test(arguments: [
    ("500", "\"500\" has no unit"), ("1,000.50", "\"1,000.50\" has no unit"), ("", "\"\" is no amount"),
    ("CNY", "\"CNY\" is no amount"), ("much", "\"much\" is no amount"),
    ("500 XYZ", "\"XYZ\" is no currency that Ebb knows"),
    ("500 CNY please", "\"CNY please\" is no currency that Ebb knows"),
    ("0.001 CNY", "\"0.001 CNY\" is no exact amount of CNY"), ("1.5 JPY", "\"1.5 JPY\" is no exact amount of JPY"),
    ("1.5 fen", "\"1.5 fen\" is no whole number of fen"), ("1.2.3 CNY", "\"1.2.3 CNY\" is no exact amount of CNY"),
    ("--5 CNY", "\"--5 CNY\" is no exact amount of CNY"), (". CNY", "\". CNY\" is no exact amount of CNY"),
    ("92233720368547758.08 CNY", "\"92233720368547758.08 CNY\" is no exact amount of CNY"),
    ("1,50 EUR", "\"1,50 EUR\" is no exact amount of EUR"),
    ("1.234,56 EUR", "\"1.234,56 EUR\" is no exact amount of EUR"),
    ("12,34,567 CNY", "\"12,34,567 CNY\" is no exact amount of CNY"),
    ("1,0 fen", "\"1,0 fen\" is no whole number of fen"),
    ("５００ CNY", "\"５００ CNY\" is no amount"),
  ])
  func refuses(_ text: String, _ message: String) {
    let problem = #expect(throws: ParameterProblem.self) { try Money(parsing: text) }
    #expect(problem?.description == message)
    #expect(problem?.hint?.isEmpty == false)
  }

  @Test func aBareNumberIsRefusedWithBothReadings() {
    let problem = #expect(throws: ParameterProblem.self) { try Money(parsing: "500") }
    #expect(problem?.hint == "write 500 CNY for yuan, or 500 fen for hundredths of a yuan")
  }

  @Test(
    arguments: [
      (0, "CNY", "0.00 CNY"), (1, "CNY", "0.01 CNY"), (-1, "CNY", "-0.01 CNY"), (123_456, "CNY", "1,234.56 CNY"),
      (100_000, "CNY", "1,000.00 CNY"), (99_999, "CNY", "999.99 CNY"), (123_456_789, "CNY", "1,234,567.89 CNY"),
      (1_234_567, "JPY", "1,234,567 JPY"), (0, "JPY", "0 JPY"), (.min, "CNY", "-92,233,720,368,547,758.08 CNY"),
      (.max, "VND", "9,223,372,036,854,775,807 VND"),
    ] as [(Int64, String, String)])
  func shows(_ minorUnits: Int64, _ currency: String, _ text: String) throws {
    let money = Money(minorUnits: minorUnits, currency: currency)
    #expect(money.description == text)
    if minorUnits != .min { #expect(try Money(parsing: text) == money) }
  }

  @Test func jsonReadsBack() {
    let money = Money(minorUnits: -7, currency: "USD")
    #expect(money.json == ["fen": -7, "currency": "USD"])
    #expect(Money(json: money.json) == money)
    for other in [nil, "500 CNY", ["fen": 1.0, "currency": "CNY"], ["fen": 1], ["currency": "CNY"]] as [JSON?] {
      #expect(Money(json: other) == nil)
    }
  }
}

@Suite struct InstantTextTests {
  @Test(
    arguments: [
      ("2026-11-01T00:00:00Z", 1_793_491_200_000), ("2026-11-01T08:00:00+08:00", 1_793_491_200_000),
      ("2026-11-01 08:00:00", 1_793_491_200_000), ("2026-11-01 08:00", 1_793_491_200_000),
      ("2026-11-01T00:00:00.250Z", 1_793_491_200_250), ("2026-10-31T19:00:00-05:00", 1_793_491_200_000),
      ("1970-01-01T00:00:00Z", 0), ("1969-12-31T23:59:59Z", -1000), ("2024-02-29T00:00:00Z", 1_709_164_800_000),
      ("20261101080000250+0800", 1_793_491_200_250), ("20261101000000000+0000", 1_793_491_200_000),
    ] as [(String, Int64)])
  func reads(_ text: String, _ milliseconds: Int64) {
    #expect(InstantText.milliseconds(text) == milliseconds)
  }

  @Test(arguments: [
    "", "now", "2026-11-01", "2026-13-01T00:00:00Z", "2026-02-30T00:00:00Z", "2025-02-29T00:00:00Z",
    "2026-11-01T24:00:00Z", "2026-11-01T25:00:00Z", "2026-11-01T00:00:60Z", "+026-11-01T00:00:00Z",
    "2026-11-01T00:61:00Z", "11/01/2026 00:00:00", "1793491200000", "20261301080000250+0800", "20261101080000250",
  ])
  func refuses(_ text: String) {
    #expect(InstantText.milliseconds(text) == nil)
  }

  @Test func writesUTCWithMilliseconds() {
    #expect(InstantText.text(1_793_491_200_250) == "2026-11-01T00:00:00.250Z")
    #expect(InstantText.text(0) == "1970-01-01T00:00:00.000Z")
    #expect(InstantText.text(-1) == "1969-12-31T23:59:59.999Z")
  }

  @Test func everyDayReadsBack() {
    // A day and some milliseconds at a time, from 1890 to 2110: over leap years, centuries and the epoch.
    var instant: Int64 = -2_524_608_000_000
    while instant < 4_417_977_600_000 {
      #expect(InstantText.milliseconds(InstantText.text(instant)) == instant)
      instant += 86_400_000 * 29 + 12_345_678
    }
  }

  @Test(arguments: [
    ("2026-11-01", true), ("2024-02-29", true), ("2025-02-29", false), ("2026-11-31", false), ("+026-11-01", false),
    ("1900-02-29", false), ("2000-02-29", true), ("2026-1-1", false),
    ("2026-11-01T", false), ("", false), ("20261101", false),
  ])
  func dates(_ text: String, _ isDate: Bool) {
    #expect(InstantText.isDate(text) == isDate)
  }
}

import JSON
import Testing

@testable import Reports

/// Cells are typed by what stands in them, columns by all their cells, and sums are exact.
@Suite struct ReportTableTests {
  @Test(
    arguments: [
      (nil, .empty), (.null, .empty), ("", .empty), (5, .integer(5)), (1.5, .number(1.5)), (true, .text("true")),
      ("110000235001", .text("110000235001")), ("41.00 CNY", .amount(.init(minorUnits: 4100, currency: "CNY"))),
      ("-0.05 CNY", .amount(.init(minorUnits: -5, currency: "CNY"))),
      ("1200 JPY", .amount(.init(minorUnits: 1200, currency: "JPY"))), ("12.00 JPY", .text("12.00 JPY")),
      ("12 CNY", .text("12 CNY")), ("41.00 cny", .text("41.00 cny")), ("5h left", .text("5h left")),
      (["fen": 4100, "currency": "USD"], .amount(.init(minorUnits: 4100, currency: "USD"))),
      (["a": 1], .text(#"{"a":1}"#)),
    ] as [(JSON?, ReportCell)])
  func aCellIsWhatStandsInIt(_ value: JSON?, _ cell: ReportCell) {
    #expect(ReportCell(value) == cell)
  }

  @Test(
    arguments: [
      (4100, "CNY", "41.00"), (-5, "CNY", "-0.05"), (0, "CNY", "0.00"), (-123, "CNY", "-1.23"), (1200, "JPY", "1200"),
    ] as [(Int64, String, String)])
  func amountsAreWrittenExactly(_ minor: Int64, _ currency: String, _ digits: String) {
    #expect(ReportCell.Amount(minorUnits: minor, currency: currency).digits == digits)
  }

  @Test func columnsComeAsTheyAreAskedFor() {
    let table = ReportTable([
      "title": "T", "rows": [["b": 1, "a": "x"], ["c": 2]],
      "columns": ["c", ["key": "a", "heading": "甲"], ["key": "b"]],
    ])
    #expect(table.columns.map(\.key) == ["c", "a", "b"])
    #expect(table.columns.map(\.heading) == ["c", "甲", "b"])
    #expect(table.columns.map(\.isNumeric) == [true, false, true])
    #expect(table.rows == [[.empty, .text("x"), .integer(1)], [.integer(2), .empty, .empty]])
    #expect(table.totals == nil)
  }

  @Test func withoutColumnsAllFieldsAreThere() {
    #expect(ReportTable(["rows": [["a": 1], ["b": 2]]]).columns.map(\.key) == ["a", "b"])
    #expect(ReportTable(["rows": [1, "x"]]).rows == [[.integer(1)], [.text("x")]])
    #expect(ReportTable(["rows": []]).columns.isEmpty)
    #expect(ReportTable([:]).rows.isEmpty)
  }

  @Test func sumsAreByCurrencyAndExact() {
    let table = ReportTable([
      "rows": [
        ["id": "1", "all": ["fen": 10, "currency": "CNY"], "mixed": "0.10 CNY", "n": 1, "f": 1, "bad": 5],
        ["id": "2", "all": ["fen": 20, "currency": "CNY"], "mixed": "7.00 USD", "n": 2, "f": 0.5, "bad": "x"],
      ], "totals": true,
    ])
    #expect(table.columns.map(\.currency) == [nil, "CNY", nil, nil, nil, nil])
    #expect(
      table.totals == [
        .text("Total 合计 · 2"), .amount(.init(minorUnits: 30, currency: "CNY")), .text("0.10 CNY, 7.00 USD"),
        .integer(3),
        .number(1.5), .empty,
      ])
    let some = ReportTable(["rows": [["id": "1", "n": 1]], "totals": ["n"]])
    #expect(some.totals == [.text("Total 合计 · 1"), .integer(1)])
  }

  @Test func aSumThatOverflowsIsNoNumber() {
    let table = ReportTable(["rows": [["a": "x", "n": .integer(.max)], ["n": 1]], "totals": ["n"]])
    #expect(table.totals?.last == .text("?"))
  }
}

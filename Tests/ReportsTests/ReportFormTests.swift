import Foundation
import JSON
import Testing

@testable import Reports

/// The same table as Markdown, CSV and a spreadsheet.
@Suite struct ReportFormTests {
  private static let given: JSON = [
    "title": "Refunds · 退款",
    "rows": [
      ["id": "110000235001", "amount": ["fen": 12_050, "currency": "CNY"], "title": "=HYPERLINK(\"x\")"],
      ["id": "0042", "amount": "-0.05 CNY", "title": "a|b*, \"c\"\nd"],
    ], "columns": [["key": "id", "heading": "逆向单号"], "amount", "title"], "totals": ["amount"],
  ]

  @Test func markdownHasNoMarksOfOthers() {
    #expect(
      MarkdownReport.text([ReportTable(Self.given), ReportTable(["title": "None", "rows": []])]) == #"""
        ## Refunds · 退款

        | 逆向单号 | amount | title |
        | --- | ---: | --- |
        | 110000235001 | 120.50 CNY | =HYPERLINK("x") |
        | 0042 | -0.05 CNY | a\|b\*, "c" d |
        | **Total 合计 · 2** | **120.45 CNY** |  |

        ## None

        (none · 无)

        """#)
  }

  @Test func csvKeepsIDsTextAndFormulasHarmless() {
    let bytes = CSVReport.bytes(ReportTable(Self.given))
    #expect(bytes.starts(with: [0xEF, 0xBB, 0xBF]))
    #expect(
      String(decoding: bytes.dropFirst(3), as: UTF8.self)
        == "逆向单号,amount (CNY),title\r\n110000235001\t,120.50,\"'=HYPERLINK(\"\"x\"\")\"\r\n"
        + "0042\t,-0.05,\"a|b*, \"\"c\"\"\nd\"\r\nTotal 合计 · 2,120.45,\r\n")
  }

  @Test(arguments: [
    ("1460310000000", "1460310000000\t"), ("123", "123"), ("1E5", "1E5\t"), ("007", "007\t"), ("0", "0"),
    ("+86 1380000", "'+86 1380000"), ("@all", "'@all"), ("-x", "'-x"), ("SF123", "SF123"), ("", ""),
  ])
  func whatASpreadsheetWouldMistakeIsGuarded(_ text: String, _ cell: String) {
    let bytes = CSVReport.bytes(ReportTable(["rows": [["a": "x", "b": .string(text)]]]))
    #expect(String(decoding: bytes.dropFirst(3), as: UTF8.self) == "a,b\r\nx,\(cell)\r\n")
  }

  @Test func aTableWithNothingIsAFileWithNothing() {
    #expect(CSVReport.bytes(ReportTable(["rows": []])) == [0xEF, 0xBB, 0xBF])
  }

  @Test(
    arguments: [("a.md", .markdown), ("A.XLSX", .xlsx), ("x/y.csv", .csv), ("j.json", .json)]
      as [(String, ReportFormat)])
  func theEndingSaysTheForm(_ path: String, _ format: ReportFormat) {
    #expect(ReportFormat(path: path) == format)
    #expect(ReportFormat(path: path + "x") == nil)
    #expect(ReportFormat(path: "csv") == nil)
  }

  // MARK: Spreadsheets

  /// What another reader, Python's, finds in a spreadsheet: its sheets' names, and of the first each cell's type and value.
  private func read(_ path: String) throws -> JSON {
    let program = """
      import json, sys, zipfile
      import xml.etree.ElementTree as tree
      n = {"m": "http://schemas.openxmlformats.org/spreadsheetml/2006/main"}
      book = zipfile.ZipFile(sys.argv[1])
      def part(name): return tree.fromstring(book.read("xl/" + name))
      texts = ["".join(t.text or "" for t in s.iter("{%s}t" % n["m"])) for s in part("sharedStrings.xml").findall("m:si", n)]
      cells = {}
      for c in part("worksheets/sheet1.xml").iter("{%s}c" % n["m"]):
          v = c.find("m:v", n)
          if v is None: continue
          cells[c.get("r")] = texts[int(v.text)] if c.get("t") == "s" else float(v.text)
      print(json.dumps({"sheets": [s.get("name") for s in part("workbook.xml").find("m:sheets", n)], "cells": cells}))
      """
    let process = Process()
    process.executableURL = URL(filePath: "/usr/bin/env")
    process.arguments = ["python3", "-c", program, path]
    let pipe = Pipe()
    process.standardOutput = pipe
    try process.run()
    let output = pipe.fileHandleForReading.readDataToEndOfFile()
    process.waitUntilExit()
    #expect(process.terminationStatus == 0)
    return try JSON(parsing: Array(output))
  }

  private func write(_ tables: [ReportTable]) throws -> JSON {
    let path = FileManager.default.temporaryDirectory.appending(path: "ebb-report-\(UUID().uuidString).xlsx").path
    defer { try? FileManager.default.removeItem(atPath: path) }
    try XLSXReport.write(tables, to: path)
    return try read(path)
  }

  @Test func aSpreadsheetHoldsTextAsTextAndMoneyAsNumbers() throws {
    let read = try write([ReportTable(Self.given)])
    #expect(read["sheets"] == ["Refunds · 退款"])
    let cells = try #require(read["cells"])
    #expect(cells["A1"] == "逆向单号" && cells["B1"] == "amount (CNY)")
    #expect(cells["A2"] == "110000235001" && cells["A3"] == "0042" && cells["C2"] == "=HYPERLINK(\"x\")")
    #expect(cells["B2"] == 120.5 && cells["B3"] == -0.05 && cells["B4"] == 120.45)
    #expect(cells["A4"] == "Total 合计 · 2")
  }

  @Test func sheetsHaveNamesThatSpreadsheetsTake() throws {
    let titles = ["a/b[c]:*?", "", "A", "a", String(repeating: "很长", count: 40), "history", "'quoted'"]
    let read = try write(titles.map { ReportTable(["title": .string($0), "rows": [1]]) })
    let names = (read["sheets"]?.array ?? []).compactMap(\.string)
    #expect(names.count == titles.count && Set(names.map { $0.lowercased() }).count == titles.count)
    #expect(names[0] == "abc" && names[1] == "Sheet 2" && names[3] == "Sheet 4" && names[6] == "quoted")
    #expect(names.allSatisfy { $0.utf16.count <= 31 })
  }

  @Test func aFileThatCannotBeIsSaid() {
    #expect(throws: XLSXReport.Problem.unwritable) {
      try XLSXReport.write([ReportTable(["rows": [1]])], to: "/nowhere/at/all.xlsx")
    }
  }

  @Test func numbersThatASpreadsheetWouldRoundAreText() throws {
    let read = try write([ReportTable(["rows": [["n": .integer(9_007_199_254_740_993)], ["n": 5]]])])
    #expect(read["cells"]?["A2"] == "9007199254740993" && read["cells"]?["A3"] == 5.0)
  }
}

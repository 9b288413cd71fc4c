import Testing

@testable import Playbooks

@Suite struct SheetTextTests {
  /// 逆向单号,快递公司,运单号 in GB18030.
  static let headings: [UInt8] = [
    0xC4, 0xE6, 0xCF, 0xF2, 0xB5, 0xA5, 0xBA, 0xC5, 0x2C, 0xBF, 0xEC, 0xB5, 0xDD, 0xB9, 0xAB, 0xCB, 0xBE, 0x2C, 0xD4,
    0xCB,
    0xB5, 0xA5, 0xBA, 0xC5,
  ]

  private static func text(_ bytes: [UInt8]) throws -> String {
    String(decoding: try SheetText.utf8(of: bytes), as: UTF8.self)
  }

  @Test func everyEncoding() throws {
    #expect(try Self.text(Array("单号".utf8)) == "单号")
    #expect(try Self.text([0xEF, 0xBB, 0xBF] + Array("单号".utf8)) == "单号")
    #expect(try Self.text(Self.headings) == "逆向单号,快递公司,运单号")
    // 㐀 and 😀 need four bytes there: U+3400 and a sign beyond the basic plane.
    #expect(try Self.text([0x81, 0x39, 0xEE, 0x39, 0x94, 0x39, 0xFC, 0x36]) == "㐀😀")
    #expect(try Self.text([]) == "")
  }

  @Test func aLongTextIsWhole() throws {
    let line: [UInt8] = Self.headings + [0x0A]
    let bytes = Array(repeatElement(line, count: 20_000).joined())
    #expect(try Self.text(bytes) == String(repeating: "逆向单号,快递公司,运单号\n", count: 20_000))
  }

  @Test(
    arguments: [
      ([0x50, 0x4B, 0x03, 0x04, 0x14], "it is an Excel workbook, not CSV"),
      ([0xD0, 0xCF, 0x11, 0xE0, 0xA1], "it is an old Excel workbook, not CSV"),
      ([0xFF, 0xFE, 0x41, 0x00], "it is in UTF-16"), ([0x41, 0x00, 0x42], "it is no text: it holds NUL bytes"),
      ([0xEF, 0xBB, 0xBF, 0xC4], "it is no text: it begins as UTF-8 and is none"),
      ([0x61, 0x0A, 0x62, 0x0A, 0xFF, 0x0A], "it is no text: line 3 is neither UTF-8 nor GB18030"),
      ([0xC4], "it is no text: line 1 is neither UTF-8 nor GB18030"),
    ] as [([UInt8], String)])
  func whatIsNoText(_ bytes: [UInt8], _ message: String) {
    let problem = #expect(throws: ParameterProblem.self) { try Self.text(bytes) }
    #expect(problem?.description == message && problem?.hint == "save it as \"CSV UTF-8\"")
  }
}

import Testing

@testable import JSON

/// One spelling and the value it must read as.
struct Spelling: Sendable, CustomTestStringConvertible {
  let text: String
  let value: JSON
  var testDescription: String { text }

  init(_ text: String, _ value: JSON) {
    (self.text, self.value) = (text, value)
  }
}

@Suite struct ParsingTests {
  @Test(arguments: [
    Spelling("0", 0), Spelling("-1", -1), Spelling(" \t\r\n7 ", 7),
    Spelling("9223372036854775807", .integer(.max)),
    Spelling("-9223372036854775808", .integer(.min)),
    Spelling("1100002350019876543", .integer(1_100_002_350_019_876_543)),
    Spelling("9223372036854775808", .bigInteger("9223372036854775808")),
    Spelling("-9223372036854775809", .bigInteger("-9223372036854775809")),
    Spelling("12345678901234567890", .bigInteger("12345678901234567890")),
    Spelling("1.0", .number(1)), Spelling("1e2", .number(100)), Spelling("1E+2", .number(100)),
    Spelling("2.5e-3", .number(0.0025)), Spelling("0.1", .number(0.1)), Spelling("1e-400", .number(0)),
    Spelling("true", true), Spelling("false", false), Spelling("null", nil),
    Spelling("[]", []), Spelling("{}", [:]), Spelling("[ ]", []), Spelling("{ }", [:]),
    Spelling("[1,[2,{}]]", [1, [2, [:]]]), Spelling(#"{"a":{"b":[null]}}"#, ["a": ["b": [nil]]]),
  ])
  func value(_ spelling: Spelling) throws {
    #expect(try JSON(parsing: spelling.text) == spelling.value)
  }

  @Test func integersAndFloatsStayApart() throws {
    #expect(try JSON(parsing: "1") != JSON(parsing: "1.0"))
    #expect(try JSON(parsing: "1.0").integer == nil)
    #expect(try JSON(parsing: "9223372036854775808").integer == nil)
    #expect(try JSON(parsing: "9223372036854775808").kind == "integer")
  }

  @Test func minusZeroKeepsItsSign() throws {
    guard case .number(let value) = try JSON(parsing: "-0") else {
      Issue.record("-0 is a number")
      return
    }
    #expect(value.sign == .minus && value.isZero)
  }

  @Test(arguments: [
    Spelling(#""""#, ""), Spelling(#""\"\\\/""#, "\"\\/"), Spelling(#""\b\f\n\r\t""#, "\u{8}\u{C}\n\r\t"),
    Spelling(#""\u0041\u00e9\u4E2D""#, "Aé中"), Spelling(#""\ud83d\ude00""#, "😀"), Spelling(#""\uD83D\uDE00""#, "😀"),
    Spelling(#""\ud83d""#, "\u{FFFD}"), Spelling(#""\ude00""#, "\u{FFFD}"), Spelling(#""\ud83dx""#, "\u{FFFD}x"),
    Spelling(#""\ud83d\n""#, "\u{FFFD}\n"), Spelling(#""\ud83d\u0041""#, "\u{FFFD}A"),
    Spelling(#""\ud83d\ud83d\ude00""#, "\u{FFFD}😀"), Spelling(#""\u0000""#, "\u{0}"),
    Spelling(#""撤销超期逆向单""#, "撤销超期逆向单"), Spelling("\"\u{7F}\u{2028}\"", "\u{7F}\u{2028}"),
  ])
  func string(_ spelling: Spelling) throws {
    let read = try #require(try JSON(parsing: spelling.text).string)
    #expect(Array(read.utf8) == Array((spelling.value.string ?? "?").utf8))
  }

  @Test func theLastOfEqualKeysHolds() throws {
    let value = try JSON(parsing: #"{"a":1,"b":2,"a":3}"#)
    #expect(value["a"] == 3)
    #expect(value.object?.keys == ["a", "b"])
  }

  @Test func membersKeepTheirOrder() throws {
    #expect(try JSON(parsing: #"{"z":1,"a":2,"中":3}"#).object?.keys == ["z", "a", "中"])
  }

  @Test func keysAreComparedByTheirBytes() throws {
    // Swift's strings call these two equal; on the wire they are two members.
    let text = "{\"e\u{301}\":1,\"\u{E9}\":2}"
    #expect(Array(try JSON(parsing: text).bytes()) == Array(text.utf8))
  }

  @Test(arguments: [
    "[1,2,{\"a\":[3]}]", "{\"a\":1}", "\"x\"", " [] ",
  ])
  func bytesAndTextReadAlike(_ text: String) throws {
    #expect(try JSON(parsing: Array(text.utf8)) == JSON(parsing: text))
    #expect(try JSON(parsing: text.utf8.lazy.map { $0 }) == JSON(parsing: text))
  }
}

/// A document that is no JSON, and what must be said about it.
struct Fault: Sendable, CustomTestStringConvertible {
  let bytes: [UInt8]
  let reason: String
  let offset: Int
  let pointer: JSONPointer
  var testDescription: String { String(decoding: bytes, as: UTF8.self) + " — " + reason }

  init(_ text: String, _ reason: String, at offset: Int, in pointer: JSONPointer = "") {
    self.init(bytes: Array(text.utf8), reason, at: offset, in: pointer)
  }

  init(bytes: [UInt8], _ reason: String, at offset: Int, in pointer: JSONPointer = "") {
    (self.bytes, self.reason, self.offset, self.pointer) = (bytes, reason, offset, pointer)
  }
}

@Suite struct ParsingErrorTests {
  @Test(arguments: [
    Fault("", "unexpected end", at: 0), Fault("   ", "unexpected end", at: 3),
    Fault("[1,2", "unexpected end", at: 4), Fault(#"{"a":1"#, "unexpected end", at: 6),
    Fault("1 2", "unexpected text after the value", at: 2), Fault("[1]x", "unexpected text after the value", at: 3),
    Fault("tru", "unexpected end", at: 0), Fault("trux", "unexpected character", at: 0),
    Fault("nul1", "unexpected character", at: 0), Fault("<html>", "unexpected character", at: 0),
    Fault("[1 2]", "expected ',' or ']'", at: 3), Fault(#"{"a":1 "b":2}"#, "expected ',' or '}'", at: 7),
    Fault(#"{"a" 1}"#, "expected ':'", at: 5), Fault("{a:1}", "expected a key in quotes", at: 1),
    Fault(#"{"a":1,}"#, "expected a key in quotes", at: 7),
    Fault("[1,]", "unexpected character", at: 3, in: "/1"), Fault("[,1]", "unexpected character", at: 1, in: "/0"),
    Fault("-", "expected a digit", at: 1), Fault("+1", "unexpected character", at: 0),
    Fault(".5", "unexpected character", at: 0), Fault("1.", "expected a digit", at: 2),
    Fault("1e", "expected a digit", at: 2), Fault("1e+", "expected a digit", at: 3),
    Fault("01", "unexpected text after the value", at: 1), Fault("NaN", "unexpected character", at: 0),
    Fault("1e400", "number out of range", at: 0), Fault(#"{"a":[0,-1e999]}"#, "number out of range", at: 8, in: "/a/1"),
    Fault("\"abc", "unexpected end of a string", at: 4), Fault("\"a\\", "unexpected end of a string", at: 3),
    Fault(#""\x""#, "unknown escape", at: 2), Fault(#""\u12""#, "unexpected end of a string", at: 3),
    Fault(#""\u12G4""#, "expected four hexadecimal digits", at: 5),
    Fault("\"a\nb\"", "a control character in a string", at: 2),
    Fault(#"{"data":{"items":[{"id":bad}]}}"#, "unexpected character", at: 24, in: "/data/items/0/id"),
    Fault(#"{"a/b":{"m~n":?}}"#, "unexpected character", at: 14, in: "/a~1b/m~0n"),
    Fault(bytes: [0x22, 0xFF, 0x22], "text that is not UTF-8", at: 2),
    Fault(bytes: [0x22, 0xC0, 0x80, 0x22], "text that is not UTF-8", at: 3),
    Fault(bytes: [0x22, 0xED, 0xA0, 0x80, 0x22], "text that is not UTF-8", at: 4),
    Fault(bytes: [0x22, 0x5C, 0x6E, 0xE4, 0xB8, 0x22], "text that is not UTF-8", at: 5),
  ])
  func place(_ fault: Fault) throws {
    let error = #expect(throws: JSONError.self) { try JSON(parsing: fault.bytes) }
    #expect(error?.reason == fault.reason)
    #expect(error?.offset == fault.offset)
    #expect(error?.pointer == fault.pointer)
  }

  @Test func descriptionNamesThePlace() {
    #expect(JSONError(reason: "unexpected end", offset: 4).description == "unexpected end at byte 4")
    #expect(
      JSONError(reason: "expected ':'", offset: 9, pointer: "/a/0").description == "expected ':' at /a/0 (byte 9)")
  }

  @Test(arguments: [("[", "]"), (#"{"a":"#, "}")])
  func depthIsBounded(_ open: String, _ close: String) throws {
    func nested(_ depth: Int) -> String {
      String(repeating: open, count: depth) + "0" + String(repeating: close, count: depth)
    }
    #expect(throws: Never.self) { try JSON(parsing: nested(JSON.maximumDepth)) }
    let error = #expect(throws: JSONError.self) { try JSON(parsing: nested(JSON.maximumDepth + 1)) }
    #expect(error?.reason == "nested deeper than 64")
    #expect(error?.pointer.tokens.count == JSON.maximumDepth)
    #expect(throws: JSONError.self) { try JSON(parsing: String(repeating: open, count: 1_000_000)) }
    #expect(throws: JSONError.self) { try JSON(parsing: nested(3).utf8, maximumDepth: 2) }
  }
}

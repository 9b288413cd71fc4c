import Foundation
import JSON
import Testing

/// SplitMix64: the same values for the same seed, on every machine.
struct Seeded: RandomNumberGenerator {
  var state: UInt64

  mutating func next() -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    var mixed = state
    mixed = (mixed ^ mixed >> 30) &* 0xBF58_476D_1CE4_E5B9
    mixed = (mixed ^ mixed >> 27) &* 0x94D0_49BB_1331_11EB
    return mixed ^ mixed >> 31
  }

  /// One of these.
  mutating func pick<Element>(_ elements: [Element]) -> Element {
    elements[Int.random(in: elements.indices, using: &self)]
  }
}

extension JSON {
  /// Any value, with what is hard about each kind more often than chance would have it.
  static func any(_ draws: inout Seeded, depth: Int = 0) -> JSON {
    switch Int.random(in: 0..<(depth < 5 ? 10 : 7), using: &draws) {
    case 0: .null
    case 1: .bool(.random(using: &draws))
    case 2:
      .integer(draws.pick([.min, .max, 0, -1, Int64(bitPattern: draws.next())]))
    case 3:
      .bigInteger(
        draws.pick(["-", ""]) + "9" + String(UInt64.random(in: (1 << 63)..<(9 << 60), using: &draws)))
    case 4: .number(finite(&draws))
    case 5, 6: .string(text(&draws))
    case 7, 8: .array((0..<Int.random(in: 0..<5, using: &draws)).map { _ in any(&draws, depth: depth + 1) })
    default:
      .object(
        JSONObject(
          (0..<Int.random(in: 0..<5, using: &draws)).map { _ in
            (key: text(&draws), value: any(&draws, depth: depth + 1))
          }))
    }
  }

  private static func finite(_ draws: inout Seeded) -> Double {
    let value = Double(bitPattern: draws.next())
    return value.isFinite
      ? value : draws.pick([0.1, -0.0, .greatestFiniteMagnitude, .leastNonzeroMagnitude, 1e21])
  }

  private static func text(_ draws: inout Seeded) -> String {
    let alphabet: [Character] = [
      "a", "\"", "\\", "/", "\u{0}", "\u{1F}", "\n", "é", "e\u{301}", "中", "😀", "\u{2028}", "\u{FFFD}", "~",
    ]
    return String((0..<Int.random(in: 0..<6, using: &draws)).map { _ in draws.pick(alphabet) })
  }
}

@Suite struct RoundTripTests {
  @Test(arguments: [JSON.Layout.compact, .canonical, .pretty])
  func whatIsWrittenReadsBack(_ layout: JSON.Layout) throws {
    for seed in 0..<400 as Range<UInt64> {
      var draws = Seeded(state: seed)
      let value = JSON.any(&draws)
      let bytes = value.bytes(layout)
      let read = try JSON(parsing: bytes)
      #expect(read == value, "seed \(seed)")
      #expect(read.bytes(layout) == bytes, "seed \(seed)")
    }
  }

  @Test func noByteStringTrapsTheReader() {
    let alphabet = Array(#"{}[]":,\u0123e+-.truefalsn "#.utf8) + [0x00, 0x80, 0xC3, 0xFF]
    for seed in 0..<2000 as Range<UInt64> {
      var draws = Seeded(state: seed)
      let bytes = (0..<Int.random(in: 0..<24, using: &draws)).map { _ in draws.pick(alphabet) }
      do {
        let value = try JSON(parsing: bytes)
        #expect((try? JSON(parsing: value.bytes())) == value, "seed \(seed)")
      } catch {
        #expect(error.offset <= bytes.count, "seed \(seed)")
      }
    }
  }

  @Test func everyPrefixOfADocumentIsRefused() throws {
    let document = try Self.documented()
    let end = document.lastIndex(of: UInt8(ascii: "}")) ?? 0
    for length in stride(from: 0, through: end, by: 37) {
      #expect(throws: JSONError.self) { try JSON(parsing: document[..<length]) }
    }
  }

  @Test func theDocumentedAnswerSurvives() throws {
    let document = try Self.documented()
    let value = try JSON(parsing: document)
    let again = try JSON(parsing: value.bytes())
    #expect(again == value)
    #expect(Self.bare(document) == value.bytes(), "nothing but white space between values may change")
  }

  /// The cancel answer as the vendor documents it; the catalogue's tests keep it.
  static func documented() throws -> [UInt8] {
    let tests = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
    return Array(try Data(contentsOf: tests.appending(path: "CatalogueTests/Fixtures/cancel-response.json")))
  }

  /// The bytes without white space outside strings, found without the parser under test.
  private static func bare(_ bytes: [UInt8]) -> [UInt8] {
    var isQuoted = false
    var isEscaped = false
    return bytes.filter { byte in
      defer { isEscaped = isQuoted && byte == UInt8(ascii: "\\") && !isEscaped }
      if byte == UInt8(ascii: "\""), !isEscaped { isQuoted.toggle() }
      return isQuoted || !" \t\r\n".utf8.contains(byte)
    }
  }
}

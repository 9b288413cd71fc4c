/// The words of a Lua source that say where it decides: names, texts and marks, each with its line.
///
/// It reads what compiles, and no more closely than that: numbers and operators are marks.
struct LuaTokens {
  enum Token: Equatable {
    case name(String)
    case text(String)
    case mark(UInt8)
  }

  private let source: [UInt8]
  private var place = 0
  private var line = 1
  private(set) var tokens: [(token: Token, line: Int)] = []

  init(_ source: [UInt8]) {
    self.source = source
    while place < source.count { readNext() }
  }

  private func byte(_ offset: Int = 0) -> UInt8 { place + offset < source.count ? source[place + offset] : 0 }

  private mutating func skip() {
    if byte() == UInt8(ascii: "\n") { line += 1 }
    place += 1
  }

  private mutating func readNext() {
    let first = byte()
    if first == UInt8(ascii: "-"), byte(1) == first { return skipComment() }
    if first == UInt8(ascii: "["), let level = longLevel() {
      let start = line
      tokens.append((.text(readLong(level)), start))
    } else if first == UInt8(ascii: "\"") || first == UInt8(ascii: "'") {
      readQuoted(first)
    } else if Self.isLetter(first) {
      let start = place
      while Self.isLetter(byte()) || Self.isDigit(byte()) { place += 1 }
      tokens.append((.name(String(decoding: source[start..<place], as: UTF8.self)), line))
    } else if Self.isDigit(first) {
      tokens.append((.mark(UInt8(ascii: "0")), line))
      while Self.isLetter(byte()) || Self.isDigit(byte()) || byte() == UInt8(ascii: ".") { place += 1 }
    } else {
      if first > UInt8(ascii: " ") { tokens.append((.mark(first), line)) }
      skip()
    }
  }

  private mutating func skipComment() {
    place += 2
    if byte() == UInt8(ascii: "["), let level = longLevel() {
      _ = readLong(level)
    } else {
      while place < source.count, byte() != UInt8(ascii: "\n") { place += 1 }
    }
  }

  /// How many `=` stand in the long bracket that begins here; nil where none begins.
  private func longLevel() -> Int? {
    var level = 0
    while byte(1 + level) == UInt8(ascii: "=") { level += 1 }
    return byte(1 + level) == UInt8(ascii: "[") ? level : nil
  }

  private mutating func readLong(_ level: Int) -> String {
    place += level + 2
    let start = place
    let close = [UInt8(ascii: "]")] + Array(repeating: UInt8(ascii: "="), count: level) + [UInt8(ascii: "]")]
    while place < source.count, !source[place...].starts(with: close) { skip() }
    let text = String(decoding: source[start..<min(place, source.count)], as: UTF8.self)
    place += close.count
    return text
  }

  private mutating func readQuoted(_ quote: UInt8) {
    let start = line
    place += 1
    var bytes: [UInt8] = []
    while place < source.count, byte() != quote {
      if byte() == UInt8(ascii: "\\") {
        place += 1
        bytes.append(byte() == UInt8(ascii: "n") ? UInt8(ascii: "\n") : byte())
      } else {
        bytes.append(byte())
      }
      skip()
    }
    place += 1
    tokens.append((.text(String(decoding: bytes, as: UTF8.self)), start))
  }

  private static func isLetter(_ byte: UInt8) -> Bool {
    (0x61...0x7A).contains(byte) || (0x41...0x5A).contains(byte) || byte == UInt8(ascii: "_")
  }

  private static func isDigit(_ byte: UInt8) -> Bool { (0x30...0x39).contains(byte) }
}

/// The text of one chunk, checked: UTF-8 without a byte order mark.
struct LuaSource {
  let bytes: [UInt8]

  /// - Throws: a ``LuaError`` of kind `source` that says which encoding the bytes seem to have, and in which line.
  init(_ source: [UInt8], name: String, limit: Int) throws(LuaError) {
    func refuse(_ message: String, at offset: Int) -> LuaError {
      let line = 1 + source[..<offset].count { $0 == UInt8(ascii: "\n") }
      return LuaError(kind: .source, message: message, position: LuaPosition(file: name, line: line))
    }
    guard source.count <= limit else {
      throw refuse("the file is longer than \(limit >> 10) KiB", at: 0)
    }
    if source.starts(with: [0x1B, 0x4C, 0x75, 0x61]) {
      throw refuse("this is compiled Lua; only text can be run", at: 0)
    }
    if source.starts(with: [0xFF, 0xFE]) || source.starts(with: [0xFE, 0xFF]) {
      throw refuse("the file is saved as UTF-16; save it as UTF-8", at: 0)
    }
    if let zero = source.firstIndex(of: 0) {
      throw refuse(
        zero < 2 || source.prefix(512).count { $0 == 0 } > source.prefix(512).count / 4
          ? "the file is saved as UTF-16; save it as UTF-8" : "the file has a NUL byte; save it as UTF-8 text", at: zero
      )
    }
    if let offset = Self.firstInvalid(source) {
      throw refuse(
        Self.looksLikeGBK(source)
          ? "the file is saved in GBK (GB18030); save it as UTF-8" : "the file is no UTF-8 text; save it as UTF-8",
        at: offset)
    }
    var text = source
    if text.starts(with: [0xEF, 0xBB, 0xBF]) { text.removeFirst(3) }
    // Lua's own file loader skips a first line for the shell; as a comment it keeps its line number.
    if text.starts(with: Array("#!".utf8)) { text.replaceSubrange(0..<2, with: Array("--".utf8)) }
    bytes = text
  }

  /// The index of the first byte that is not part of well-formed UTF-8.
  private static func firstInvalid(_ bytes: [UInt8]) -> Int? {
    var index = 0
    while index < bytes.count {
      let first = bytes[index]
      guard first >= 0x80 else {
        index += 1
        continue
      }
      let (length, low, high): (Int, UInt8, UInt8) =
        switch first {
        case 0xC2...0xDF: (2, 0x80, 0xBF)
        case 0xE0: (3, 0xA0, 0xBF)
        case 0xED: (3, 0x80, 0x9F)
        case 0xE1...0xEF: (3, 0x80, 0xBF)
        case 0xF0: (4, 0x90, 0xBF)
        case 0xF1...0xF3: (4, 0x80, 0xBF)
        case 0xF4: (4, 0x80, 0x8F)
        default: (0, 0, 0)
        }
      guard length > 0, index + length <= bytes.count, (low...high).contains(bytes[index + 1]),
        bytes[(index + 2)..<(index + length)].allSatisfy({ (0x80...0xBF).contains($0) })
      else { return index }
      index += length
    }
    return nil
  }

  /// Whether every byte above ASCII is part of a two-byte or four-byte character of GB18030.
  private static func looksLikeGBK(_ bytes: [UInt8]) -> Bool {
    var index = 0
    while index < bytes.count {
      guard bytes[index] >= 0x80 else {
        index += 1
        continue
      }
      guard (0x81...0xFE).contains(bytes[index]), index + 1 < bytes.count else { return false }
      let second = bytes[index + 1]
      if (0x30...0x39).contains(second) {
        index += 4
      } else if (0x40...0xFE).contains(second), second != 0x7F {
        index += 2
      } else {
        return false
      }
    }
    return true
  }
}

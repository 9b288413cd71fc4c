extension JSON {
  /// Where the value of an object's member stands in a document, byte for byte as it was written: for what is signed or
  /// must not be copied. Of members with the same name the last.
  ///
  /// - Parameters:
  ///   - name: the member's name, found where it is written without escapes.
  ///   - bytes: a document that is valid JSON; of any other the answer means nothing.
  /// - Returns: nil where the document is no object or has no such member.
  public static func range(ofMember name: String, in bytes: [UInt8]) -> Range<Int>? {
    var cursor = SliceCursor(bytes: bytes)
    return cursor.value(of: Array(name.utf8))
  }
}

/// Walks over a document without making values of it.
private struct SliceCursor {
  let bytes: [UInt8]
  var index = 0

  init(bytes: [UInt8]) {
    self.bytes = bytes
  }

  mutating func value(of name: [UInt8]) -> Range<Int>? {
    skipBlanks()
    guard take(UInt8(ascii: "{")) else { return nil }
    var found: Range<Int>?
    while true {
      skipBlanks()
      guard let key = string() else { return found }
      skipBlanks()
      guard take(UInt8(ascii: ":")) else { return found }
      skipBlanks()
      let start = index
      skipValue()
      if bytes[key].elementsEqual(name) { found = start..<index }
      skipBlanks()
      guard take(UInt8(ascii: ",")) else { return found }
    }
  }

  private mutating func take(_ byte: UInt8) -> Bool {
    guard index < bytes.count, bytes[index] == byte else { return false }
    index += 1
    return true
  }

  private mutating func skipBlanks() {
    while index < bytes.count, [0x20, 0x09, 0x0A, 0x0D].contains(bytes[index]) { index += 1 }
  }

  /// A string's bytes between its quotes.
  private mutating func string() -> Range<Int>? {
    guard take(UInt8(ascii: "\"")) else { return nil }
    let start = index
    while index < bytes.count, bytes[index] != UInt8(ascii: "\"") {
      index += bytes[index] == UInt8(ascii: "\\") ? 2 : 1
    }
    guard index < bytes.count else { return nil }
    index += 1
    return start..<(index - 1)
  }

  private mutating func skipValue() {
    var depth = 0
    while index < bytes.count {
      switch bytes[index] {
      case UInt8(ascii: "\""): _ = string()
      case UInt8(ascii: "{"), UInt8(ascii: "["):
        depth += 1
        index += 1
      case UInt8(ascii: "}"), UInt8(ascii: "]"):
        if depth == 0 { return }
        depth -= 1
        index += 1
      case UInt8(ascii: ",") where depth == 0: return
      case 0x20, 0x09, 0x0A, 0x0D:
        if depth == 0 { return }
        index += 1
      default: index += 1
      }
      if depth == 0, index > 0, [UInt8(ascii: "\""), UInt8(ascii: "}"), UInt8(ascii: "]")].contains(bytes[index - 1]) {
        return
      }
    }
  }
}

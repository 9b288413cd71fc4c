/// Percent-encoding as RFC 3986 has it: everything but letters, digits, `-`, `.`, `_` and `~` is encoded.
enum PercentEncoding {
  /// The text with every reserved byte of its UTF-8 form as `%XX`, upper case; a space is `%20`, never `+`.
  static func encode(_ text: String) -> String {
    if text.utf8.allSatisfy(isUnreserved) { return text }
    let digits = Array("0123456789ABCDEF".utf8)
    var output: [UInt8] = []
    output.reserveCapacity(text.utf8.count)
    for byte in text.utf8 {
      if isUnreserved(byte) {
        output.append(byte)
      } else {
        output += [UInt8(ascii: "%"), digits[Int(byte >> 4)], digits[Int(byte & 15)]]
      }
    }
    return String(decoding: output, as: UTF8.self)
  }

  /// Whether a path segment consists of characters that may stand in one, with every `%` followed by two hex digits.
  static func isEncoded(_ segment: Substring) -> Bool {
    let bytes = Array(segment.utf8)
    var index = 0
    while index < bytes.count {
      if bytes[index] == UInt8(ascii: "%") {
        guard index + 2 < bytes.count, isHex(bytes[index + 1]), isHex(bytes[index + 2]) else { return false }
        index += 3
      } else {
        guard isUnreserved(bytes[index]) || "!$&'()*+,;=:@".utf8.contains(bytes[index]) else { return false }
        index += 1
      }
    }
    return true
  }

  private static func isUnreserved(_ byte: UInt8) -> Bool {
    byte.isAlphanumeric || "-._~".utf8.contains(byte)
  }

  private static func isHex(_ byte: UInt8) -> Bool {
    Character(Unicode.Scalar(byte)).isHexDigit
  }
}

/// Several byte strings as one: each after its length, in groups of seven bits, the lowest first.
enum Frames {
  static func joined(_ parts: [[UInt8]]) -> [UInt8] {
    var bytes: [UInt8] = []
    bytes.reserveCapacity(parts.reduce(0) { $0 + $1.count + 3 })
    for part in parts {
      var length = part.count
      while length >= 0x80 {
        bytes.append(UInt8(length & 0x7F) | 0x80)
        length >>= 7
      }
      bytes.append(UInt8(length))
      bytes += part
    }
    return bytes
  }

  /// Nil where the bytes are no frames.
  static func split(_ bytes: [UInt8]) -> [[UInt8]]? {
    var parts: [[UInt8]] = []
    var index = 0
    while index < bytes.count {
      var length = 0
      var shift = 0
      while true {
        guard index < bytes.count, shift < 56 else { return nil }
        let byte = bytes[index]
        index += 1
        length |= Int(byte & 0x7F) << shift
        if byte < 0x80 { break }
        shift += 7
      }
      guard length <= bytes.count - index else { return nil }
      parts.append(Array(bytes[index..<index + length]))
      index += length
    }
    return parts
  }
}

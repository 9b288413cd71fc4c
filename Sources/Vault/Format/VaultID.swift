/// A vault's name of 16 random bytes: bound to all that is in it, so that nothing of one vault opens in another.
public struct VaultID: Hashable, Sendable, CustomStringConvertible {
  let bytes: [UInt8]

  static let length = 16

  init(bytes: [UInt8]) {
    self.bytes = bytes
  }

  /// As 32 hex digits.
  public var description: String { hex(bytes) }
}

/// Bytes as lower-case hex.
func hex(_ bytes: some Sequence<UInt8>) -> String {
  let digits = Array("0123456789abcdef".utf8)
  return String(decoding: bytes.flatMap { [digits[Int($0 >> 4)], digits[Int($0 & 15)]] }, as: UTF8.self)
}

/// The bytes of lower-case hex; nil for anything else.
func unhex(_ text: some StringProtocol) -> [UInt8]? {
  var result: [UInt8] = []
  var high: UInt8?
  for byte in text.utf8 {
    let digit: UInt8
    switch byte {
    case UInt8(ascii: "0")...UInt8(ascii: "9"): digit = byte - UInt8(ascii: "0")
    case UInt8(ascii: "a")...UInt8(ascii: "f"): digit = byte - UInt8(ascii: "a") + 10
    default: return nil
    }
    if let first = high {
      result.append(first << 4 | digit)
      high = nil
    } else {
      high = digit
    }
  }
  return high == nil ? result : nil
}

/// Paths as bytes that sort as the paths do: most steps take one or two.
///
/// An ordinal below 0xF0 is one byte. Above, the first byte says how many follow (0xF0 is one), the most significant
/// first: so a longer number is a greater one. A path is less than those it begins.
enum PathBytes {
  private static let mark: UInt8 = 0xF0

  static func encode(_ path: StepPath) -> [UInt8] {
    var bytes: [UInt8] = []
    bytes.reserveCapacity(path.ordinals.count)
    for ordinal in path.ordinals {
      if (0..<Int(mark)).contains(ordinal) {
        bytes.append(UInt8(ordinal))
        continue
      }
      let digits = withUnsafeBytes(of: UInt64(bitPattern: Int64(ordinal)).bigEndian) { Array($0.drop { $0 == 0 }) }
      bytes.append(mark + UInt8(digits.count - 1))
      bytes += digits
    }
    return bytes
  }

  /// Nil where the bytes are no path's.
  static func decode(_ bytes: [UInt8]) -> StepPath? {
    var ordinals: [Int] = []
    var index = 0
    while index < bytes.count {
      let first = bytes[index]
      index += 1
      guard first >= mark else {
        ordinals.append(Int(first))
        continue
      }
      let end = index + Int(first - mark) + 1
      guard end <= bytes.count, end - index <= 8 else { return nil }
      let value = bytes[index..<end].reduce(UInt64(0)) { $0 << 8 | UInt64($1) }
      ordinals.append(Int(Int64(bitPattern: value)))
      index = end
    }
    return StepPath(ordinals)
  }
}

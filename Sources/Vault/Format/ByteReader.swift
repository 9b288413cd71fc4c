/// Reads numbers (big-endian) and strings of bytes, one after the other; nil where the bytes end too early.
struct ByteReader {
  private let bytes: ArraySlice<UInt8>
  private(set) var position: Int

  init(_ bytes: ArraySlice<UInt8>) {
    self.bytes = bytes
    position = bytes.startIndex
  }

  /// Whether all is read.
  var isAtEnd: Bool { position == bytes.endIndex }

  mutating func bytes(_ count: Int) -> [UInt8]? {
    guard count >= 0, count <= bytes.endIndex - position else { return nil }
    defer { position += count }
    return Array(bytes[position..<position + count])
  }

  mutating func integer<Value: FixedWidthInteger>(_ type: Value.Type = Value.self) -> Value? {
    guard let bytes = bytes(Value.bitWidth / 8) else { return nil }
    return bytes.reduce(Value(0)) { $0 << 8 | Value(truncatingIfNeeded: $1) }
  }

  /// A text after its length in two bytes; nil also where it is not UTF-8.
  mutating func text() -> String? {
    guard let count = integer(UInt16.self), let bytes = bytes(Int(count)) else { return nil }
    return String(validating: bytes, as: UTF8.self)
  }
}

extension [UInt8] {
  /// Appends a number, big-endian.
  mutating func append(integer value: some FixedWidthInteger) {
    Swift.withUnsafeBytes(of: value.bigEndian) { append(contentsOf: $0) }
  }

  /// Appends a text of at most 65,535 bytes after its length in two bytes.
  mutating func append(text: String) {
    append(integer: UInt16(clamping: text.utf8.count))
    append(contentsOf: text.utf8.prefix(Int(UInt16.max)))
  }
}

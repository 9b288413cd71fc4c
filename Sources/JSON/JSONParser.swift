/// Why bytes are not JSON, and where.
public struct JSONError: Error, Hashable, Sendable, CustomStringConvertible {
  /// What is wrong, in words that need no context.
  public let reason: String
  /// The offset in bytes at which reading stopped.
  public let offset: Int
  /// The value that was being read.
  public let pointer: JSONPointer

  /// An error at that place.
  public init(reason: String, offset: Int, pointer: JSONPointer = JSONPointer()) {
    self.reason = reason
    self.offset = offset
    self.pointer = pointer
  }

  public var description: String {
    pointer.tokens.isEmpty ? "\(reason) at byte \(offset)" : "\(reason) at \(pointer) (byte \(offset))"
  }
}

extension JSON {
  /// How deep arrays and objects may nest, in every reader of Ebb.
  public static let maximumDepth = 64

  /// Reads one JSON document; anything but white space after it is an error.
  ///
  /// A lone surrogate escape becomes U+FFFD; of equal keys the last holds.
  public init(parsing bytes: some Sequence<UInt8>, maximumDepth: Int = JSON.maximumDepth) throws(JSONError) {
    let inPlace = bytes.withContiguousStorageIfAvailable { Self.document(in: $0, maximumDepth: maximumDepth) }
    let result =
      inPlace ?? ContiguousArray(bytes).withUnsafeBufferPointer { Self.document(in: $0, maximumDepth: maximumDepth) }
    self = try result.get()
  }

  private static func document(
    in bytes: UnsafeBufferPointer<UInt8>, maximumDepth: Int
  ) -> Result<JSON, JSONError> {
    var parser = JSONParser(bytes: bytes, maximumDepth: maximumDepth)
    do throws(JSONError) {
      return .success(try parser.document())
    } catch {
      return .failure(error)
    }
  }

  /// Reads one JSON document from text.
  public init(parsing text: String) throws(JSONError) {
    try self.init(parsing: text.utf8)
  }
}

/// A recursive reader over bytes; it copies nothing but the strings it returns.
struct JSONParser {
  let bytes: UnsafeBufferPointer<UInt8>
  let maximumDepth: Int
  private var offset = 0
  private var depth = 0

  init(bytes: UnsafeBufferPointer<UInt8>, maximumDepth: Int) {
    self.bytes = bytes
    self.maximumDepth = maximumDepth
  }

  mutating func document() throws(JSONError) -> JSON {
    let value = try value()
    skipSpace()
    guard offset == bytes.count else { throw failure("unexpected text after the value") }
    return value
  }

  private func failure(_ reason: String) -> JSONError {
    JSONError(reason: reason, offset: offset)
  }

  private var byte: UInt8? { offset < bytes.count ? bytes[offset] : nil }

  private mutating func skipSpace() {
    while let byte, byte == 0x20 || byte == 0x0A || byte == 0x0D || byte == 0x09 { offset += 1 }
  }

  private mutating func value() throws(JSONError) -> JSON {
    skipSpace()
    switch byte {
    case nil: throw failure("unexpected end")
    case UInt8(ascii: "{"): return try object()
    case UInt8(ascii: "["): return try array()
    case UInt8(ascii: "\""): return .string(try string())
    case UInt8(ascii: "t"): return try literal("true", .bool(true))
    case UInt8(ascii: "f"): return try literal("false", .bool(false))
    case UInt8(ascii: "n"): return try literal("null", .null)
    default: return try number()
    }
  }

  /// A value inside another; an error in it is told from there.
  private mutating func value(at token: @autoclosure () -> String) throws(JSONError) -> JSON {
    depth += 1
    do throws(JSONError) {
      let value = try value()
      depth -= 1
      return value
    } catch {
      throw JSONError(
        reason: error.reason, offset: error.offset, pointer: JSONPointer(tokens: [token()] + error.pointer.tokens))
    }
  }

  private mutating func literal(_ word: StaticString, _ value: JSON) throws(JSONError) -> JSON {
    let count = word.utf8CodeUnitCount
    guard bytes.count - offset >= count else { throw failure("unexpected end") }
    for index in 0..<count where bytes[offset + index] != word.utf8Start[index] {
      throw failure("unexpected character")
    }
    offset += count
    return value
  }

  private mutating func object() throws(JSONError) -> JSON {
    guard depth < maximumDepth else { throw failure("nested deeper than \(maximumDepth)") }
    offset += 1
    var members: JSONObject = [:]
    skipSpace()
    if byte == UInt8(ascii: "}") {
      offset += 1
      return .object(members)
    }
    while true {
      skipSpace()
      guard byte == UInt8(ascii: "\"") else { throw failure("expected a key in quotes") }
      let key = try string()
      skipSpace()
      guard byte == UInt8(ascii: ":") else { throw failure("expected ':'") }
      offset += 1
      members[key] = try value(at: key)
      skipSpace()
      switch byte {
      case UInt8(ascii: ","): offset += 1
      case UInt8(ascii: "}"):
        offset += 1
        return .object(members)
      case nil: throw failure("unexpected end")
      default: throw failure("expected ',' or '}'")
      }
    }
  }

  private mutating func array() throws(JSONError) -> JSON {
    guard depth < maximumDepth else { throw failure("nested deeper than \(maximumDepth)") }
    offset += 1
    var elements: [JSON] = []
    skipSpace()
    if byte == UInt8(ascii: "]") {
      offset += 1
      return .array(elements)
    }
    while true {
      elements.append(try value(at: String(elements.count)))
      skipSpace()
      switch byte {
      case UInt8(ascii: ","): offset += 1
      case UInt8(ascii: "]"):
        offset += 1
        return .array(elements)
      case nil: throw failure("unexpected end")
      default: throw failure("expected ',' or ']'")
      }
    }
  }

  private mutating func number() throws(JSONError) -> JSON {
    let start = offset
    if let value = shortInteger() { return .integer(value) }
    var isInteger = true
    if byte == UInt8(ascii: "-") { offset += 1 }
    switch byte {
    case UInt8(ascii: "0"): offset += 1
    case let first? where isDigit(first): skipDigits()
    default: throw failure(offset == start ? "unexpected character" : "expected a digit")
    }
    if byte == UInt8(ascii: ".") {
      isInteger = false
      offset += 1
      try digits()
    }
    if byte == UInt8(ascii: "e") || byte == UInt8(ascii: "E") {
      isInteger = false
      offset += 1
      if byte == UInt8(ascii: "+") || byte == UInt8(ascii: "-") { offset += 1 }
      try digits()
    }
    let text = String(decoding: UnsafeBufferPointer(rebasing: bytes[start..<offset]), as: UTF8.self)
    if isInteger {
      if let value = Int64(text) { return text == "-0" ? .number(-0.0) : .integer(value) }
      return .bigInteger(text)
    }
    guard let value = Double(text), value.isFinite else {
      offset = start
      throw failure("number out of range")
    }
    return .number(value)
  }

  /// An integer of up to 18 digits, which cannot overflow; nil, with nothing read, where there is anything else.
  private mutating func shortInteger() -> Int64? {
    let isNegative = byte == UInt8(ascii: "-")
    let start = isNegative ? offset + 1 : offset
    var end = start
    var value: Int64 = 0
    while end < bytes.count, isDigit(bytes[end]), end - start < 19 {
      value = value &* 10 &+ Int64(bytes[end] &- UInt8(ascii: "0"))
      end += 1
    }
    // A leading zero, also that of -0, is for the reader of any number to judge.
    guard end > start, end - start < 19, bytes[start] != UInt8(ascii: "0") || (end - start == 1 && !isNegative) else {
      return nil
    }
    if end < bytes.count {
      switch bytes[end] {
      case UInt8(ascii: "."), UInt8(ascii: "e"), UInt8(ascii: "E"): return nil
      default: break
      }
    }
    offset = end
    return isNegative ? -value : value
  }

  private func isDigit(_ byte: UInt8) -> Bool { byte >= UInt8(ascii: "0") && byte <= UInt8(ascii: "9") }

  private mutating func skipDigits() {
    while let byte, isDigit(byte) { offset += 1 }
  }

  private mutating func digits() throws(JSONError) {
    guard let byte, isDigit(byte) else { throw failure("expected a digit") }
    skipDigits()
  }

  private mutating func string() throws(JSONError) -> String {
    offset += 1
    let start = offset
    var all: UInt8 = 0
    while let byte, byte != UInt8(ascii: "\""), byte != UInt8(ascii: "\\"), byte >= 0x20 {
      all |= byte
      offset += 1
    }
    if byte == UInt8(ascii: "\"") {
      let plain = UnsafeBufferPointer(rebasing: bytes[start..<offset])
      // Decoding repairs what is not UTF-8, so that it then differs.
      let text = String(decoding: plain, as: UTF8.self)
      guard all < 0x80 || text.utf8.elementsEqual(plain) else { throw failure("text that is not UTF-8") }
      offset += 1
      return text
    }
    var unescaped = ContiguousArray(bytes[start..<offset])
    while true {
      guard let byte else { throw failure("unexpected end of a string") }
      switch byte {
      case UInt8(ascii: "\""):
        guard let text = String(validating: unescaped, as: UTF8.self) else { throw failure("text that is not UTF-8") }
        offset += 1
        return text
      case UInt8(ascii: "\\"):
        offset += 1
        try escape(into: &unescaped)
      case 0..<0x20: throw failure("a control character in a string")
      default:
        unescaped.append(byte)
        offset += 1
      }
    }
  }

  private mutating func escape(into text: inout ContiguousArray<UInt8>) throws(JSONError) {
    guard let byte else { throw failure("unexpected end of a string") }
    offset += 1
    switch byte {
    case UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "/"): text.append(byte)
    case UInt8(ascii: "b"): text.append(0x08)
    case UInt8(ascii: "f"): text.append(0x0C)
    case UInt8(ascii: "n"): text.append(0x0A)
    case UInt8(ascii: "r"): text.append(0x0D)
    case UInt8(ascii: "t"): text.append(0x09)
    case UInt8(ascii: "u"): text.append(contentsOf: Character(try escapedScalar()).utf8)
    default:
      offset -= 1
      throw failure("unknown escape")
    }
  }

  private mutating func escapedScalar() throws(JSONError) -> Unicode.Scalar {
    let replacement: Unicode.Scalar = "\u{FFFD}"
    let unit = try hexUnit()
    guard unit >= 0xD800, unit < 0xE000 else { return Unicode.Scalar(UInt32(unit)) ?? replacement }
    guard unit < 0xDC00, offset + 1 < bytes.count, bytes[offset] == UInt8(ascii: "\\"),
      bytes[offset + 1] == UInt8(ascii: "u")
    else { return replacement }
    let mark = offset
    offset += 2
    let low = try hexUnit()
    guard low >= 0xDC00, low < 0xE000 else {
      offset = mark
      return replacement
    }
    return Unicode.Scalar(0x10000 + (UInt32(unit) - 0xD800) << 10 + (UInt32(low) - 0xDC00)) ?? replacement
  }

  private mutating func hexUnit() throws(JSONError) -> UInt16 {
    guard offset + 4 <= bytes.count else { throw failure("unexpected end of a string") }
    var unit: UInt16 = 0
    for _ in 0..<4 {
      guard let digit = Character(Unicode.Scalar(bytes[offset])).hexDigitValue, bytes[offset] < 0x80 else {
        throw failure("expected four hexadecimal digits")
      }
      unit = unit << 4 | UInt16(digit)
      offset += 1
    }
    return unit
  }
}

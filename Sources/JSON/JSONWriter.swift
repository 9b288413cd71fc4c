extension JSON {
  /// How a value is laid out as text.
  public enum Layout: Hashable, Sendable {
    /// No white space, members in their own order.
    case compact
    /// No white space, members sorted by the bytes of their keys: equal values give equal bytes.
    case canonical
    /// Two spaces a level, members in their own order.
    case pretty
  }

  /// The value as UTF-8 bytes; a number that is not finite is written as `null`.
  public func bytes(_ layout: Layout = .compact) -> [UInt8] {
    var writer = JSONWriter(layout: layout)
    writer.bytes.reserveCapacity(size)
    writer.write(self, depth: 0)
    return writer.bytes
  }

  /// The value as text.
  public func text(_ layout: Layout = .compact) -> String {
    String(decoding: bytes(layout), as: UTF8.self)
  }
}

extension JSON {
  /// About how many bytes the value takes, without white space and escapes: so that memory is taken once.
  fileprivate var size: Int {
    switch self {
    case .null, .bool: 5
    case .integer, .number: 20
    case .bigInteger(let digits): digits.utf8.count
    case .string(let text): text.utf8.count + 2
    case .array(let elements): elements.reduce(2) { $0 + $1.size + 1 }
    case .object(let members): members.members.reduce(2) { $0 + $1.key.utf8.count + $1.value.size + 4 }
    }
  }
}

extension JSON: CustomStringConvertible {
  public var description: String { text() }
}

private struct JSONWriter {
  let layout: JSON.Layout
  var bytes: [UInt8] = []

  init(layout: JSON.Layout) {
    self.layout = layout
  }

  mutating func write(_ value: JSON, depth: Int) {
    switch value {
    case .null: write(raw: "null")
    case .bool(let flag): write(raw: flag ? "true" : "false")
    case .integer(let integer): write(raw: String(integer))
    case .bigInteger(let digits): write(raw: digits)
    case .number(let number): write(raw: number.isFinite ? number.description : "null")
    case .string(let text): write(text)
    case .array(let elements):
      bytes.append(UInt8(ascii: "["))
      var isFirst = true
      for element in elements {
        separate(&isFirst, depth: depth + 1)
        write(element, depth: depth + 1)
      }
      if !isFirst { newLine(depth: depth) }
      bytes.append(UInt8(ascii: "]"))
    case .object(let members):
      bytes.append(UInt8(ascii: "{"))
      var isFirst = true
      for (key, value) in layout == .canonical ? sorted(members.members) : members.members {
        separate(&isFirst, depth: depth + 1)
        write(key)
        bytes.append(UInt8(ascii: ":"))
        if layout == .pretty { bytes.append(UInt8(ascii: " ")) }
        write(value, depth: depth + 1)
      }
      if !isFirst { newLine(depth: depth) }
      bytes.append(UInt8(ascii: "}"))
    }
  }

  private func sorted(_ members: [(key: String, value: JSON)]) -> [(key: String, value: JSON)] {
    if members.count < 2 { return members }
    return members.sorted { $0.key.utf8.lexicographicallyPrecedes($1.key.utf8) }
  }

  private mutating func separate(_ isFirst: inout Bool, depth: Int) {
    if !isFirst { bytes.append(UInt8(ascii: ",")) }
    isFirst = false
    newLine(depth: depth)
  }

  private mutating func newLine(depth: Int) {
    guard layout == .pretty else { return }
    bytes.append(UInt8(ascii: "\n"))
    bytes.append(contentsOf: repeatElement(UInt8(ascii: " "), count: 2 * depth))
  }

  private mutating func write(raw text: String) {
    var text = text
    text.withUTF8 { bytes.append(contentsOf: $0) }
  }

  private mutating func write(_ text: String) {
    var text = text
    bytes.append(UInt8(ascii: "\""))
    text.withUTF8 { text in
      // What needs no escape is copied in runs.
      var copied = 0
      for position in text.indices {
        let byte = text[position]
        guard byte < 0x20 || byte == UInt8(ascii: "\"") || byte == UInt8(ascii: "\\") else { continue }
        bytes.append(contentsOf: UnsafeBufferPointer(rebasing: text[copied..<position]))
        escape(byte)
        copied = position + 1
      }
      bytes.append(contentsOf: UnsafeBufferPointer(rebasing: text[copied...]))
    }
    bytes.append(UInt8(ascii: "\""))
  }

  private mutating func escape(_ byte: UInt8) {
    switch byte {
    case UInt8(ascii: "\""): write(raw: "\\\"")
    case UInt8(ascii: "\\"): write(raw: "\\\\")
    case 0x08: write(raw: "\\b")
    case 0x0C: write(raw: "\\f")
    case 0x0A: write(raw: "\\n")
    case 0x0D: write(raw: "\\r")
    case 0x09: write(raw: "\\t")
    default:
      write(raw: byte < 0x10 ? "\\u000" : "\\u00")
      write(raw: String(byte, radix: 16))
    }
  }
}

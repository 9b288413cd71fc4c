public import JSON
public import Redaction

/// Takes secrets out of a JSON text before it is read, so that they are in no `String`: of the object at the top the members
/// of certain names.
public struct SecretMembers: Sendable {
  /// The secrets, by the name of their member.
  public let secrets: [String: SecretBytes]
  /// All else; the members that were taken out are empty texts in it.
  public let rest: JSON

  /// Reads a text.
  ///
  /// - Throws: ``SecretMembersError`` where it is no JSON object, or a member that is to be secret is no text.
  public init(_ text: SecretBytes, names: Set<String>) throws(SecretMembersError) {
    // The copy has no secret in it once it is read; until then it is wiped whatever happens.
    let copy = UnsafeMutableRawBufferPointer.allocate(byteCount: max(text.count, 1), alignment: 1)
    defer {
      wipe(copy)
      copy.deallocate()
    }
    text.withBytes { copy.copyMemory(from: $0) }
    let bytes = UnsafeMutableRawBufferPointer(rebasing: copy[..<text.count])
    var scanner = Scanner(bytes: bytes)
    var secrets: [String: SecretBytes] = [:]
    for member in scanner.members() where names.contains(member.name) {
      guard let value = member.text else {
        throw SecretMembersError(description: "\(member.name) is not a text")
      }
      guard secrets[member.name] == nil else {
        throw SecretMembersError(description: "\(member.name) is there twice")
      }
      guard let secret = Scanner.unescaped(UnsafeRawBufferPointer(rebasing: bytes[value])) else {
        throw SecretMembersError(description: "\(member.name) has an escape that JSON does not know")
      }
      secrets[member.name] = secret
      // A text of spaces: nothing moves, and what is wrong elsewhere keeps its place.
      for index in value { bytes[index] = UInt8(ascii: " ") }
    }
    do {
      rest = try JSON(parsing: bytes)
    } catch {
      throw SecretMembersError(description: "it is not JSON: \(error.reason) at byte \(error.offset)")
    }
    guard rest.object != nil else { throw SecretMembersError(description: "it is no JSON object") }
    self.secrets = secrets
  }
}

/// Why secrets could not be taken out of a text; never with anything of it.
public struct SecretMembersError: Error, Hashable, Sendable, CustomStringConvertible {
  public let description: String
}

/// Finds the members of the object at the top, as far as the text is JSON; what is not is for the parser to say.
private struct Scanner {
  let bytes: UnsafeMutableRawBufferPointer
  private var position = 0

  init(bytes: UnsafeMutableRawBufferPointer) {
    self.bytes = bytes
  }

  struct Member {
    let name: String
    /// What stands between the quotes; nil where the value is no text.
    let text: Range<Int>?
  }

  mutating func members() -> [Member] {
    skipSpace()
    guard take(UInt8(ascii: "{")) else { return [] }
    var members: [Member] = []
    while position < bytes.count {
      skipSpace()
      guard let name = string() else { return members }
      skipSpace()
      guard take(UInt8(ascii: ":")) else { return members }
      skipSpace()
      let isText = position < bytes.count && bytes[position] == UInt8(ascii: "\"")
      let text = string()
      // A text that does not end is for the parser to say.
      if isText, text == nil { return members }
      let key = String(decoding: bytes[name], as: UTF8.self)
      // A name may be escaped, too; what decodes to a secret's name is one.
      let decoded = Self.unescaped(UnsafeRawBufferPointer(rebasing: bytes[name]))
      members.append(
        Member(name: decoded?.withBytes { String(decoding: $0, as: UTF8.self) } ?? key, text: text))
      if text == nil { skipValue() }
      skipSpace()
      guard take(UInt8(ascii: ",")) else { return members }
    }
    return members
  }

  private mutating func skipSpace() {
    while position < bytes.count, [0x20, 0x09, 0x0A, 0x0D].contains(bytes[position]) { position += 1 }
  }

  private mutating func take(_ byte: UInt8) -> Bool {
    guard position < bytes.count, bytes[position] == byte else { return false }
    position += 1
    return true
  }

  /// The place of what stands between quotes that begin here; nil where none do, or they do not end.
  private mutating func string() -> Range<Int>? {
    guard position < bytes.count, bytes[position] == UInt8(ascii: "\"") else { return nil }
    let start = position + 1
    var end = start
    while end < bytes.count, bytes[end] != UInt8(ascii: "\"") { end += bytes[end] == UInt8(ascii: "\\") ? 2 : 1 }
    guard end < bytes.count else { return nil }
    position = end + 1
    return start..<end
  }

  /// Skips a value that is no text: to the comma or brace behind it, whatever is nested in it.
  private mutating func skipValue() {
    var depth = 0
    while position < bytes.count {
      switch bytes[position] {
      case UInt8(ascii: "\""):
        guard string() != nil else { return position = bytes.count }
        continue
      case UInt8(ascii: "{"), UInt8(ascii: "["): depth += 1
      case UInt8(ascii: "}"), UInt8(ascii: "]"):
        if depth == 0 { return }
        depth -= 1
      case UInt8(ascii: ","): if depth == 0 { return }
      default: break
      }
      position += 1
    }
  }

  /// A text as it is meant; nil where an escape is none of JSON's.
  static func unescaped(_ text: UnsafeRawBufferPointer) -> SecretBytes? {
    // No escape is shorter than what it stands for.
    let plain = UnsafeMutableRawBufferPointer.allocate(byteCount: max(text.count, 1), alignment: 1)
    defer {
      wipe(plain)
      plain.deallocate()
    }
    var (index, count) = (0, 0)
    while index < text.count {
      guard text[index] == UInt8(ascii: "\\") else {
        plain[count] = text[index]
        (index, count) = (index + 1, count + 1)
        continue
      }
      guard let (scalar, length) = escape(text, at: index) else { return nil }
      for byte in UTF8.encode(scalar) ?? UTF8.encodedReplacementCharacter {
        plain[count] = byte
        count += 1
      }
      index += length
    }
    return SecretBytes(unregistered: plain[..<count])
  }

  private static func escape(_ text: UnsafeRawBufferPointer, at index: Int) -> (Unicode.Scalar, Int)? {
    guard index + 1 < text.count else { return nil }
    switch text[index + 1] {
    case UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "/"): return (Unicode.Scalar(text[index + 1]), 2)
    case UInt8(ascii: "b"): return ("\u{8}", 2)
    case UInt8(ascii: "f"): return ("\u{C}", 2)
    case UInt8(ascii: "n"): return ("\n", 2)
    case UInt8(ascii: "r"): return ("\r", 2)
    case UInt8(ascii: "t"): return ("\t", 2)
    case UInt8(ascii: "u"):
      guard let first = unit(text, at: index) else { return nil }
      if let scalar = Unicode.Scalar(first) { return (scalar, 6) }
      guard 0xD800..<0xDC00 ~= first, index + 6 < text.count, text[index + 6] == UInt8(ascii: "\\"),
        let second = unit(text, at: index + 6), 0xDC00..<0xE000 ~= second,
        let scalar = Unicode.Scalar(0x10000 + (UInt32(first) - 0xD800) << 10 + (UInt32(second) - 0xDC00))
      else { return nil }
      return (scalar, 12)
    default: return nil
    }
  }

  /// The four digits of `\u0041`.
  private static func unit(_ text: UnsafeRawBufferPointer, at index: Int) -> UInt16? {
    guard index + 5 < text.count, text[index + 1] == UInt8(ascii: "u") else { return nil }
    var value: UInt16 = 0
    for byte in text[index + 2...index + 5] {
      guard let digit = Character(Unicode.Scalar(byte)).hexDigitValue else { return nil }
      value = value << 4 | UInt16(digit)
    }
    return value
  }
}

/// One encoded form of a secret, to be searched in text.
struct Needle: Hashable, Sendable {
  /// One character of the form, with the other character that means the same there (`A` and `a` in hex). In memory both are
  /// veiled (``Veil``): what must be recognised in text does not rest as text.
  struct Place: Hashable, Sendable {
    private let veiled: UInt8
    private let veiledOther: UInt8

    init(_ byte: UInt8, or other: UInt8? = nil, at index: Int) {
      veiled = byte ^ Veil.byte(index)
      veiledOther = (other ?? byte) ^ Veil.byte(index)
    }

    func byte(at index: Int) -> UInt8 { veiled ^ Veil.byte(index) }
    func other(at index: Int) -> UInt8 { veiledOther ^ Veil.byte(index) }

    func has(_ byte: UInt8, at index: Int) -> Bool {
      let hidden = byte ^ Veil.byte(index)
      return veiled == hidden || veiledOther == hidden
    }
  }

  var form: [Place]
  var replacement: String
  /// How many characters in a row must match.
  var fragment: Int

  /// The forms in which a secret may stand in text; character-wise escapes are not forms of their own (see `Unit`).
  static func forms(of secret: UnsafeRawBufferPointer) -> [[Place]] {
    guard !secret.isEmpty else { return [] }
    return [secret.enumerated().map { Place($0.element, at: $0.offset) }, hex(secret)]
      + (0..<3).map { base64(secret, after: $0) }
  }

  private static func hex(_ bytes: UnsafeRawBufferPointer) -> [Place] {
    let lower = Array("0123456789abcdef".utf8)
    let upper = Array("0123456789ABCDEF".utf8)
    return (0..<2 * bytes.count).map { index in
      let digit = Int(index.isMultiple(of: 2) ? bytes[index / 2] >> 4 : bytes[index / 2] & 15)
      return Place(lower[digit], or: upper[digit], at: index)
    }
  }

  /// The base64 characters that the bytes alone decide when `skipped` unknown bytes stand before them in their group of
  /// three; `+` and `-`, `/` and `_` are the same there.
  private static func base64(_ bytes: UnsafeRawBufferPointer, after skipped: Int) -> [Place] {
    let alphabet = Array("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/".utf8)
    let firstBit = skipped * 8
    let endBit = firstBit + bytes.count * 8
    var places: [Place] = []
    for group in ((firstBit + 5) / 6)..<max((firstBit + 5) / 6, endBit / 6) {
      var value = 0
      for bit in (group * 6)..<(group * 6 + 6) {
        let index = bit - firstBit
        value = value << 1 | Int(bytes[index / 8] >> UInt8(7 - index % 8)) & 1
      }
      let character = alphabet[value]
      switch character {
      case UInt8(ascii: "+"): places.append(Place(character, or: UInt8(ascii: "-"), at: places.count))
      case UInt8(ascii: "/"): places.append(Place(character, or: UInt8(ascii: "_"), at: places.count))
      default: places.append(Place(character, at: places.count))
      }
    }
    return places
  }

  /// Whether the form has that byte, as it is, at a place; true after its end.
  func has(_ byte: UInt8, at place: Int) -> Bool {
    place >= form.count || form[place].has(byte, at: place)
  }

  /// The end of the longest match that begins at a position of the text and at an offset of the form; nil where fewer
  /// characters than a fragment match.
  func match(in text: UnsafeBufferPointer<UInt8>, at position: Int, from offset: Int) -> Int? {
    var forks = 64
    let (end, place) = longest(in: text, position, offset, &forks)
    return place - offset >= fragment ? end : nil
  }

  /// Where the longest match ends, in the text and in the form. Where a byte fits as it is and also as the beginning of
  /// an escape (a secret with a backslash in it), both ways are tried, up to a number of forks.
  private func longest(
    in text: UnsafeBufferPointer<UInt8>, _ position: Int, _ place: Int, _ forks: inout Int
  ) -> (end: Int, place: Int) {
    var position = position
    var place = place
    while place < form.count, position < text.count {
      let unit = Unit(in: text, at: position)
      let plain = unit.plainMatch(form, at: place)
      let decoded = unit.decodedMatch(form, at: place)
      if plain != nil, let decoded, forks > 0 {
        forks -= 1
        let left = longest(in: text, position + unit.length, place + decoded, &forks)
        let right = longest(in: text, position + 1, place + 1, &forks)
        return left.place >= right.place ? left : right
      } else if let decoded {
        position += unit.length
        place += decoded
      } else if plain != nil {
        position += 1
        place += 1
      } else {
        break
      }
    }
    return (position, place)
  }
}

/// What stands at one position of a text: a byte, and what it means together with its followers where they are an escape.
///
/// Understood are `%41`, `%2541`, `+` for a space, `\u0041`, `\x41`, `\/` and the other escapes of JSON. A code point
/// beyond ASCII decodes to the bytes of its UTF-8 form.
struct Unit {
  /// The byte itself.
  let first: UInt8
  /// The bytes that the escape stands for, or none where there is no escape.
  private var decoded: (UInt8, UInt8, UInt8, UInt8) = (0, 0, 0, 0)
  private var decodedCount = 0
  /// How many bytes of the text the escape takes.
  private(set) var length = 1

  init(in text: UnsafeBufferPointer<UInt8>, at position: Int) {
    first = text[position]
    switch first {
    case UInt8(ascii: "+"): set(scalar: 0x20, length: 1)
    case UInt8(ascii: "%"):
      // %25 is an encoded percent sign: text that was encoded more than once.
      var digits = position + 1
      while digits + 1 < text.count, text[digits] == 0x32, text[digits + 1] == 0x35,
        Self.hex(text, digits + 2, 2) != nil
      {
        digits += 2
      }
      if let value = Self.hex(text, digits, 2) { set(byte: UInt8(value), length: digits + 2 - position) }
    case UInt8(ascii: "\\"):
      guard position + 1 < text.count else { return }
      decodeBackslash(text, position)
    default: break
    }
  }

  /// Whether an escape stands here.
  var isEscape: Bool { decodedCount > 0 }

  /// Whether an escape may begin with that byte.
  static func beginsEscape(_ byte: UInt8) -> Bool {
    byte == UInt8(ascii: "%") || byte == UInt8(ascii: "\\") || byte == UInt8(ascii: "+")
  }

  /// The first byte of what the escape stands for.
  var alternative: UInt8? { decodedCount == 0 || decoded.0 == first ? nil : decoded.0 }

  /// 1 where the byte itself is what the form has at that place.
  func plainMatch(_ form: [Needle.Place], at place: Int) -> Int? {
    form[place].has(first, at: place) ? 1 : nil
  }

  /// How many places of the form the escape covers, or nil where it stands for something else.
  func decodedMatch(_ form: [Needle.Place], at place: Int) -> Int? {
    guard decodedCount > 0, place + decodedCount <= form.count else { return nil }
    return withUnsafeBytes(of: decoded) { bytes in
      for index in 0..<decodedCount
      where !form[place + index].has(bytes[index], at: place + index) {
        return nil
      }
      return decodedCount
    }
  }

  private mutating func decodeBackslash(_ text: UnsafeBufferPointer<UInt8>, _ position: Int) {
    switch text[position + 1] {
    case UInt8(ascii: "n"): set(scalar: 0x0A, length: 2)
    case UInt8(ascii: "r"): set(scalar: 0x0D, length: 2)
    case UInt8(ascii: "t"): set(scalar: 0x09, length: 2)
    case UInt8(ascii: "b"): set(scalar: 0x08, length: 2)
    case UInt8(ascii: "f"): set(scalar: 0x0C, length: 2)
    case UInt8(ascii: "x"):
      if let value = Self.hex(text, position + 2, 2) { set(byte: UInt8(value), length: 4) }
    case UInt8(ascii: "u"):
      guard let value = Self.hex(text, position + 2, 4) else { return }
      guard 0xD800..<0xDC00 ~= value else { return set(scalar: value, length: 6) }
      guard position + 7 < text.count, text[position + 6] == UInt8(ascii: "\\"),
        text[position + 7] == UInt8(ascii: "u"),
        let low = Self.hex(text, position + 8, 4), 0xDC00..<0xE000 ~= low
      else { return }
      set(scalar: 0x10000 + (value - 0xD800) << 10 + (low - 0xDC00), length: 12)
    case let other: set(byte: other, length: 2)
    }
  }

  private mutating func set(byte: UInt8, length: Int) {
    decoded.0 = byte
    decodedCount = 1
    self.length = length
  }

  private mutating func set(scalar value: UInt32, length: Int) {
    guard let scalar = Unicode.Scalar(value) else { return }
    let bytes = Array(String(scalar).utf8)
    withUnsafeMutableBytes(of: &decoded) { $0.copyBytes(from: bytes) }
    decodedCount = bytes.count
    self.length = length
  }

  private static func hex(_ text: UnsafeBufferPointer<UInt8>, _ start: Int, _ count: Int) -> UInt32? {
    guard start + count <= text.count else { return nil }
    var value: UInt32 = 0
    for index in start..<(start + count) {
      guard let digit = Character(Unicode.Scalar(text[index])).hexDigitValue else { return nil }
      value = value << 4 | UInt32(digit)
    }
    return value
  }
}

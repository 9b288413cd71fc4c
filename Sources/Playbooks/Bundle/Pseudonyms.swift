import Crypto
public import JSON

/// Stands in for what is about people: the same value is always replaced by the same other one of the same shape, so that
/// what a script compares stays equal, and a phone number stays one.
///
/// Without the key, which is drawn for each export and never kept, a pseudonym does not lead back.
public struct Pseudonyms: Sendable {
  private let key: SymmetricKey
  private var known: [String: String] = [:]
  private var taken: Set<String> = []
  /// Long values by their first bytes: these are also found inside of other text.
  private var inText: [UInt32: [(original: [UInt8], replacement: [UInt8])]] = [:]

  /// No value is replaced yet.
  ///
  /// - Parameter key: at least 16 bytes; drawn at random where nil.
  public init(key: [UInt8]? = nil) {
    self.key = key.map { SymmetricKey(data: $0) } ?? SymmetricKey(size: .bits256)
  }

  /// How many values are replaced.
  public var count: Int { known.count }

  /// From now on each text and number in the value is replaced wherever it occurs; those too short to be told from other
  /// words (under 5 bytes, or a single character) are replaced only by ``replacing(at:in:)``.
  public mutating func learn(_ value: JSON) {
    switch value {
    case .object(let members): for member in members.values { learn(member) }
    case .array(let elements): for element in elements { learn(element) }
    case .bool, .null: break
    case .string, .integer, .bigInteger, .number:
      guard let text = value.scalarText, text.utf8.count >= 5, text.count > 1, known[text] == nil else { return }
      let replacement = pseudonym(of: text)
      known[text] = replacement
      let original = Array(text.utf8)
      var candidates = inText[Self.head(original[...]), default: []]
      candidates.append((original, Array(replacement.utf8)))
      candidates.sort { $0.original.count > $1.original.count }
      inText[Self.head(original[...])] = candidates
    }
  }

  /// The value with all that was learnt replaced, names of members included.
  public func replacing(_ value: JSON) -> JSON {
    switch value {
    case .object(let members):
      .object(JSONObject(members.map { (key: text($0.key), value: replacing($0.value)) }))
    case .array(let elements): .array(elements.map(replacing))
    case .string(let text): .string(self.text(text))
    case .integer, .bigInteger, .number: number(value)
    case .bool, .null: value
    }
  }

  /// Text with all that was learnt replaced: as a whole, or inside of it where it stands apart.
  public func text(_ text: String) -> String {
    if let whole = known[text] { return whole }
    guard !inText.isEmpty else { return text }
    let bytes = Array(text.utf8)
    var result: [UInt8] = []
    var position = 0
    while position < bytes.count {
      if let found = match(in: bytes, at: position) {
        result += found.replacement
        position += found.original.count
      } else {
        result.append(bytes[position])
        position += 1
      }
    }
    return String(decoding: result, as: UTF8.self)
  }

  /// The value with what stands at the pointers replaced, however short.
  public func replacing(at pointers: [JSONPointer], in value: JSON) -> JSON {
    var result = value
    for pointer in pointers {
      guard let own = result[pointer: pointer] else { continue }
      _ = result.set(shortened(own), at: pointer)
    }
    return result
  }

  /// A short value's replacement, which holds for its place alone.
  private func shortened(_ value: JSON) -> JSON {
    switch value {
    case .object(let members): .object(members.mapValues(shortened))
    case .array(let elements): .array(elements.map(shortened))
    case .string(let text): known[text] == nil ? .string(shape(text, attempt: 0)) : value
    case .integer(let integer):
      known[String(integer)] == nil ? Int64(shape(String(integer), attempt: 0)).map(JSON.integer) ?? value : value
    case .bigInteger, .number, .bool, .null: value
    }
  }

  private func number(_ value: JSON) -> JSON {
    guard let text = value.scalarText, let replacement = known[text] else { return value }
    return (try? JSON(parsing: replacement)) ?? .string(replacement)
  }

  // MARK: Finding

  private func match(in bytes: [UInt8], at position: Int) -> (original: [UInt8], replacement: [UInt8])? {
    guard bytes.count - position >= 5, let candidates = inText[Self.head(bytes[position...])] else { return nil }
    for candidate in candidates {
      let end = position + candidate.original.count
      guard end <= bytes.count, bytes[position..<end].elementsEqual(candidate.original) else { continue }
      // A phone number inside of a longer number is none.
      let before = position > 0 ? bytes[position - 1] : 0
      let after = end < bytes.count ? bytes[end] : 0
      if Self.isWord(before) && Self.isWord(bytes[position]) { continue }
      if Self.isWord(after) && Self.isWord(bytes[end - 1]) { continue }
      return candidate
    }
    return nil
  }

  private static func head(_ bytes: ArraySlice<UInt8>) -> UInt32 {
    bytes.prefix(4).reduce(0) { $0 << 8 | UInt32($1) }
  }

  private static func isWord(_ byte: UInt8) -> Bool {
    (0x30...0x39).contains(byte) || (0x41...0x5A).contains(byte) || (0x61...0x7A).contains(byte)
  }

  // MARK: Making

  private mutating func pseudonym(of text: String) -> String {
    for attempt in 0..<32 {
      let candidate = shape(text, attempt: attempt)
      if candidate != text, known[candidate] == nil, taken.insert(candidate).inserted { return candidate }
    }
    return text  // nothing in it can be changed, such as `-----`
  }

  /// Other text of the same shape: digits for digits, letters for letters, Chinese for everything beyond; what is between
  /// stays. The first two digits stay where there are many: they say what kind of number it is.
  private func shape(_ text: String, attempt: Int) -> String {
    var stream = Stream(key: key, text: text, attempt: attempt)
    let digits = text.unicodeScalars.lazy.filter { ("0"..."9").contains($0) }.count
    var kept = digits >= 5 ? 2 : digits > 1 ? 1 : 0
    var result = String.UnicodeScalarView()
    for scalar in text.unicodeScalars {
      switch scalar {
      case "0"..."9" where kept > 0:
        kept -= 1
        result.append(scalar)
      case "0"..."9": result.append(Self.pick(Self.digits, stream.next()))
      case "a"..."z": result.append(Self.pick(Self.letters, stream.next()))
      case "A"..."Z": result.append(Self.pick(Self.capitals, stream.next()))
      case _ where scalar.value >= 0x80 && scalar.properties.isAlphabetic:
        result.append(Self.pick(Self.characters, stream.next()))
      default: result.append(scalar)
      }
    }
    return String(result)
  }

  private static let digits = Array("0123456789".unicodeScalars)
  private static let letters = Array("abcdefghijklmnopqrstuvwxyz".unicodeScalars)
  private static let capitals = Array("ABCDEFGHIJKLMNOPQRSTUVWXYZ".unicodeScalars)
  private static let characters = Array("甲乙丙丁戊己庚辛壬癸子丑寅卯辰巳午未申酉戌亥东南西北春夏秋冬".unicodeScalars)

  private static func pick(_ scalars: [Unicode.Scalar], _ byte: UInt8) -> Unicode.Scalar {
    scalars[Int(byte) % scalars.count]
  }

  /// Bytes that only the key and the text decide.
  private struct Stream {
    let key: SymmetricKey
    let text: String
    let attempt: Int
    private var block = 0
    private var bytes: [UInt8] = []

    init(key: SymmetricKey, text: String, attempt: Int) {
      self.key = key
      self.text = text
      self.attempt = attempt
    }

    mutating func next() -> UInt8 {
      if bytes.isEmpty {
        let input = Array("\(attempt)/\(block)/\(text)".utf8)
        bytes = Array(HMAC<SHA256>.authenticationCode(for: input, using: key))
        block += 1
      }
      return bytes.removeLast()
    }
  }
}

/// What a signature's text alone tells: how its bytes are written, and which digests have as many.
public struct SignatureShape: Hashable, Sendable {
  /// The digest's bytes; nil where the text is neither hex nor base64 as a recipe writes them.
  public let bytes: [UInt8]?
  /// How the bytes may be written: both cases of hex where there is no letter to tell.
  public let encodings: [SigningRecipe.Encoding]
  /// What is seen, for a person: `24 base64 characters = 16 bytes = md5`.
  public let description: String

  /// Looks at a signature.
  public init(of signature: String) {
    let text = Array(signature.utf8)
    if let bytes = Self.bytes(fromHex: text) {
      let hasLower = text.contains { 0x61...0x66 ~= $0 }
      let hasUpper = text.contains { 0x41...0x46 ~= $0 }
      let cases: [SigningRecipe.Encoding] = hasUpper ? [.hexUpper] : hasLower ? [.hexLower] : [.hexUpper, .hexLower]
      encodings = hasLower && hasUpper ? [] : cases
      self.bytes = encodings.isEmpty ? nil : bytes
      let mixed = hasLower && hasUpper ? " in mixed case, which no recipe writes" : ""
      description = "\(text.count) hex digits\(mixed) = \(Self.meaning(of: bytes.count))"
    } else if let (bytes, isStandard) = Self.bytes(fromBase64: text) {
      encodings = isStandard ? [.base64] : []
      self.bytes = isStandard ? bytes : nil
      let unusual = isStandard ? "" : " in the URL's alphabet or without padding, which no recipe writes"
      description = "\(text.count) base64 characters\(unusual) = \(Self.meaning(of: bytes.count))"
    } else {
      bytes = nil
      encodings = []
      description = "\(text.count) characters that are neither hex nor base64"
    }
  }

  /// The digests that have as many bytes, keyed ones last.
  public var digests: [SigningRecipe.Digest] {
    SigningRecipe.Digest.allCases.filter { $0.byteCount == bytes?.count }
  }

  private static func meaning(of count: Int) -> String {
    let known = SigningRecipe.Digest.allCases.filter { $0.byteCount == count && !$0.isKeyed }.map(\.rawValue)
    let unsupported = [28: "sha224", 48: "sha384", 64: "sha512"]
    if let name = known.first { return "\(count) bytes = \(name)" }
    if let name = unsupported[count] { return "\(count) bytes = \(name), which no recipe uses" }
    return "\(count) bytes, as many as no known digest has"
  }

  private static func bytes(fromHex text: [UInt8]) -> [UInt8]? {
    guard !text.isEmpty, text.count.isMultiple(of: 2) else { return nil }
    var bytes: [UInt8] = []
    for index in stride(from: 0, to: text.count, by: 2) {
      guard let high = text[index].hexValue, let low = text[index + 1].hexValue else { return nil }
      bytes.append(high << 4 | low)
    }
    return bytes
  }

  /// The bytes, and whether they are written in the standard alphabet, padded.
  private static func bytes(fromBase64 text: [UInt8]) -> (bytes: [UInt8], isStandard: Bool)? {
    let digits = text.prefix { $0 != UInt8(ascii: "=") }
    let padding = text.count - digits.count
    guard digits.count >= 16, digits.count % 4 != 1,
      text.dropFirst(digits.count).allSatisfy({ $0 == UInt8(ascii: "=") }),
      padding == 0 || text.count.isMultiple(of: 4) && padding <= 2
    else { return nil }
    var isStandard = text.count.isMultiple(of: 4)
    var bytes: [UInt8] = []
    var bits = 0
    var value = 0
    for digit in digits {
      switch digit {
      case UInt8(ascii: "A")...UInt8(ascii: "Z"): value = value << 6 | Int(digit - UInt8(ascii: "A"))
      case UInt8(ascii: "a")...UInt8(ascii: "z"): value = value << 6 | Int(digit - UInt8(ascii: "a") + 26)
      case UInt8(ascii: "0")...UInt8(ascii: "9"): value = value << 6 | Int(digit - UInt8(ascii: "0") + 52)
      case UInt8(ascii: "+"): value = value << 6 | 62
      case UInt8(ascii: "/"): value = value << 6 | 63
      case UInt8(ascii: "-"), UInt8(ascii: "_"):
        isStandard = false
        value = value << 6 | (digit == UInt8(ascii: "-") ? 62 : 63)
      default: return nil
      }
      bits += 6
      if bits >= 8 {
        bits -= 8
        bytes.append(UInt8(truncatingIfNeeded: value >> bits))
        value &= (1 << bits) - 1
      }
    }
    return (bytes, isStandard)
  }
}

extension SigningRecipe.Digest {
  /// How many bytes it has.
  var byteCount: Int {
    switch self {
    case .md5, .hmacMD5: 16
    case .sha1, .hmacSHA1: 20
    case .sha256, .hmacSHA256: 32
    }
  }
}

extension UInt8 {
  /// What a hex digit of either case stands for; nil for any other byte.
  var hexValue: UInt8? {
    switch self {
    case UInt8(ascii: "0")...UInt8(ascii: "9"): self - UInt8(ascii: "0")
    case UInt8(ascii: "a")...UInt8(ascii: "f"): self - UInt8(ascii: "a") + 10
    case UInt8(ascii: "A")...UInt8(ascii: "F"): self - UInt8(ascii: "A") + 10
    default: nil
    }
  }
}

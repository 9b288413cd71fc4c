import Foundation

/// The forms in which a secret could leave a program: encodings of it and of its pieces, to be searched in bytes.
struct CanaryForms {
  /// A form's name and what it makes of bytes.
  typealias Encoding = (name: String, encode: @Sendable ([UInt8]) -> [UInt8])

  /// So many bytes of a secret are worth something to whoever finds them.
  static let piece = 12

  /// What is searched, by the form's name.
  let needles: [(name: String, bytes: [UInt8])]

  /// All forms of a secret: the whole, and every piece of it.
  init(of secret: String) {
    let bytes = Array(secret.utf8)
    var needles: [(name: String, bytes: [UInt8])] = []
    for encoding in Self.encodings {
      needles.append((encoding.name, encoding.encode(bytes)))
      guard bytes.count > Self.piece else { continue }
      for start in 0...(bytes.count - Self.piece) {
        let piece = Array(bytes[start..<start + Self.piece])
        needles.append(("\(encoding.name), from byte \(start)", encoding.encode(piece)))
      }
    }
    self.needles = needles
  }

  static let encodings: [Encoding] = escapes + hexadecimal + base64

  private static let escapes: [Encoding] =
    [
      ("plain", { $0 }),
      ("reversed", { $0.reversed() }),
      ("upper case", { Array(text($0).uppercased().utf8) }),
      ("lower case", { Array(text($0).lowercased().utf8) }),
      ("rot13", { $0.map(rot13) }),
      ("percent, every byte", joined("%", "%02X")),
      ("percent, every byte, lower", joined("%", "%02x")),
      ("percent, twice", joined("%25", "%02X")),
      ("percent, where needed", { Array(percent(text($0), allowing: .alphanumerics).utf8) }),
      (
        "percent, twice, where needed",
        {
          Array(percent(percent(text($0), allowing: .alphanumerics), allowing: .alphanumerics).utf8)
        }
      ),
      ("JSON escapes", joined("\\u", "%04x")),
      ("JSON escapes, upper", joined("\\u", "%04X")),
      ("Swift escapes", { bytes in Array(bytes.map { String(format: "\\u{%x}", $0) }.joined().utf8) }),
      ("C escapes", joined("\\x", "%02x")),
      ("C escapes, upper", joined("\\x", "%02X")),
      ("octal escapes", joined("\\", "%03o")),
      ("Lua escapes", joined("\\", "%03d")),
      ("HTML entities", { bytes in Array(bytes.map { "&#\($0);" }.joined().utf8) }),
      ("HTML entities, hex", { bytes in Array(bytes.map { String(format: "&#x%x;", $0) }.joined().utf8) }),
      ("quoted printable", joined("=", "%02X")),
      ("UTF-16, little", { $0.flatMap { [$0, 0] } }),
      ("UTF-16, big", { $0.flatMap { [0, $0] } }),
      ("UTF-32, little", { $0.flatMap { [$0, 0, 0, 0] } }),
      ("doubled", { $0.flatMap { [$0, $0] } }),
      ("base32", { Array(base32($0).utf8) }),
      ("base32, lower", { Array(base32($0).lowercased().utf8) }),
      ("base64 of hex", { bytes in aligned(Array(hex(bytes, "%02x", "").utf8), 0, url: false) }),
      ("base64 of base64", { bytes in aligned(aligned(bytes, 0, url: false), 0, url: false) }),
      ("hex of base64", { bytes in Array(hex(aligned(bytes, 0, url: false), "%02x", "").utf8) }),
    ]

  private static let hexadecimal: [Encoding] =
    ["", " ", ":", "-", ", ", ","].flatMap { separator -> [Encoding] in
      [
        ("hex\(separator.debugDescription)", { Array(hex($0, "%02x", separator).utf8) }),
        ("HEX\(separator.debugDescription)", { Array(hex($0, "%02X", separator).utf8) }),
      ]
    } + numbers

  private static let numbers: [Encoding] =
    [", ", ",", " "].map { separator -> Encoding in
      ("decimal\(separator.debugDescription)", { Array(hex($0, "%d", separator).utf8) })
    }
    + ["0x%02x", "0x%02X"].map { format -> Encoding in (format, { Array(hex($0, format, ", ").utf8) }) }

  private static let base64: [Encoding] = (0..<3).flatMap { skipped -> [Encoding] in
    [
      ("base64, \(skipped) bytes in", { aligned($0, skipped, url: false) }),
      ("base64url, \(skipped) bytes in", { aligned($0, skipped, url: true) }),
    ]
  }

  private static func text(_ bytes: [UInt8]) -> String { String(decoding: bytes, as: UTF8.self) }

  private static func joined(_ prefix: String, _ format: String) -> @Sendable ([UInt8]) -> [UInt8] {
    { bytes in Array(bytes.map { prefix + String(format: format, Int32($0)) }.joined().utf8) }
  }

  private static func hex(_ bytes: [UInt8], _ format: String, _ separator: String) -> String {
    bytes.map { String(format: format, Int32($0)) }.joined(separator: separator)
  }

  private static func percent(_ text: String, allowing: CharacterSet) -> String {
    text.addingPercentEncoding(withAllowedCharacters: allowing) ?? text
  }

  private static func rot13(_ byte: UInt8) -> UInt8 {
    switch byte {
    case 65...90: (byte - 65 + 13) % 26 + 65
    case 97...122: (byte - 97 + 13) % 26 + 97
    default: byte
    }
  }

  /// What the bytes alone decide of a base64 text in which so many other bytes stand before them.
  private static func aligned(_ bytes: [UInt8], _ skipped: Int, url: Bool) -> [UInt8] {
    let lead = [UInt8](repeating: 0, count: skipped)
    var characters = Array(Data(lead + bytes).base64EncodedString().utf8)
    characters.removeAll { $0 == UInt8(ascii: "=") }
    let first = (skipped * 8 + 5) / 6
    let end = (skipped + bytes.count) * 8 / 6
    let decided = characters[first..<end]
    guard url else { return Array(decided) }
    return decided.map {
      $0 == UInt8(ascii: "+") ? UInt8(ascii: "-") : $0 == UInt8(ascii: "/") ? UInt8(ascii: "_") : $0
    }
  }

  private static func base32(_ bytes: [UInt8]) -> String {
    let alphabet = Array("ABCDEFGHIJKLMNOPQRSTUVWXYZ234567")
    var text = ""
    var (value, bits) = (0, 0)
    for byte in bytes {
      (value, bits) = ((value << 8 | Int(byte)) & 0xFFFF, bits + 8)
      while bits >= 5 {
        bits -= 5
        text.append(alphabet[value >> bits & 31])
      }
    }
    return text
  }
}

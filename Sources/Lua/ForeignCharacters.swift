/// Characters in code that look like those of Lua and are not: what Chinese input methods type.
enum ForeignCharacters {
  /// One of them, outside of strings and comments.
  struct Finding: Equatable {
    let character: Unicode.Scalar
    let line: Int
    /// What to type instead; nil for a letter, say.
    let instead: String?

    var message: String {
      let seen = "“\(character)” (U+\(hex))"
      return switch instead {
      case " "?: "\(seen) is not a space as Lua knows it: type an ordinary space"
      case let instead?: "\(seen) is a full-width character: type \(instead) instead"
      case nil: "\(seen) cannot stand in code: names are made of a-z, A-Z, 0-9 and _; other text belongs in quotes"
      }
    }

    private var hex: String {
      let digits = String(character.value, radix: 16, uppercase: true)
      return String(repeating: "0", count: max(0, 4 - digits.count)) + digits
    }
  }

  /// What to type instead of a character.
  static func substitute(for character: Unicode.Scalar) -> String? {
    switch character.value {
    case 0x201C, 0x201D, 0x300C, 0x300D: "\""
    case 0x2018, 0x2019: "'"
    case 0x3001: ","
    case 0x3002: "."
    case 0x3010: "["
    case 0x3011: "]"
    case 0x2026: "..."
    case 0x2013, 0x2014, 0x2212: "-"
    case 0xD7: "*"
    case 0xF7: "/"
    case 0x2260: "~="
    case 0x2264: "<="
    case 0x2265: ">="
    case 0xFFE5: "the text \"CNY\" in quotes"
    case 0xA0, 0x2002...0x200B, 0x3000, 0xFEFF: " "
    case 0xFF01: "~= or not"
    case 0xFF02...0xFF5E: Unicode.Scalar(character.value - 0xFEE0).map { String(Character($0)) }
    default: nil
    }
  }

  /// The first character beyond ASCII that is in neither a string nor a comment.
  static func first(in source: [UInt8]) -> Finding? {
    var scanner = Scanner(bytes: source)
    return scanner.find()
  }

  /// Reads Lua just closely enough to know strings and comments.
  private struct Scanner {
    let bytes: [UInt8]
    var index = 0
    var line = 1

    mutating func find() -> Finding? {
      while index < bytes.count {
        switch bytes[index] {
        case UInt8(ascii: "\n"):
          line += 1
          index += 1
        case UInt8(ascii: "\""), UInt8(ascii: "'"): skipString()
        case UInt8(ascii: "-") where peek(1) == UInt8(ascii: "-"): skipComment()
        case UInt8(ascii: "[") where bracketLevel() != nil: skipLong()
        case 0x80...: return finding()
        default: index += 1
        }
      }
      return nil
    }

    private func peek(_ distance: Int) -> UInt8? {
      index + distance < bytes.count ? bytes[index + distance] : nil
    }

    /// The number of `=` where a long bracket opens here.
    private func bracketLevel() -> Int? {
      guard peek(0) == UInt8(ascii: "[") else { return nil }
      var level = 0
      while peek(1 + level) == UInt8(ascii: "=") { level += 1 }
      return peek(1 + level) == UInt8(ascii: "[") ? level : nil
    }

    private mutating func skipString() {
      let quote = bytes[index]
      index += 1
      while index < bytes.count, bytes[index] != quote, bytes[index] != UInt8(ascii: "\n") {
        // An escaped line break stays within the string.
        if bytes[index] == UInt8(ascii: "\\") {
          index += 1
          if peek(0) == UInt8(ascii: "\n") { line += 1 }
        }
        index += 1
      }
      if peek(0) == quote { index += 1 }
    }

    private mutating func skipComment() {
      index += 2
      if bracketLevel() != nil { return skipLong() }
      while index < bytes.count, bytes[index] != UInt8(ascii: "\n") { index += 1 }
    }

    private mutating func skipLong() {
      let level = bracketLevel() ?? 0
      let close = [UInt8(ascii: "]")] + Array(repeating: UInt8(ascii: "="), count: level) + [UInt8(ascii: "]")]
      index += level + 2
      while index < bytes.count, !bytes[index...].starts(with: close) {
        if bytes[index] == UInt8(ascii: "\n") { line += 1 }
        index += 1
      }
      index = min(bytes.count, index + close.count)
    }

    private func finding() -> Finding? {
      let text = String(decoding: bytes[index..<min(bytes.count, index + 4)], as: UTF8.self)
      return text.unicodeScalars.first.map {
        Finding(character: $0, line: line, instead: ForeignCharacters.substitute(for: $0))
      }
    }
  }
}

extension LuaSource {
  /// An error of Lua's compiler, in the words that help most.
  static func syntaxError(_ message: String, in source: [UInt8], name: String) -> LuaError {
    let (line, text) = placed(message).map { ($0.line, $0.rest) } ?? (1, message)
    // The compiler stops at such a character or, where it stands for a quote, soon after.
    if let found = ForeignCharacters.first(in: source), found.line <= line {
      return LuaError(
        kind: .syntax, message: found.message, position: LuaPosition(file: name, line: found.line))
    }
    return LuaError(kind: .syntax, message: text, position: LuaPosition(file: name, line: line))
  }
}

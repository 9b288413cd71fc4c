/// Finds what a Lua text requires, without running it: `require "x"`, `require("x")`, `require'x'`, `require[[x]]`.
///
/// It reads Lua just closely enough to know strings, comments and names apart.
struct RequireScanner {
  /// One use of `require`.
  struct Finding: Equatable {
    /// The name in quotes behind it; nil where it is computed, so that only running the script could tell.
    let name: String?
    let line: Int
  }

  private enum Token: Equatable {
    case name(String)
    /// A string without escapes, or nil for one with them.
    case string(String?)
    case other(String)
    case end
  }

  private let bytes: [UInt8]
  private var index = 0
  private var line = 1

  private init(_ bytes: [UInt8]) {
    self.bytes = bytes
    if bytes.starts(with: [0xEF, 0xBB, 0xBF]) { index = 3 }
    if index < bytes.count, bytes[index] == UInt8(ascii: "#") { skipLine() }
  }

  /// All uses of `require` in a text, in their order. Fields and methods of that name are none.
  static func findings(in source: [UInt8]) -> [Finding] {
    var scanner = RequireScanner(source)
    var findings: [Finding] = []
    var before = Token.end
    var token = scanner.next()
    while token != .end {
      if token == .name("require"), before != .other("."), before != .other(":") {
        let line = scanner.line
        let (name, rest) = scanner.argument()
        findings.append(Finding(name: name, line: line))
        (before, token) = (token, rest)
      } else {
        (before, token) = (token, scanner.next())
      }
    }
    return findings
  }

  /// The literal that `require` is called with, and the token from which to go on.
  private mutating func argument() -> (name: String?, rest: Token) {
    switch next() {
    case .string(let name): return (name, next())
    case .other("("):
      let inner = next()
      guard case .string(let name) = inner else { return (nil, inner) }
      let close = next()
      return close == .other(")") ? (name, next()) : (nil, close)
    case let token: return (nil, token)
    }
  }

  // MARK: Tokens

  private mutating func next() -> Token {
    while index < bytes.count {
      let byte = bytes[index]
      switch byte {
      case UInt8(ascii: "\n"):
        line += 1
        index += 1
      case UInt8(ascii: " "), UInt8(ascii: "\t"), UInt8(ascii: "\r"): index += 1
      case UInt8(ascii: "-") where peek(1) == UInt8(ascii: "-"): skipComment()
      case UInt8(ascii: "\""), UInt8(ascii: "'"): return .string(quoted())
      case UInt8(ascii: "[") where level != nil: return .string(long())
      case UInt8(ascii: "."): return .other(run { $0 == UInt8(ascii: ".") })
      case UInt8(ascii: ":"): return .other(run { $0 == UInt8(ascii: ":") })
      case _ where Self.isWord(byte):
        // Numbers are words here as well: none of them is a name that matters.
        return .name(run(Self.isWord))
      default:
        index += 1
        return .other(String(decoding: [byte], as: UTF8.self))
      }
    }
    return .end
  }

  private static func isWord(_ byte: UInt8) -> Bool {
    switch byte {
    case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
      UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "_"), 0x80...:
      true
    default: false
    }
  }

  private mutating func run(_ belongs: (UInt8) -> Bool) -> String {
    let start = index
    while index < bytes.count, belongs(bytes[index]) { index += 1 }
    return String(decoding: bytes[start..<index], as: UTF8.self)
  }

  private func peek(_ distance: Int) -> UInt8? {
    index + distance < bytes.count ? bytes[index + distance] : nil
  }

  /// A string in quotes; nil for one with escapes, whose meaning this scanner does not know.
  private mutating func quoted() -> String? {
    let quote = bytes[index]
    index += 1
    let start = index
    var isPlain = true
    while index < bytes.count, bytes[index] != quote, bytes[index] != UInt8(ascii: "\n") {
      if bytes[index] == UInt8(ascii: "\\") {
        isPlain = false
        index += 1
        if peek(0) == UInt8(ascii: "\n") { line += 1 }
      }
      index += 1
    }
    let end = min(index, bytes.count)
    if peek(0) == quote { index += 1 }
    return isPlain ? String(decoding: bytes[start..<end], as: UTF8.self) : nil
  }

  /// The number of `=` where a long bracket opens here.
  private var level: Int? {
    guard peek(0) == UInt8(ascii: "[") else { return nil }
    var level = 0
    while peek(1 + level) == UInt8(ascii: "=") { level += 1 }
    return peek(1 + level) == UInt8(ascii: "[") ? level : nil
  }

  private mutating func long() -> String {
    let level = level ?? 0
    let close = [UInt8(ascii: "]")] + Array(repeating: UInt8(ascii: "="), count: level) + [UInt8(ascii: "]")]
    index += level + 2
    if peek(0) == UInt8(ascii: "\n") {  // Lua leaves out a line break right behind the bracket
      line += 1
      index += 1
    }
    let start = index
    while index < bytes.count, !bytes[index...].starts(with: close) {
      if bytes[index] == UInt8(ascii: "\n") { line += 1 }
      index += 1
    }
    let text = String(decoding: bytes[start..<index], as: UTF8.self)
    index = min(bytes.count, index + close.count)
    return text
  }

  private mutating func skipComment() {
    index += 2
    if level != nil { _ = long() } else { skipLine() }
  }

  private mutating func skipLine() {
    while index < bytes.count, bytes[index] != UInt8(ascii: "\n") { index += 1 }
  }
}

/// Takes from a text what a service would act on: mentions, links, and marks at the beginning of a line.
///
/// What people read stays the same; a zero width space (U+200B) stands where a service would have seen the beginning of
/// something. The services honour no common escape, but all of them need these signs next to each other.
enum Defusing {
  /// The zero width space.
  static let joint: Unicode.Scalar = "\u{200B}"

  /// A text without mentions and links.
  static func text(_ text: String) -> String {
    var result = String.UnicodeScalarView()
    var previous: Unicode.Scalar = " "
    let scalars = Array(text.unicodeScalars)
    for (index, scalar) in scalars.enumerated() {
      let next = index + 1 < scalars.count ? scalars[index + 1] : " "
      if parts(previous, scalar, next) { result.append(joint) }
      result.append(scalar)
      previous = scalar
    }
    if let last = scalars.last, isSign(last) { result.append(joint) }
    return String(result)
  }

  /// A text at the beginning of a line, where some signs make headings, lists and quotes.
  static func line(_ text: String) -> String {
    let defused = Self.text(text)
    let scalars = defused.unicodeScalars.drop { $0 == " " }
    guard let first = scalars.first else { return defused }
    // `1.` and `1)` begin lists; a number alone is left as it is, so that an id can be copied.
    let after = scalars.drop { "0"..."9" ~= $0 }.first
    let isNumbered = "0"..."9" ~= first && (after == "." || after == ")")
    return isNumbered || "#>-+*=~|`".unicodeScalars.contains(first) ? String(joint) + defused : defused
  }

  /// Whether something would begin between the two signs.
  private static func parts(_ previous: Unicode.Scalar, _ scalar: Unicode.Scalar, _ next: Unicode.Scalar) -> Bool {
    // `www.` alone begins an address.
    if scalar == ".", next.properties.isAlphabetic, previous.properties.isAlphabetic { return true }
    return switch previous {
    case "@", "<", "＠": true
    case "]": scalar == "(" || scalar == "[" || scalar == ":"
    // `https://`, and the `//` of an address without a scheme.
    case ":": scalar == "/"
    case "/": scalar == "/"
    case "*", "_", "~", "`": scalar == previous
    // A dot inside of a name that could be a host: clients make links of those as well.
    case ".": scalar.properties.isAlphabetic
    default: false
    }
  }

  /// Whether a sign at the end of a text could make something with what is written behind it.
  private static func isSign(_ scalar: Unicode.Scalar) -> Bool { "@<]:/*_~`.＠\\".unicodeScalars.contains(scalar) }
}

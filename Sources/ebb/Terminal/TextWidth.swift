/// How many columns text takes on a terminal.
///
/// East Asian wide and full-width characters and emoji take two, combining marks and other invisible characters none
/// (Unicode Standard Annex #11; ambiguous characters count one, as terminals in a UTF-8 locale show them).
enum TextWidth {
  /// Columns of a text. It is taken to hold no control characters; see ``Terminal/clean(_:keepLines:)``.
  static func columns(_ text: String) -> Int {
    if text.utf8.allSatisfy({ $0 < 0x80 }) { return text.utf8.count }
    return text.reduce(0) { $0 + columns($1) }
  }

  /// Columns of one character as a reader sees it.
  ///
  /// One that begins wide stays two columns whatever joins it (emoji sequences, Hangul syllables); a variation selector
  /// that asks for an emoji makes two; otherwise what is spacing adds up (Thai vowels, half-width voicing marks, flags).
  static func columns(_ character: Character) -> Int {
    var total = 0
    for scalar in character.unicodeScalars {
      if scalar.value == 0xFE0F && total > 0 { return 2 }
      total += columns(scalar)
      if isWide(scalar.value) { return max(2, total) }
    }
    return total
  }

  /// Columns of one Unicode scalar: 0, 1 or 2.
  static func columns(_ scalar: Unicode.Scalar) -> Int {
    let value = scalar.value
    if value < 0x300 { return value == 0 ? 0 : 1 }
    if isWide(value) { return 2 }
    if (0x1160...0x11FF).contains(value) { return 0 }  // Hangul vowels and finals join the initial before them
    switch scalar.properties.generalCategory {
    case .nonspacingMark, .enclosingMark, .format: return 0
    default: return 1
    }
  }

  /// The text, cut to at most `limit` columns; what is cut is marked by `…`.
  static func truncated(_ text: String, to limit: Int) -> String {
    guard columns(text) > limit else { return text }
    guard limit > 0 else { return "" }
    var result = ""
    var used = 0
    for character in text {
      let width = columns(character)
      if used + width > limit - 1 { break }
      result.append(character)
      used += width
    }
    return result + "…"
  }

  /// The text with spaces at its end (or, `leading`, before it), so that it takes exactly `width` columns where it fits.
  static func padded(_ text: String, to width: Int, leading: Bool = false) -> String {
    let missing = width - columns(text)
    guard missing > 0 else { return text }
    let spaces = String(repeating: " ", count: missing)
    return leading ? spaces + text : text + spaces
  }

  static func isWide(_ value: UInt32) -> Bool {
    guard value >= 0x1100 else { return false }
    var low = 0
    var high = wide.count
    while low < high {
      let middle = (low + high) / 2
      if wide[middle].upperBound < value { low = middle + 1 } else { high = middle }
    }
    return low < wide.count && wide[low].contains(value)
  }
}

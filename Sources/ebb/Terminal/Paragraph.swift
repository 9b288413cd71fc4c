/// Running text in lines.
enum Paragraph {
  /// The text broken at spaces so that no line is wider than `width` columns; a word that is wider (Chinese has no
  /// spaces) is broken where the line is full. The text's own line breaks stay.
  static func wrapped(_ text: String, width: Int) -> String { lines(text, width: width).joined(separator: "\n") }

  /// ``wrapped(_:width:)`` as lines; at least one, which may be empty.
  static func lines(_ text: String, width: Int) -> [String] {
    let width = max(2, width)
    var lines: [String] = []
    for line in text.split(separator: "\n", omittingEmptySubsequences: false) {
      var current = ""
      var used = 0
      for word in line.split(separator: " ") {
        let columns = TextWidth.columns(String(word))
        if used > 0 && used + 1 + columns <= width {
          current += " " + word
          used += 1 + columns
          continue
        }
        if used > 0 { lines.append(current) }
        current = ""
        used = 0
        for character in word {
          let next = TextWidth.columns(character)
          if used + next > width {
            lines.append(current)
            current = ""
            used = 0
          }
          current.append(character)
          used += next
        }
      }
      lines.append(current)
    }
    return lines
  }
}

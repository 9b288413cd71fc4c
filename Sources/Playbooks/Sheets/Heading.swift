/// The headings of a sheet's columns.
enum Heading {
  /// A heading as it is compared: without white space, full-width signs and capitals.
  static func canonical(_ text: some StringProtocol) -> String {
    var result = ""
    for character in text.lowercased() where !character.isWhitespace && character != "\u{FEFF}" {
      result.append(narrow[character] ?? character)
    }
    return result
  }

  private static let narrow: [Character: Character] = ["（": "(", "）": ")", "：": ":", "／": "/", "＿": "_"]
}

/// Finds what a misspelt word was meant to be.
enum Nearest {
  /// The candidate with the fewest edits from the word, if they are few enough to be a slip.
  static func word(to word: String, among candidates: some Sequence<String>) -> String? {
    let allowed = max(1, word.count / 3)
    return candidates.map { (candidate: $0, edits: edits(from: Array(word), to: Array($0))) }
      .filter { $0.edits <= allowed }
      .min { ($0.edits, $0.candidate) < ($1.edits, $1.candidate) }?
      .candidate
  }

  private static func edits(from source: [Character], to target: [Character]) -> Int {
    var row = Array(0...target.count)
    for (line, character) in source.enumerated() {
      var diagonal = row[0]
      row[0] = line + 1
      for (column, other) in target.enumerated() {
        let replaced = diagonal + (character == other ? 0 : 1)
        diagonal = row[column + 1]
        row[column + 1] = min(replaced, row[column] + 1, diagonal + 1)
      }
    }
    return row[target.count]
  }
}

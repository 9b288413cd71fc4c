/// Finds what a person probably meant.
enum Suggestion {
  /// The candidate nearest to a word, or nil when none is near: at most a third of its letters may differ (and at least
  /// one may). Letters count the same in either case; two letters swapped count as one mistake.
  static func nearest(to word: String, in candidates: some Sequence<String>) -> String? {
    let wanted = Array(word.lowercased())
    let limit = max(1, wanted.count / 3)
    var best: (distance: Int, candidate: String)?
    for candidate in candidates {
      let found = distance(wanted, Array(candidate.lowercased()))
      if found <= limit && found < (best?.distance ?? .max) { best = (found, candidate) }
    }
    return best?.candidate
  }

  /// `did you mean "x"?`, or what there is to choose from, or nil when there is nothing.
  static func hint(for word: String, in candidates: [String]) -> String? {
    if let nearest = nearest(to: word, in: candidates) { return "did you mean \"\(nearest)\"?" }
    return candidates.isEmpty ? nil : "known: " + candidates.joined(separator: ", ")
  }

  /// Edit distance with insertions, deletions, substitutions and swaps of neighbours (optimal string alignment).
  static func distance(_ left: [Character], _ right: [Character]) -> Int {
    var previous: [Int] = []
    var current = Array(0...right.count)
    for (row, letter) in left.enumerated() {
      let beforePrevious = previous
      previous = current
      current = [row + 1]
      for (column, other) in right.enumerated() {
        var best = min(previous[column + 1] + 1, current[column] + 1, previous[column] + (letter == other ? 0 : 1))
        if row > 0 && column > 0 && letter == right[column - 1] && left[row - 1] == other {
          best = min(best, beforePrevious[column - 1] + 1)
        }
        current.append(best)
      }
    }
    return current[right.count]
  }
}

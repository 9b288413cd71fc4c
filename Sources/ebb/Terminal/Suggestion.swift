import Catalogue

/// Finds what a person probably meant.
enum Suggestion {
  /// The candidate nearest to a word, or nil when none is near.
  static func nearest(to word: String, in candidates: some Sequence<String>) -> String? {
    EditDistance.nearest(to: word, among: candidates)
  }

  /// `did you mean "x"?`, or what there is to choose from, or nil when there is nothing.
  static func hint(for word: String, in candidates: [String]) -> String? {
    if let nearest = nearest(to: word, in: candidates) { return "did you mean \"\(nearest)\"?" }
    return candidates.isEmpty ? nil : "known: " + candidates.joined(separator: ", ")
  }
}

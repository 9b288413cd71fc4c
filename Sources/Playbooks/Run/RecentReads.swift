import JSON
import Journal
import PandaPon

/// The answers of a run's latest reads: a write needs one at most a minute old, and Ebb makes it only where the script
/// has not (playbooks.md, "always on").
struct RecentReads {
  /// How old an answer may be to stand for the resource, in milliseconds.
  static let freshness: Milliseconds = 60_000
  private static let capacity = 512

  private var answers: [String: (answer: Answer, instant: Milliseconds)] = [:]

  /// Keeps an answer under the digest of its call.
  mutating func keep(_ answer: Answer, of digest: String, at instant: Milliseconds) {
    if answers.count >= Self.capacity {
      answers = answers.filter { instant - $0.value.instant < Self.freshness }
      if answers.count >= Self.capacity { answers.removeAll(keepingCapacity: true) }
    }
    answers[digest] = (answer, instant)
  }

  /// The answer of that call, if it is fresh.
  func answer(of digest: String, at instant: Milliseconds) -> Answer? {
    guard let known = answers[digest], instant - known.instant <= Self.freshness else { return nil }
    return known.answer
  }

  /// Grows with every write: a read that was begun under another generation may show what was before the write.
  private(set) var generation = 0

  /// Forgets all: a write may have changed what they say.
  mutating func forget() {
    generation += 1
    answers.removeAll(keepingCapacity: true)
  }
}

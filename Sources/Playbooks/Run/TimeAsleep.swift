import Journal

/// How long a run has slept: the time in which at least one of its branches waits. Branches that wait at once share it.
struct TimeAsleep {
  private var total: Milliseconds = 0
  private var end: Milliseconds = 0

  /// A branch waits from now until an instant.
  mutating func wait(from now: Milliseconds, until instant: Milliseconds) {
    total += max(0, instant - max(now, end))
    end = max(end, instant)
  }

  /// The time slept so far, in milliseconds.
  func elapsed(at now: Milliseconds) -> Milliseconds {
    total - max(0, end - now)
  }
}

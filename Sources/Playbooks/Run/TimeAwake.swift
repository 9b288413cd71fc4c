import Journal

/// How long a run was awake, as its journal tells: the time in which at least one of its steps was being done. Waits for
/// time or for people do not count, nor does the time in which no process advanced the run.
///
/// Counted at delivery from what is recorded, so that a replay counts the same.
struct TimeAwake {
  /// In milliseconds.
  private(set) var total: Milliseconds = 0
  private var end: Milliseconds = .min

  /// A step was being done between two instants; steps done at once share their time.
  mutating func add(from began: Milliseconds, to instant: Milliseconds) {
    total += max(0, instant - max(began, end))
    end = max(end, instant)
  }
}

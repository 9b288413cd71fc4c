/// What happens when an occurrence is due while an earlier run of the same schedule still goes on.
public enum Overlap: String, CaseIterable, Hashable, Sendable {
  /// The new one does not run.
  case skip
  /// The new one runs when the earlier is over.
  case queue
  /// The earlier run is cancelled, and the new one runs.
  case cancelRunning = "cancel-running"
  /// Both run.
  case allow
}

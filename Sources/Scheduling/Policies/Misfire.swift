/// What happens with occurrences that were not run in time, e.g. while nothing was there to run them.
public enum Misfire: String, CaseIterable, Hashable, Sendable {
  /// They are missed.
  case none
  /// One run makes up for all of them.
  case last
  /// Each is made up for, within a window and up to a cap.
  case all
}

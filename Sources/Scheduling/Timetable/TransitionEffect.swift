/// A change of a zone's clock, and what it does to a timetable's occurrences.
public struct TransitionEffect: Hashable, Sendable, CustomStringConvertible {
  /// What becomes of the times of the clock that the change leaves out or brings twice.
  public enum Kind: String, Hashable, Sendable {
    /// No occurrence is affected.
    case none
    /// Times that do not exist run right after the gap, once.
    case runsAfterGap = "runs_after_gap"
    /// Times that come twice run once, the first time.
    case runsOnce = "runs_once"
    /// A wildcard schedule: times that do not exist do not run.
    case leavesOut = "leaves_out"
    /// A wildcard schedule: times that come twice run twice.
    case repeats
    /// An interval: elapsed time goes on, the clock shows another time.
    case elapsed
  }

  /// When it takes place, in milliseconds since 1970.
  public let instant: Int64
  /// What the clock is ahead of UTC before, in milliseconds.
  public let offsetBefore: Int64
  /// What the clock is ahead of UTC from then on, in milliseconds.
  public let offsetAfter: Int64
  /// What it does.
  public let kind: Kind
  /// How many times of the clock fit the schedule and are left out or come twice.
  public let count: Int
  /// All of it in one line.
  public let description: String
}

/// What becomes of occurrences that are due, before anybody looks whether an earlier run still goes on (``Overlap``).
///
/// An occurrence is late once more than the grace has passed since its instant; what is not late runs.
/// - `none`: late occurrences are missed.
/// - `last`: those within the window are coalesced into the first that runs anyway; where none does, the latest late one
///   runs and the earlier are coalesced into it.
/// - `all`: those within the window run, the newest up to the cap.
///
/// What lies before the window is missed, whatever runs.
public struct Reckoning: Hashable, Sendable {
  /// What becomes of one occurrence.
  public enum Fate: Hashable, Sendable {
    /// It runs.
    case run
    /// The run of that instant stands for it.
    case coalesced(into: Int64)
    /// It does not run; the reason in words.
    case missed(String)
  }

  /// An occurrence and what becomes of it.
  public struct Verdict: Hashable, Sendable {
    /// Its instant, in milliseconds since 1970.
    public let instant: Int64
    /// What becomes of it.
    public let fate: Fate

    /// Creates a verdict.
    public init(instant: Int64, fate: Fate) {
      self.instant = instant
      self.fate = fate
    }
  }

  /// What is done about late occurrences.
  public var misfire: Misfire
  /// How late an occurrence may be and still count as on time, in milliseconds.
  public var grace: Int64
  /// How far back `last` and `all` go, in milliseconds.
  public var window: Int64
  /// How many late occurrences `all` runs at most.
  public var cap: Int

  /// Creates a reckoning; a minute of grace, a window of a day and a cap of 100 where nothing is said.
  public init(misfire: Misfire, grace: Int64 = 60_000, window: Int64 = 86_400_000, cap: Int = 100) {
    self.misfire = misfire
    self.grace = grace
    self.window = window
    self.cap = cap
  }

  /// Decides about occurrences: one verdict for each instant, in ascending order.
  ///
  /// - Parameters:
  ///   - due: instants in milliseconds; one that is named twice is one occurrence.
  ///   - now: the instant of the decision. An instant after it is not late.
  ///   - reason: why the late ones are late, e.g. `ebb was not running`.
  public func verdicts(on due: some Sequence<Int64>, at now: Int64, because reason: String) -> [Verdict] {
    let instants = Self.ordered(due)
    // Instants ascend, so lateness descends: first what lies before the window, then what is late, then what is on time.
    let late = instants.partitioningIndex { lateness(of: $0, at: now) <= max(0, grace) }
    let bygone = min(late, instants.partitioningIndex { lateness(of: $0, at: now) <= window })
    return instants.enumerated().map { index, instant in
      let fate: Fate =
        if index >= late { .run } else if misfire == .none {
          .missed("\(reason); misfire is none")
        } else if index < bygone {
          .missed("\(reason); more than \(Interval.text(window)) ago, the window of misfire \(misfire.rawValue)")
        } else {
          fate(ofLate: index, among: instants, late: late, because: reason)
        }
      return Verdict(instant: instant, fate: fate)
    }
  }

  /// What becomes of a late occurrence inside the window.
  private func fate(ofLate index: Int, among instants: [Int64], late: Int, because reason: String) -> Fate {
    switch misfire {
    case .none: return .missed(reason)
    case .last:
      let runs = late < instants.count ? late : late - 1
      return index == runs ? .run : .coalesced(into: instants[runs])
    case .all:
      return index >= late - max(0, cap) ? .run : .missed("\(reason); misfire all makes up for \(max(0, cap)) at most")
    }
  }

  private func lateness(of instant: Int64, at now: Int64) -> Int64 {
    let (difference, overflows) = now.subtractingReportingOverflow(instant)
    return overflows ? (now > instant ? .max : .min) : difference
  }

  private static func ordered(_ due: some Sequence<Int64>) -> [Int64] {
    let instants = Array(due)
    let ascends = zip(instants, instants.dropFirst()).allSatisfy { $0 < $1 }
    return ascends ? instants : Set(instants).sorted()
  }
}

extension [Int64] {
  /// The first index whose element fulfils a condition that holds for all elements after it as well.
  fileprivate func partitioningIndex(where holds: (Int64) -> Bool) -> Int {
    var (low, high) = (0, count)
    while low < high {
      let middle = (low + high) / 2
      if holds(self[middle]) { high = middle } else { low = middle + 1 }
    }
    return low
  }
}

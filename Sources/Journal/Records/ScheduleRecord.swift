public import JSON

/// Whether a playbook may act by itself for a shop, and how far it may go.
public struct Enablement: Hashable, Sendable {
  /// How far a playbook goes that acts by itself.
  public enum Mode: String, Hashable, Sendable, CaseIterable {
    /// It plans, and a person applies.
    case plan
    case live
  }

  public let playbook: String
  public let profile: String
  public var mode: Mode
  public let since: Milliseconds

  /// A playbook that acts by itself from that instant on.
  public init(playbook: String, profile: String, mode: Mode, since: Milliseconds) {
    self.playbook = playbook
    self.profile = profile
    self.mode = mode
    self.since = since
  }
}

/// Names one schedule: there is one for each shop.
public struct ScheduleKey: Hashable, Sendable, CustomStringConvertible {
  public let name: String
  public let profile: String

  /// The schedule of that name for a shop.
  public init(_ name: String, profile: String) {
    self.name = name
    self.profile = profile
  }

  /// `name (profile)`.
  public var description: String { "\(name) (\(profile))" }
}

/// When a playbook should run for a shop, and how far its occurrences are accounted for (G12).
public struct ScheduleRecord: Hashable, Sendable {
  /// Where a schedule comes from.
  public enum Origin: String, Hashable, Sendable, CaseIterable {
    /// The playbook's header.
    case header
    /// A person, by `ebb schedule add`.
    case added
  }

  public let key: ScheduleKey
  public let playbook: String
  public let origin: Origin
  /// What it says: the expression, its zone and policies. The store carries it.
  public var terms: JSON
  /// All occurrences up to that instant have their row; none before it is ever looked at again.
  public var through: Milliseconds
  /// Since when its occurrences are skipped.
  public var paused: Milliseconds?
  /// Grows with every change of what it says.
  public var revision: Int

  /// A schedule whose occurrences count from that instant on.
  public init(key: ScheduleKey, playbook: String, origin: Origin, terms: JSON, through: Milliseconds) {
    self.key = key
    self.playbook = playbook
    self.origin = origin
    self.terms = terms
    self.through = through
    self.revision = 1
  }
}

/// What became of one instant at which a schedule should have run.
public struct Occurrence: Hashable, Sendable {
  /// The one thing that became of it.
  public enum Outcome: String, Hashable, Sendable, CaseIterable {
    case ran
    /// Another occurrence ran for it as well.
    case coalesced
    /// A policy or a person kept it from running.
    case skipped
    /// Nobody was there in time.
    case missed
  }

  public let schedule: ScheduleKey
  /// When it should have run.
  public let instant: Milliseconds
  public let outcome: Outcome
  /// The run that it started.
  public let run: RunID?
  /// The instant of the occurrence that ran for it.
  public let into: Milliseconds?
  /// Why it did not run, in words.
  public let reason: String?
  /// When it was accounted for.
  public let accounted: Milliseconds

  /// An occurrence and what became of it.
  public init(
    schedule: ScheduleKey, instant: Milliseconds, outcome: Outcome, run: RunID? = nil, into: Milliseconds? = nil,
    reason: String? = nil, accounted: Milliseconds
  ) {
    self.schedule = schedule
    self.instant = instant
    self.outcome = outcome
    self.run = run
    self.into = into
    self.reason = reason
    self.accounted = accounted
  }
}

/// An occurrence that is due, and what is to become of it.
public struct DueOccurrence: Hashable, Sendable {
  /// What happens where an earlier run of the playbook for the shop still goes on (G15). One that only waits for a person
  /// does not go on.
  public enum Overlap: String, Hashable, Sendable, CaseIterable {
    case skip
    /// It starts once the earlier ones have ended.
    case queue
    /// The earlier ones are cancelled; it starts once they have ended.
    case cancelRunning = "cancel-running"
    case allow
  }

  /// What is to become of it.
  public enum Fate: Hashable, Sendable {
    case start(RunRecord, Overlap)
    case coalesced(into: Milliseconds)
    case skipped(String)
    case missed(String)
  }

  /// So many runs of a playbook and shop wait for their turn at most: one that is slower than its schedule would pile up.
  static let longestQueue = 100

  public let instant: Milliseconds
  public let fate: Fate

  /// An occurrence at that instant.
  public init(_ instant: Milliseconds, _ fate: Fate) {
    self.instant = instant
    self.fate = fate
  }
}

/// Occurrences of one schedule that are accounted for together.
public struct DueAccount: Hashable, Sendable {
  /// As it was read; where it was accounted for or changed since, nothing is recorded.
  public let schedule: ScheduleRecord
  /// In ascending order.
  public let due: [DueOccurrence]
  /// The instant up to which the schedule is accounted for then.
  public let through: Milliseconds

  /// An account of a schedule's occurrences up to that instant.
  public init(of schedule: ScheduleRecord, _ due: [DueOccurrence], through: Milliseconds) {
    self.schedule = schedule
    self.due = due
    self.through = through
  }
}

/// What became of accounting for occurrences.
public enum Accounting: Hashable, Sendable {
  /// Their rows, and the runs they started.
  case accounted([Occurrence])
  /// Another process did it, or the schedule says something else by now: it is to be read again.
  case changed
}

/// Which occurrences are wanted; nil is any.
public struct OccurrenceFilter: Hashable, Sendable {
  public var schedule: ScheduleKey?
  public var name: String?
  public var run: RunID?
  public var outcomes: Set<Occurrence.Outcome>?
  /// At or after that instant.
  public var since: Milliseconds?
  /// At or before that instant.
  public var until: Milliseconds?
  public var limit = 100

  /// All occurrences.
  public init() {}
}

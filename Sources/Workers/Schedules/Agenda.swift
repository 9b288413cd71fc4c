import HeapModule
import Journal
import Scheduling

/// What is due when: the schedules in force, and the next instant of each. A value; ``ScheduleKeeper`` carries out what it
/// says.
struct Agenda {
  /// A schedule and what its terms say.
  struct Entry {
    var record: ScheduleRecord
    let terms: ScheduleTerms
  }

  private struct Turn: Comparable {
    let instant: Milliseconds
    let key: ScheduleKey
    let revision: Int

    static func < (left: Turn, right: Turn) -> Bool { left.instant < right.instant }
  }

  private(set) var entries: [ScheduleKey: Entry] = [:]
  private var turns = Heap<Turn>()

  /// When something is due next; nil where nothing ever is.
  var next: Milliseconds? { turns.min?.instant }

  /// Takes over what the store says; a schedule that says the same as before keeps its turn.
  mutating func take(_ records: [ScheduleRecord], terms: (ScheduleRecord) -> ScheduleTerms?) {
    var kept: [ScheduleKey: Entry] = [:]
    for record in records {
      if let known = entries[record.key], known.record.revision == record.revision {
        kept[record.key] = known
      } else if let terms = terms(record) {
        kept[record.key] = Entry(record: record, terms: terms)
      }
    }
    let changed = kept.filter { entries[$0.key]?.record.revision != $0.value.record.revision }
    entries = kept
    for entry in changed.values { arrange(entry) }
  }

  /// Takes over one schedule as it was read anew.
  mutating func update(_ record: ScheduleRecord) {
    guard let known = entries[record.key] else { return }
    let entry = Entry(record: record, terms: known.terms)
    entries[record.key] = entry
    arrange(entry)
  }

  /// The schedules that have something due, each once; they are to be updated or arranged anew.
  mutating func due(at now: Milliseconds) -> [Entry] {
    var keys: Set<ScheduleKey> = []
    while let turn = turns.min, turn.instant <= now {
      turns.removeMin()
      // One that says something else by now has a turn of its own.
      if entries[turn.key]?.record.revision == turn.revision { keys.insert(turn.key) }
    }
    return keys.sorted { ($0.name, $0.profile) < ($1.name, $1.profile) }.compactMap { entries[$0] }
  }

  /// Gives up what is known of a schedule, until it is read anew.
  mutating func forget(_ key: ScheduleKey) { entries[key] = nil }

  /// Gives a schedule its next turn.
  mutating func arrange(_ entry: Entry) {
    guard let instant = entry.terms.timetable.next(after: entry.record.through) else { return }
    turns.insert(
      Turn(
        instant: instant + entry.terms.delay(of: instant, in: entry.record.key), key: entry.record.key,
        revision: entry.record.revision))
  }
}

extension Agenda.Entry {
  /// So many rows are written in one transaction.
  static let most = 1000
  /// What the ledger says of occurrences that a person had skipped.
  static let pausedReason = "the schedule was paused"

  /// What becomes of the occurrences that are due, in their order.
  func verdicts(at now: Milliseconds) -> [Reckoning.Verdict] {
    let key = record.key
    let instants = terms.timetable.occurrences(after: record.through, through: now)
      .prefix { $0 + terms.delay(of: $0, in: key) <= now }
    return terms.reckoning.verdicts(on: Array(instants), at: now, because: "nobody was there in time")
  }

  func isPaused(at instant: Milliseconds) -> Bool { record.paused.map { $0 <= instant } ?? false }

  /// The verdicts as the store takes them, in parts for one transaction each.
  ///
  /// - Parameter runs: those of the occurrences that run, by instant.
  func accounts(
    of verdicts: [Reckoning.Verdict], starting runs: [Milliseconds: Result<RunRecord, Obstacle>]
  ) -> [(due: [DueOccurrence], through: Milliseconds)] {
    var parts: [(due: [DueOccurrence], through: Milliseconds)] = []
    for verdict in verdicts {
      if parts.last.map({ $0.due.count < Self.most }) != true { parts.append(([], verdict.instant)) }
      parts[parts.count - 1].due.append(DueOccurrence(verdict.instant, fate(of: verdict, starting: runs)))
      parts[parts.count - 1].through = verdict.instant
    }
    return parts
  }

  private func fate(
    of verdict: Reckoning.Verdict, starting runs: [Milliseconds: Result<RunRecord, Obstacle>]
  ) -> DueOccurrence.Fate {
    if isPaused(at: verdict.instant) { return .skipped(Self.pausedReason) }
    switch verdict.fate {
    case .coalesced(let into): return .coalesced(into: into)
    case .missed(let reason): return .missed(reason)
    case .run:
      switch runs[verdict.instant] {
      case .success(let run)?: return .start(run, terms.overlap)
      case .failure(let obstacle)?: return .missed(obstacle.reason)
      case nil: return .missed("its run could not be made")
      }
    }
  }
}

/// Why a run cannot be started now.
public struct Obstacle: Error, Hashable, Sendable {
  /// In words, for the ledger.
  public let reason: String

  /// An obstacle.
  public init(_ reason: String) {
    self.reason = reason
  }
}

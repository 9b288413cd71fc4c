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
    /// Tells its turn from earlier ones that are still in the heap.
    fileprivate var turn = 0
  }

  private struct Turn: Comparable {
    let instant: Milliseconds
    let key: ScheduleKey
    let number: Int

    static func < (left: Turn, right: Turn) -> Bool { left.instant < right.instant }
  }

  private(set) var entries: [ScheduleKey: Entry] = [:]
  private var turns = Heap<Turn>()
  private var lastTurn = 0

  /// When something is due next; nil where nothing ever is.
  var next: Milliseconds? { turns.min?.instant }

  /// Takes over what the store says; a schedule that says the same as before keeps its turn.
  mutating func take(_ records: [ScheduleRecord], terms: (ScheduleRecord) -> ScheduleTerms?) {
    let before = entries
    entries = [:]
    entries.reserveCapacity(records.count)
    for record in records {
      if let known = before[record.key], known.record.revision == record.revision {
        entries[record.key] = known
      } else {
        take(record, terms: terms)
      }
    }
  }

  /// Takes over one schedule as the store says it now.
  mutating func take(_ record: ScheduleRecord, terms: (ScheduleRecord) -> ScheduleTerms?) {
    guard let terms = terms(record) else {
      entries[record.key] = nil
      return
    }
    entries[record.key] = Entry(record: record, terms: terms)
    arrange(record.key)
  }

  /// The schedules that have something due, each once; they are to be arranged anew.
  mutating func due(at now: Milliseconds) -> [Entry] {
    var due: [Entry] = []
    while let turn = turns.min, turn.instant <= now {
      turns.removeMin()
      // One that says something else by now has a turn of its own.
      if let entry = entries[turn.key], entry.turn == turn.number { due.append(entry) }
    }
    return due
  }

  /// The store accounted for a schedule.
  mutating func settle(_ account: DueAccount) {
    let key = account.schedule.key
    guard let known = entries[key]?.record, known.revision == account.schedule.revision else { return }
    entries[key]?.record.through = max(known.through, account.through)
  }

  /// Gives up what is known of a schedule, until it is read anew.
  mutating func forget(_ key: ScheduleKey) { entries[key] = nil }

  /// Gives a schedule its next turn.
  mutating func arrange(_ key: ScheduleKey) {
    guard let entry = entries[key], let instant = entry.terms.timetable.next(after: entry.record.through) else {
      return
    }
    lastTurn += 1
    entries[key]?.turn = lastTurn
    turns.insert(Turn(instant: instant + entry.terms.delay(of: instant, in: key), key: key, number: lastTurn))
  }
}

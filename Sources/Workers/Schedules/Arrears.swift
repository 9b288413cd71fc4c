public import Journal
public import Playbooks
import Scheduling

/// The occurrences of a schedule that were due and that nobody accounted for, because no service was there: they get
/// their rows before the schedule ends, goes on after a pause, or says something else (G12). None of them runs.
public struct Arrears: Sendable {
  private let store: any ScheduleStore
  private let clock: any RunClock
  private let terms: @Sendable (ScheduleRecord) -> ScheduleTerms?

  /// Those of the schedules in that store.
  ///
  /// - Parameters:
  ///   - clock: the wall's.
  ///   - terms: reads what a schedule says; nil where that cannot be read, which leaves it without rows.
  public init(
    _ store: any ScheduleStore, clock: any RunClock = WallClock(),
    terms: @escaping @Sendable (ScheduleRecord) -> ScheduleTerms?
  ) {
    self.store = store
    self.clock = clock
    self.terms = terms
  }

  /// Gives each occurrence up to now its row: `skipped` since the schedule is paused, else `missed`.
  ///
  /// - Parameter reason: why they are missed, in words for the ledger.
  /// - Returns: the schedule as it stands then; nil where it is not there any more.
  @discardableResult
  public func settle(_ key: ScheduleKey, because reason: String) async throws(JournalError) -> ScheduleRecord? {
    // A service beside us may account for some of them meanwhile; then the rest is looked at again.
    while let record = try await store.schedule(key) {
      if let settled = try await settle(record, because: reason) { return settled }
    }
    return nil
  }

  /// - Returns: nil where the schedule changed meanwhile.
  private func settle(_ schedule: ScheduleRecord, because reason: String) async throws(JournalError) -> ScheduleRecord?
  {
    guard let terms = terms(schedule) else { return schedule }
    var record = schedule
    let now = clock.now()
    var instants = terms.timetable.occurrences(after: record.through, through: now).makeIterator()
    while true {
      var due: [DueOccurrence] = []
      while due.count < DuePart.most, let instant = instants.next() {
        let isPaused = record.paused.map { $0 <= instant } ?? false
        due.append(
          DueOccurrence(instant, isPaused ? .skipped(DuePart.pausedReason) : .missed(reason)))
      }
      guard let last = due.last else { return record }
      switch try await store.account(due, of: record, through: last.instant, at: now) {
      case .accounted: record.through = last.instant
      case .changed: return nil
      }
    }
  }
}

import Journal
import Scheduling

/// Occurrences of one schedule that are due, as many as are written together, and what is to become of them.
struct DuePart: Sendable {
  /// What the source made of the occurrences that run, by instant.
  typealias Runs = [Milliseconds: Result<RunRecord, Obstacle>]

  /// So many rows are written in one transaction; that of several schedules may have nearly twice as many.
  static let most = 1000
  /// What the ledger says of occurrences that a person had skipped.
  static let pausedReason = "the schedule was paused"

  /// As it will be when the parts before this one are written.
  let schedule: ScheduleRecord
  let terms: ScheduleTerms
  /// At least one.
  let verdicts: ArraySlice<Reckoning.Verdict>

  var key: ScheduleKey { schedule.key }

  /// The runs of the occurrences that run.
  func runs(from source: any RunSource) async throws -> Runs {
    var runs: Runs = [:]
    for verdict in verdicts where verdict.fate == .run && !isPaused(at: verdict.instant) {
      runs[verdict.instant] = try await source.run(
        for: schedule, terms.parameters, at: verdict.instant, trigger: .schedule)
    }
    return runs
  }

  /// The verdicts as the store takes them.
  ///
  /// - Parameter runs: those of the occurrences that run.
  func account(starting runs: Runs) -> DueAccount {
    DueAccount(
      of: schedule, verdicts.map { DueOccurrence($0.instant, fate(of: $0, starting: runs)) },
      through: verdicts.last?.instant ?? schedule.through)
  }

  private func isPaused(at instant: Milliseconds) -> Bool { schedule.paused.map { $0 <= instant } ?? false }

  private func fate(of verdict: Reckoning.Verdict, starting runs: Runs) -> DueOccurrence.Fate {
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

extension Agenda.Entry {
  /// What is due, in its order; nothing where the clock was set back meanwhile.
  ///
  /// - Parameter heedingJitter: whether what jitter puts off is not due yet.
  func parts(at now: Milliseconds, heedingJitter: Bool = true) -> [DuePart] {
    let key = record.key
    let instants = terms.timetable.occurrences(after: record.through, through: now)
      .prefix { !heedingJitter || $0 + terms.delay(of: $0, in: key) <= now }
    let verdicts = terms.reckoning.verdicts(on: instants, at: now, because: "nobody was there in time")
    var parts: [DuePart] = []
    var schedule = record
    var rest = verdicts[...]
    while let last = rest.prefix(DuePart.most).last {
      parts.append(DuePart(schedule: schedule, terms: terms, verdicts: rest.prefix(DuePart.most)))
      schedule.through = last.instant
      rest = rest.dropFirst(DuePart.most)
    }
    return parts
  }
}

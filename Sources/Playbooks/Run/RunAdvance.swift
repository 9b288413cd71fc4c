import Catalogue
import JSON
public import Journal
import Lua

/// Advances runs: the one way in, for the command line, for a service and for tests.
///
/// ```swift
/// let version = try PlaybookVersion(of: source, file: "scripts/chase.lua", folder: folder, catalogue: catalogue)
/// let header = try await HeaderReader(catalogue: catalogue).header(of: version)
/// let assignment = try RunAssignment(id: "run-7", version: version, header: header, profile: "shop")
/// var advance = try await RunAdvance.start(assignment, in: surroundings)
/// advance = try await RunAdvance.stay(with: advance, in: surroundings)  // through its sleeps
/// ```
public enum RunAdvance {
  /// Records a new run with its version and advances it until it ends or has to wait for long.
  ///
  /// - Parameter conditions: checked in the transaction that records it (G14).
  /// - Throws: ``JournalError`` where the store fails.
  public static func start(
    _ assignment: RunAssignment, requiring conditions: [StartCondition] = [], in surroundings: RunSurroundings
  ) async throws(JournalError) -> Advance {
    switch try await begin(assignment, requiring: conditions, in: surroundings) {
    case .settled(let advance): return advance
    case .begun(let run, let lease): return try await run.execute(under: lease)
    }
  }

  /// What is known before a run is advanced.
  private enum Beginning {
    case settled(Advance)
    case begun(Run, Lease)
  }

  /// Prepares a run in a task of its own, which is gone when the run begins: a task keeps the memory that its frames needed
  /// once, and a run may wait for days beside ten thousand others. For the same reason whoever calls this is a function of
  /// its own.
  private static func prepared<Failure: Error>(
    _ prepare: @escaping @Sendable () async throws(Failure) -> Beginning
  ) async throws(Failure) -> Beginning {
    let preparation = Task.immediate { () async -> Result<Beginning, Failure> in
      do throws(Failure) { return .success(try await prepare()) } catch { return .failure(error) }
    }
    return try await preparation.value.get()
  }

  @inline(never)
  private static func begin(
    _ assignment: RunAssignment, requiring conditions: [StartCondition], in surroundings: RunSurroundings
  ) async throws(JournalError) -> Beginning {
    try await prepared { () async throws(JournalError) in
      try await record(assignment, requiring: conditions, in: surroundings)
    }
  }

  private static func record(
    _ assignment: RunAssignment, requiring conditions: [StartCondition], in surroundings: RunSurroundings
  ) async throws(JournalError) -> Beginning {
    let started = surroundings.clock.now()
    let journal = surroundings.journal
    try await journal.keep(assignment.version)
    let request = surroundings.leases.request(for: surroundings.worker)
    switch try await journal.start(assignment.record(at: started), requiring: conditions, heldBy: request) {
    case .refused(let condition): return .settled(.refused(condition))
    case .exists:
      guard let record = try await journal.run(assignment.id) else { throw .unknownRun(assignment.id) }
      return .settled(.exists(record))
    case .started(nil): throw .unavailable("the store started the run \(assignment.id) without a lease")
    case .started(let lease?): return .begun(Run(assignment, started: started, in: surroundings), lease)
    }
  }

  /// Advances a recorded run: plays it again from its journal, and goes on where that ends.
  ///
  /// A run of a worker that is known to be dead is taken from it at once. A run that failed with an error that may pass,
  /// as the last thing it did, takes that step anew. One that diverged is tried again.
  ///
  /// - Parameters:
  ///   - guards: those of the configuration for the playbook as it is now; they only tighten the header's.
  ///   - profileGuards: those for all playbooks of the profile.
  /// - Throws: ``JournalError`` where the store fails or does not know the run; ``LuaError`` or ``ParameterProblem`` where
  ///   the header of its version cannot be read.
  public static func resume(
    _ id: RunID, guards: Guards = Guards(), profileGuards: Guards = Guards(), in surroundings: RunSurroundings
  ) async throws -> Advance {
    switch try await take(id, guards: guards, profileGuards: profileGuards, in: surroundings) {
    case .settled(let advance): return advance
    case .begun(let run, let lease): return try await run.execute(under: lease)
    }
  }

  @inline(never)
  private static func take(
    _ id: RunID, guards: Guards, profileGuards: Guards, in surroundings: RunSurroundings
  ) async throws -> Beginning {
    try await prepared {
      try await taken(id, guards: guards, profileGuards: profileGuards, in: surroundings)
    }
  }

  /// Takes a recorded run to advance it.
  private static func taken(
    _ id: RunID, guards: Guards, profileGuards: Guards, in surroundings: RunSurroundings
  ) async throws -> Beginning {
    let journal = surroundings.journal
    guard let record = try await journal.run(id) else { throw JournalError.unknownRun(id) }
    guard canGoOn(record) else { return .settled(.over(record)) }
    // Whatever it would write, nobody said that it may.
    guard !record.plansOnly else { return .settled(.plans(record)) }
    guard let version = try await journal.version(record.version) else {
      throw JournalError.damaged("the version \(record.version) of the run \(id) is not in the store")
    }
    let header = try await HeaderReader(catalogue: surroundings.catalogue).header(of: version)
    guard let lease = try await acquire(id, in: surroundings) else {
      guard let holder = try await journal.holder(of: id) else {
        if record.isInTurn, record.status == .queued { return .settled(.inTurn(record)) }
        return try await taken(id, guards: guards, profileGuards: profileGuards, in: surroundings)
      }
      return .settled(.held(holder))
    }
    // Read under the lease: whoever held the run before may have recorded more meanwhile.
    guard var history = try await journal.history(of: id) else { throw JournalError.unknownRun(id) }
    if history.record.status == .failed {
      guard let superseding = try await supersede(history, under: lease, in: surroundings) else {
        try await journal.release(lease)
        return .settled(.over(history.record))
      }
      history = superseding
    } else if !canGoOn(history.record) {
      try await journal.release(lease)
      return .settled(.over(history.record))
    }
    let assignment = try RunAssignment(
      resuming: history.record, version: version, header: header, guards: guards, profileGuards: profileGuards)
    return .begun(Run(assignment, started: history.record.started, history: history, in: surroundings), lease)
  }

  /// Stays with a run through all waits that end by themselves, until it ends, waits for a person, or the task is
  /// cancelled.
  ///
  /// - Returns: the last of its advances; `.held` or `.over` where another process took it meanwhile.
  public static func stay(
    with first: Advance, guards: Guards = Guards(), profileGuards: Guards = Guards(),
    in surroundings: RunSurroundings
  ) async throws -> Advance {
    var advance = first
    while case .advanced(let report) = advance, case .waiting = report.status, let wake = report.ownWake {
      do { try await surroundings.clock.sleep(until: wake) } catch { return advance }
      advance = try await resume(report.run, guards: guards, profileGuards: profileGuards, in: surroundings)
    }
    return advance
  }

  /// Moves a run to another version of its playbook, on purpose: where its journal replays on that without divergence.
  ///
  /// A run that diverged can go on then; it is not advanced here.
  ///
  /// - Throws: as ``resume(_:guards:in:)`` does, of the new version.
  public static func migrate(
    _ id: RunID, to version: PlaybookVersion, guards: Guards = Guards(), in surroundings: RunSurroundings
  ) async throws -> Migration {
    let journal = surroundings.journal
    guard let record = try await journal.run(id) else { throw JournalError.unknownRun(id) }
    guard !record.status.isFinal || record.status == .diverged else { return .over(record) }
    guard let lease = try await acquire(id, in: surroundings) else {
      return try await journal.holder(of: id).map { .held($0) } ?? .over(record)
    }
    guard let history = try await journal.history(of: id) else { throw JournalError.unknownRun(id) }
    let replay: ReplayReport
    do {
      replay = try await RunReplay.play(history, version: version, catalogue: surroundings.catalogue, guards: guards)
    } catch {
      try await journal.release(lease)
      throw error
    }
    if case .diverged = replay.outcome {
      try await journal.release(lease)
      return .refused(replay)
    }
    let instant = surroundings.clock.now()
    try await journal.keep(version)
    var entries = [Entry(.version(version.id), instant: instant)]
    if history.record.status == .diverged { entries.append(Entry(.status(.queued), instant: instant)) }
    entries.append(Entry(.release, instant: instant))
    _ = try await journal.commit(entries, under: lease)
    return .moved(replay)
  }

  private static func canGoOn(_ record: RunRecord) -> Bool {
    switch record.status {
    case .queued, .running, .waiting, .paused, .diverged: true
    case .failed: record.failure?["code"]?.string == ScriptFailure.Code.unavailable.rawValue
    case .succeeded, .cancelled: false
    }
  }

  private static func acquire(_ id: RunID, in surroundings: RunSurroundings) async throws(JournalError) -> Lease? {
    let journal = surroundings.journal
    let request = surroundings.leases.request(for: surroundings.worker)
    // A worker's own lease is granted anew to it: another task of this process may be advancing the run.
    if surroundings.leases.holds(id) { return nil }
    if let lease = try await journal.acquire(id, request, displacing: nil) { return lease }
    guard let holder = try await journal.holder(of: id), WorkerIdentity(holder.worker)?.isGone == true else {
      return nil
    }
    return try await journal.acquire(id, request, displacing: holder.worker)
  }

  /// Takes back the error that a run ended with, where it may pass and is the last of its results (decisions.md, "What is
  /// a step"): its read is done anew.
  ///
  /// - Returns: what is recorded without it; nil where the run did not end so.
  private static func supersede(
    _ history: RunHistory, under lease: Lease, in surroundings: RunSurroundings
  ) async throws(JournalError) -> RunHistory? {
    guard let last = history.steps.last, case .raised(let bytes) = last.result,
      surroundings.catalogue[last.name]?.effect == .read,
      let fields = try? JSON(parsing: bytes), ScriptFailure(fields: fields)?.isRetryable == true,
      history.record.failure?["message"] == fields["message"]
    else { return nil }
    let instant = surroundings.clock.now()
    let outcomes = try await surroundings.journal.commit(
      [Entry(.supersede(last.path), instant: instant), Entry(.status(.running), instant: instant)], under: lease)
    guard outcomes.allSatisfy({ $0 == .committed }) else { return nil }
    var record = history.record
    record.status = .running
    return RunHistory(
      record: record, steps: history.steps.dropLast(), notes: history.notes, effects: history.effects,
      approvals: history.approvals)
  }
}

/// How far an attempt to advance a run came. In a block of its own: whoever awaits it has room for it all the while.
public indirect enum Advance: Sendable {
  /// The run was advanced; the report's status says whether it ended or what it waits for.
  case advanced(RunReport)
  /// A run of that id is recorded already, and was left alone.
  case exists(RunRecord)
  /// A condition of the start does not hold; nothing is recorded.
  case refused(StartCondition)
  /// Another worker advances the run.
  case held(Lease)
  /// Earlier runs of its playbook and shop may still go on: it begins once they have ended.
  case inTurn(RunRecord)
  /// It only plans (``RunRecord/plansOnly``), and is left to whoever does that: nothing of it may be sent.
  case plans(RunRecord)
  /// The run is over.
  case over(RunRecord)

  /// The report, where the run was advanced.
  public var report: RunReport? {
    if case .advanced(let report) = self { report } else { nil }
  }
}

/// What became of moving a run to another version.
public enum Migration: Sendable {
  case moved(ReplayReport)
  /// Its journal does not replay on that version; it stays with its own.
  case refused(ReplayReport)
  /// A worker advances the run.
  case held(Lease)
  /// The run is over.
  case over(RunRecord)
}

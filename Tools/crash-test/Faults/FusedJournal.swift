import Journal

/// A journal with a fault point on either side of everything that changes it.
struct FusedJournal: Journal {
  let base: any Journal
  let points: any FaultPoints
  /// Leaves intents out, as a runtime that sends before it announces would: the sweep must notice.
  var forgetsIntents = false

  nonisolated(nonsending) func keep(_ version: PlaybookVersion) async throws(JournalError) {
    points.pass("before keeping the version")
    try await base.keep(version)
    points.pass("after keeping the version")
  }

  nonisolated(nonsending) func version(_ id: String) async throws(JournalError) -> PlaybookVersion? {
    try await base.version(id)
  }

  nonisolated(nonsending) func start(
    _ run: RunRecord, requiring conditions: [StartCondition], heldBy holder: LeaseRequest?
  ) async throws(JournalError) -> StartOutcome {
    points.pass("before start")
    let outcome = try await base.start(run, requiring: conditions, heldBy: holder)
    points.pass("after start")
    return outcome
  }

  nonisolated(nonsending) func acquire(
    _ run: RunID, _ request: LeaseRequest, displacing displaced: String?
  ) async throws(JournalError) -> Lease? {
    points.pass("before acquire")
    let lease = try await base.acquire(run, request, displacing: displaced)
    points.pass("after acquire")
    return lease
  }

  nonisolated(nonsending) func holder(of run: RunID) async throws(JournalError) -> Lease? {
    try await base.holder(of: run)
  }

  nonisolated(nonsending) func renew(
    _ lease: Lease, at instant: Milliseconds, for length: Milliseconds
  ) async throws(JournalError) -> Renewal? {
    points.pass("before renew")
    let renewal = try await base.renew(lease, at: instant, for: length)
    points.pass("after renew")
    return renewal
  }

  nonisolated(nonsending) func release(_ lease: Lease) async throws(JournalError) {
    points.pass("before release")
    try await base.release(lease)
    points.pass("after release")
  }

  nonisolated(nonsending) func commit(
    _ entries: [Entry], under lease: Lease
  ) async throws(JournalError) -> [EntryOutcome] {
    let place = entries.map(\.place).joined(separator: ", ")
    points.pass("before commit of \(place)")
    let outcomes = try await forgetsIntents ? partial(entries, lease) : base.commit(entries, under: lease)
    points.pass("after commit of \(place)")
    return outcomes
  }

  /// Records all but intents and what becomes of them, and says that all was recorded.
  private nonisolated(nonsending) func partial(
    _ entries: [Entry], _ lease: Lease
  ) async throws(JournalError) -> [EntryOutcome] {
    let kept = entries.filter { !$0.isAboutAnEffect }
    var outcomes = kept.isEmpty ? [] : try await base.commit(kept, under: lease)
    return entries.map { $0.isAboutAnEffect ? .committed : outcomes.removeFirst() }
  }

  nonisolated(nonsending) func run(_ id: RunID) async throws(JournalError) -> RunRecord? {
    try await base.run(id)
  }

  nonisolated(nonsending) func history(of run: RunID) async throws(JournalError) -> RunHistory? {
    try await base.history(of: run)
  }

  nonisolated(nonsending) func due(before instant: Milliseconds) async throws(JournalError) -> [RunID] {
    try await base.due(before: instant)
  }

  nonisolated(nonsending) func changes() async -> AsyncStream<Change> {
    await base.changes()
  }
}

extension Entry {
  fileprivate var isAboutAnEffect: Bool {
    switch body {
    case .intent, .settle: true
    default: false
    }
  }

  /// What it records, in a few words.
  fileprivate var place: String {
    switch body {
    case .step(let step): "step \(step.path) \(step.name)"
    case .intent(let effect, _, _): "intent \(effect.path) \(effect.operation) attempt \(effect.attempt)"
    case .settle(let path, let state, _, _): "settle \(path) \(state.rawValue)"
    case .status(let status, _, _, _): "status \(status.name)"
    // The name of the case tells enough.
    default: String("\(body)".prefix { $0 != "(" })
    }
  }
}

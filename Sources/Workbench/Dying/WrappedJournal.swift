public import Journal

/// A journal for tests that does all as the one in it does, but for what it brings itself.
public protocol WrappedJournal: Journal {
  /// The journal in it.
  var kept: MemoryJournal { get }
}

extension WrappedJournal {
  public nonisolated(nonsending) func keep(_ version: PlaybookVersion) async throws(JournalError) {
    await kept.keep(version)
  }
  public nonisolated(nonsending) func version(_ id: String) async throws(JournalError) -> PlaybookVersion? {
    await kept.version(id)
  }
  public nonisolated(nonsending) func start(
    _ run: RunRecord, requiring conditions: [StartCondition], heldBy holder: LeaseRequest?
  ) async throws(JournalError) -> StartOutcome {
    await kept.start(run, requiring: conditions, heldBy: holder)
  }
  public nonisolated(nonsending) func acquire(
    _ run: RunID, _ request: LeaseRequest, displacing displaced: String?
  ) async throws(JournalError) -> Lease? { try await kept.acquire(run, request, displacing: displaced) }
  public nonisolated(nonsending) func holder(of run: RunID) async throws(JournalError) -> Lease? {
    try await kept.holder(of: run)
  }
  public nonisolated(nonsending) func renew(
    _ lease: Lease, at instant: Milliseconds, for length: Milliseconds
  ) async throws(JournalError) -> Renewal? { try await kept.renew(lease, at: instant, for: length) }
  public nonisolated(nonsending) func release(_ lease: Lease) async throws(JournalError) {
    try await kept.release(lease)
  }
  public nonisolated(nonsending) func commit(
    _ entries: [Entry], under lease: Lease
  ) async throws(JournalError) -> [EntryOutcome] { try await kept.commit(entries, under: lease) }
  public nonisolated(nonsending) func run(_ id: RunID) async throws(JournalError) -> RunRecord? { await kept.run(id) }
  public nonisolated(nonsending) func history(of run: RunID) async throws(JournalError) -> RunHistory? {
    await kept.history(of: run)
  }
  public nonisolated(nonsending) func due(before instant: Milliseconds) async throws(JournalError) -> [RunID] {
    await kept.due(before: instant)
  }
  public nonisolated(nonsending) func changes() async -> AsyncStream<Change> { await kept.changes() }
}

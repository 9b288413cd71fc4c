extension SQLiteStore: Journal {
  public nonisolated(nonsending) func keep(_ version: PlaybookVersion) async throws(JournalError) {
    try await write { try $0.keep(version) }
  }

  public nonisolated(nonsending) func version(_ id: String) async throws(JournalError) -> PlaybookVersion? {
    try await read { try $0.version(id) }
  }

  public nonisolated(nonsending) func start(
    _ run: RunRecord, requiring conditions: [StartCondition], heldBy holder: LeaseRequest?
  ) async throws(JournalError) -> StartOutcome {
    try await write { try $0.start(run, requiring: conditions, heldBy: holder) }
  }

  public nonisolated(nonsending) func acquire(
    _ run: RunID, _ request: LeaseRequest, displacing displaced: String?
  ) async throws(JournalError) -> Lease? {
    try await write { try $0.acquire(run, request, displacing: displaced) }
  }

  public nonisolated(nonsending) func holder(of run: RunID) async throws(JournalError) -> Lease? {
    try await read { try $0.holder(of: run, doubtSince: $0.meta(.restoredSince)) }
  }

  public nonisolated(nonsending) func renew(
    _ lease: Lease, at instant: Milliseconds, for length: Milliseconds
  ) async throws(JournalError) -> Renewal? {
    try await write { try $0.renew(lease, at: instant, for: length) }
  }

  public nonisolated(nonsending) func release(_ lease: Lease) async throws(JournalError) {
    try await write { try $0.release(lease) }
  }

  public nonisolated(nonsending) func commit(
    _ entries: [Entry], under lease: Lease
  ) async throws(JournalError) -> [EntryOutcome] {
    try await write { try $0.commit(entries, under: lease) }
  }

  public nonisolated(nonsending) func run(_ id: RunID) async throws(JournalError) -> RunRecord? {
    try await read { try $0.run(id) }
  }

  public nonisolated(nonsending) func history(of run: RunID) async throws(JournalError) -> RunHistory? {
    try await read { try $0.history(of: run) }
  }

  public nonisolated(nonsending) func due(before instant: Milliseconds) async throws(JournalError) -> [RunID] {
    try await read { try $0.due(before: instant) }
  }

  public nonisolated(nonsending) func changes() async -> AsyncStream<Change> {
    await feed.listen()
  }
}

import Synchronization

/// A journal that lives as long as the process: for runs by hand without a store, and for tests.
///
/// It keeps every rule of the interface but durability. A lock, not an actor, so that whoever calls keeps its thread.
public final class MemoryJournal: Journal {
  let contents = Mutex(MemoryContents())

  /// An empty journal.
  public init() {}

  deinit { contents.withLock { $0.finish() } }

  public nonisolated(nonsending) func keep(_ version: PlaybookVersion) async {
    contents.withLock { contents in
      guard contents.versions[version.id] == nil else { return }
      contents.versions[version.id] = version
    }
  }

  public nonisolated(nonsending) func version(_ id: String) async -> PlaybookVersion? {
    contents.withLock { $0.versions[id] }
  }

  public nonisolated(nonsending) func start(
    _ run: RunRecord, requiring conditions: [StartCondition], heldBy holder: LeaseRequest?
  ) async -> StartOutcome {
    contents.withLock { $0.start(run, requiring: conditions, heldBy: holder) }
  }

  public nonisolated(nonsending) func acquire(
    _ run: RunID, _ request: LeaseRequest, displacing displaced: String?
  ) async throws(JournalError) -> Lease? {
    try contents.withLock { contents throws(JournalError) in
      try contents.acquire(run, request, displacing: displaced)
    }
  }

  public nonisolated(nonsending) func holder(of run: RunID) async throws(JournalError) -> Lease? {
    try contents.withLock { contents throws(JournalError) in try contents.ledger(run).lease }
  }

  public nonisolated(nonsending) func renew(
    _ lease: Lease, at instant: Milliseconds, for length: Milliseconds
  ) async throws(JournalError) -> Renewal? {
    try contents.withLock { contents throws(JournalError) in try contents.renew(lease, at: instant, for: length) }
  }

  public nonisolated(nonsending) func release(_ lease: Lease) async throws(JournalError) {
    try contents.withLock { contents throws(JournalError) in
      let ledger = try contents.ledger(lease.run)
      if ledger.epoch == lease.epoch { ledger.lease = nil }
    }
  }

  public nonisolated(nonsending) func commit(
    _ entries: [Entry], under lease: Lease
  ) async throws(JournalError) -> [EntryOutcome] {
    try contents.withLock { contents throws(JournalError) in try contents.commit(entries, under: lease) }
  }

  public nonisolated(nonsending) func run(_ id: RunID) async -> RunRecord? {
    contents.withLock { $0.runs[id]?.record }
  }

  public nonisolated(nonsending) func history(of run: RunID) async -> RunHistory? {
    contents.withLock { $0.history(of: run) }
  }

  public nonisolated(nonsending) func due(before instant: Milliseconds) async -> [RunID] {
    contents.withLock { $0.due(before: instant) }
  }

  public nonisolated(nonsending) func changes() async -> AsyncStream<Change> {
    let (stream, continuation) = AsyncStream.makeStream(of: Change.self)
    let listener = contents.withLock { $0.listen(continuation) }
    continuation.onTermination = { [weak self] _ in
      self?.contents.withLock { $0.listeners[listener] = nil }
    }
    return stream
  }
}

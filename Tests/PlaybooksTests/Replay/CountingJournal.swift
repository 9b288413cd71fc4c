import Journal
import Synchronization
import Workbench

/// Counts how often a journal is asked and committed to.
final class CountingJournal: WrappedJournal {
  let kept: MemoryJournal
  private let counts = Mutex((histories: 0, commits: 0))

  init(_ kept: MemoryJournal) { self.kept = kept }

  var histories: Int { counts.withLock(\.histories) }
  var commits: Int { counts.withLock(\.commits) }

  nonisolated(nonsending) func commit(
    _ entries: [Entry], under lease: Lease
  ) async throws(JournalError) -> [EntryOutcome] {
    counts.withLock { $0.commits += 1 }
    return try await kept.commit(entries, under: lease)
  }
  nonisolated(nonsending) func history(of run: RunID) async throws(JournalError) -> RunHistory? {
    counts.withLock { $0.histories += 1 }
    return await kept.history(of: run)
  }
}

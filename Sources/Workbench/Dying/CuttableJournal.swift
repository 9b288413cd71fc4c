public import Journal
import Synchronization

/// A journal whose process dies: after so many commits it takes no more, and says that it is gone. What it took before is
/// kept in the journal that it wraps, with which a run goes on.
public final class CuttableJournal: WrappedJournal {
  /// The journal in it.
  public let kept: MemoryJournal
  private let left: Mutex<Int>
  private let isLast: @Sendable (Entry) -> LastCommit?
  private let doubtSince: Milliseconds?
  /// Where a run that is restarted finds the lease of the one that died: given up, as by a worker known to be dead.
  private let lease = Mutex<Lease?>(nil)

  /// What becomes of the commit with which the process dies.
  public enum LastCommit {
    /// It is kept and acknowledged; the next one is not.
    case acknowledged
    /// It is kept, and the process never learns of it.
    case unheard
  }

  /// - Parameters:
  ///   - commits: how many it takes.
  ///   - doubtSince: the moment of the copy that the store was restored from, if it was.
  ///   - isLast: which entry the process dies with, if it comes.
  public init(
    _ kept: MemoryJournal, commits: Int = .max, doubtSince: Milliseconds? = nil,
    dyingWith isLast: @escaping @Sendable (Entry) -> LastCommit? = { _ in nil }
  ) {
    self.kept = kept
    left = Mutex(commits)
    self.isLast = isLast
    self.doubtSince = doubtSince
  }

  /// How many commits it would still take.
  public var remaining: Int { left.withLock(\.self) }

  /// Lets go of what the dead process held.
  public func bury() async throws {
    if let lease = lease.withLock(\.self) { try await kept.release(lease) }
  }

  public nonisolated(nonsending) func commit(
    _ entries: [Entry], under lease: Lease
  ) async throws(JournalError) -> [EntryOutcome] {
    let isAlive = left.withLock { left in
      left -= 1
      return left >= 0
    }
    guard isAlive else { throw .unavailable("the process died here") }
    let outcomes = try await kept.commit(entries, under: lease)
    let last = entries.compactMap(isLast).first
    if last != nil { left.withLock { $0 = 0 } }
    if last == .unheard { throw .unavailable("the process died here") }
    return outcomes
  }

  public nonisolated(nonsending) func start(
    _ run: RunRecord, requiring conditions: [StartCondition], heldBy holder: LeaseRequest?
  ) async throws(JournalError) -> StartOutcome {
    let outcome = await kept.start(run, requiring: conditions, heldBy: holder)
    guard case .started(let granted) = outcome else { return outcome }
    lease.withLock { $0 = granted }
    return .started(granted.map(doubted))
  }

  private func doubted(_ lease: Lease) -> Lease {
    Lease(run: lease.run, worker: lease.worker, epoch: lease.epoch, expires: lease.expires, doubtSince: doubtSince)
  }

  public nonisolated(nonsending) func acquire(
    _ run: RunID, _ request: LeaseRequest, displacing displaced: String?
  ) async throws(JournalError) -> Lease? {
    let granted = try await kept.acquire(run, request, displacing: displaced)
    lease.withLock { $0 = granted }
    return granted
  }
}

import Journal
import Playbooks

/// Takes a run's lease from a process of this machine that has ended, so that nobody waits for it to run out.
struct StaleLease {
  let store: any Store

  /// Ends the lease of a run where its holder is known to be gone; without effect otherwise.
  func clear(_ run: RunID) async throws {
    guard let holder = try await store.holder(of: run), WorkerIdentity(holder.worker)?.isGone == true else { return }
    let request = LeaseRequest(worker: "\(WorkerIdentity.current)", instant: SystemClock().now(), length: 30_000)
    guard let lease = try await store.acquire(run, request, displacing: holder.worker) else { return }
    try await store.release(lease)
  }
}

public import Journal
import Synchronization

/// Renews the leases of all runs that this process advances, in real time whatever the runs' own clock says, and tells a
/// run what people ask of it, or that it has lost its lease.
public final class LeaseKeeper: Sendable {
  private struct Held {
    var lease: Lease
    let mailbox: Mailbox
  }

  private struct Contents {
    var held: [RunID: Held] = [:]
    var renewing: Task<Void, Never>?
  }

  private let journal: any Journal
  private let clock: any RunClock
  private let pause: @Sendable () async throws -> Void
  private let contents = Mutex(Contents())
  /// How long a lease lasts unless it is renewed, in milliseconds.
  let length: Milliseconds

  /// - Parameters:
  ///   - length: of a lease, in milliseconds.
  ///   - clock: what leases are measured by.
  ///   - pause: returns when it is time to renew; throws where its task is cancelled.
  public init(
    journal: any Journal, length: Milliseconds = 30_000, clock: any RunClock = SystemClock(),
    pause: @escaping @Sendable () async throws -> Void = { try await Task.sleep(for: .seconds(5)) }
  ) {
    self.journal = journal
    self.length = length
    self.clock = clock
    self.pause = pause
  }

  /// A request for a lease from now on.
  func request(for worker: String) -> LeaseRequest {
    LeaseRequest(worker: worker, instant: clock.now(), length: length)
  }

  /// Keeps a lease until it is dropped.
  func keep(_ lease: Lease, for mailbox: Mailbox) {
    contents.withLock { contents in
      contents.held[lease.run] = Held(lease: lease, mailbox: mailbox)
      guard contents.renewing == nil else { return }
      // It ends by itself once nothing is held: a timer for every run would cost more than a short run.
      contents.renewing = Task { [weak self, pause] in
        repeat {
          do { try await pause() } catch { return }
        } while await self?.renewAll() == true
      }
    }
  }

  /// Renews a lease no more; it is given back in the journal by whoever drops it.
  func drop(_ run: RunID) {
    contents.withLock { $0.held[run] = nil }
  }

  deinit { contents.withLock { $0.renewing }?.cancel() }

  /// Whether this process may still act for the run: asked before each send.
  func holds(_ run: RunID) -> Bool {
    contents.withLock { $0.held[run].map { clock.now() < $0.lease.expires } ?? false }
  }

  /// - Returns: whether there is anything to renew.
  private func renewAll() async -> Bool {
    let leases = contents.withLock { contents in
      if contents.held.isEmpty { contents.renewing = nil }
      return contents.held.values.map(\.lease)
    }
    // At once, so that a store that commits in groups commits them together.
    await withDiscardingTaskGroup { group in
      for lease in leases { group.addTask { await self.renew(lease) } }
    }
    return !leases.isEmpty
  }

  /// Renews one lease now; also to learn what was asked while nobody held the run.
  func renew(_ lease: Lease) async {
    let renewal: Renewal?
    do {
      renewal = try await journal.renew(lease, at: clock.now(), for: length)
    } catch {
      // The store may come back; until then the lease is what it was, and where it ends nothing more is sent.
      if clock.now() >= lease.expires { lose(lease) }
      return
    }
    guard let renewal else { return lose(lease) }
    let mailbox = contents.withLock { contents -> Mailbox? in
      guard contents.held[lease.run]?.lease.epoch == lease.epoch else { return nil }
      contents.held[lease.run]?.lease = renewal.lease
      return contents.held[lease.run]?.mailbox
    }
    if let request = renewal.request { mailbox?.post(.requested(request)) }
  }

  private func lose(_ lease: Lease) {
    let mailbox = contents.withLock { contents -> Mailbox? in
      guard contents.held[lease.run]?.lease.epoch == lease.epoch else { return nil }
      return contents.held.removeValue(forKey: lease.run)?.mailbox
    }
    mailbox?.post(.lost)
  }
}

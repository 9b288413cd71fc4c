public import Journal
public import Playbooks

/// Wakes runs that wait for credentials, once their shop's change.
///
/// A run may be refused before a change and wait only after it; so a change counts for a while, and wakes each run that
/// begins to wait within it once.
public actor CredentialWaker {
  private let store: any Store
  private let clock: any RunClock
  /// The last change of each shop's credentials: when, and which runs it has woken.
  private var changes: [String: (at: Milliseconds, woken: Set<RunID>)] = [:]

  /// How long after a change a run may be refused for what was before: longer than a request and its repetitions take.
  static let span: Milliseconds = 180_000

  /// A waker of that store's runs.
  public init(_ store: any Store, clock: any RunClock = WallClock()) {
    self.store = store
    self.clock = clock
  }

  /// A shop's credentials changed: its runs that wait for them become due.
  ///
  /// - Returns: which were woken.
  @discardableResult
  public func changed(_ profile: String) async throws(JournalError) -> [RunID] {
    let now = clock.now()
    changes[profile] = (now, [])
    var filter = RunFilter()
    filter.statuses = [RunStatus.waiting(.credentials).name]
    filter.profile = profile
    filter.limit = .max
    var woken: [RunID] = []
    for run in try await store.runs(filter) where run.status == .waiting(.credentials) {
      if try await wake(run.id, of: profile) { woken.append(run.id) }
    }
    return woken
  }

  /// A run waits for credentials: where they changed a short while ago, it becomes due.
  ///
  /// - Returns: whether it was woken.
  @discardableResult
  public func waits(_ run: RunID) async throws(JournalError) -> Bool {
    guard let record = try await store.run(run), record.status == .waiting(.credentials),
      let change = changes[record.profile], clock.now() - change.at < Self.span, !change.woken.contains(run)
    else { return false }
    return try await wake(run, of: record.profile)
  }

  private func wake(_ run: RunID, of profile: String) async throws(JournalError) -> Bool {
    changes[profile]?.woken.insert(run)
    return try await store.wake(
      run, Signature(by: "ebb", why: "the credentials of \(profile) changed", at: clock.now()))
  }
}

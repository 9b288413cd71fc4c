/// What a journal in memory knows; its lock guards it.
struct MemoryContents {
  var runs: [RunID: RunLedger] = [:]
  var live = LiveRuns()
  var versions: [String: PlaybookVersion] = [:]
  var claims: [ClaimKey: RunID] = [:]
  var budgets: [String: BudgetLedger] = [:]
  var approvals: [Approval] = []
  var holds: [Hold] = []
  var freezes: [Freeze] = []
  var plans: [String: PlanRecord] = [:]
  var audit: [AuditLine] = []
  var agenda = AgendaLedger()
  var state: [StateShelf: [StatePlace: StateEntry]] = [:]
  var listeners: [Int: AsyncStream<Change>.Continuation] = [:]
  private var nextListener = 0

  func ledger(_ run: RunID) throws(JournalError) -> RunLedger {
    guard let ledger = runs[run] else { throw .unknownRun(run) }
    return ledger
  }

  // MARK: Starting and leases

  mutating func start(
    _ run: RunRecord, requiring conditions: [StartCondition], heldBy holder: LeaseRequest?
  ) -> StartOutcome {
    if runs[run.id] != nil { return .exists }
    for condition in conditions where !isMet(condition) { return .refused(condition) }
    for case .unapplied(let plan, _) in conditions { plans[plan]?.appliedBy = run.id }
    let ledger = RunLedger(record: run, number: runs.count)
    runs[run.id] = ledger
    live.insert(ledger)
    announce(.run(run.id, run.status))
    return .started(holder.map { ledger.grant($0) })
  }

  private func isMet(_ condition: StartCondition) -> Bool {
    switch condition {
    case .noLiveRun(let playbook, let profile):
      live.runs(of: playbook, for: profile).isEmpty
    case .unapplied(let digest, let instant):
      plans[digest].map { $0.appliedBy == nil && instant < $0.expires } ?? false
    }
  }

  func acquire(
    _ run: RunID, _ request: LeaseRequest, displacing displaced: String?
  ) throws(JournalError) -> Lease? {
    let ledger = try ledger(run)
    if waitsItsTurn(ledger) { return nil }
    if let held = ledger.lease, held.expires > request.instant, held.worker != request.worker,
      held.worker != displaced
    {
      return nil
    }
    return ledger.grant(request)
  }

  func renew(
    _ lease: Lease, at instant: Milliseconds, for length: Milliseconds
  ) throws(JournalError) -> Renewal? {
    let ledger = try ledger(lease.run)
    guard ledger.epoch == lease.epoch, ledger.lease != nil else { return nil }
    let renewed = Lease(run: lease.run, worker: lease.worker, epoch: lease.epoch, expires: instant + length)
    ledger.lease = renewed
    return Renewal(lease: renewed, request: ledger.request)
  }

  /// A run that waits goes on at once; one that a worker advances does so as soon as it waits, since that one may have looked
  /// before. One that neither waits nor is advanced stays as it is.
  func comeDue(_ run: RunLedger, at instant: Milliseconds) {
    if run.lease != nil { run.woken = instant }
    guard case .waiting = run.record.status else { return }
    run.record.wake = min(run.record.wake ?? instant, instant)
    announce(.run(run.record.id, run.record.status))
  }

  // MARK: Reading

  func history(of run: RunID) -> RunHistory? {
    guard let ledger = runs[run] else { return nil }
    return RunHistory(
      record: ledger.record, steps: ledger.steps.values.sorted { $0.sequence < $1.sequence },
      notes: ledger.notes.map(\.note),
      effects: ledger.effects.values.sorted { $0.path < $1.path }, approvals: approvals.filter { $0.run == run })
  }

  func due(before instant: Milliseconds) -> [RunID] {
    live.all.filter { $0.isDue(at: instant) && !waitsItsTurn($0) }.map(\.record)
      .sorted { ($0.wake ?? $0.started, $0.id.text) < ($1.wake ?? $1.started, $1.id.text) }.map(\.id)
  }

  // MARK: Listeners

  mutating func listen(_ continuation: AsyncStream<Change>.Continuation) -> Int {
    nextListener += 1
    listeners[nextListener] = continuation
    return nextListener
  }

  func announce(_ change: Change) {
    for listener in listeners.values { listener.yield(change) }
  }

  func finish() {
    for listener in listeners.values { listener.finish() }
  }
}

/// What is known of one run. A class, confined to the journal's lock: a copy of all its steps with every entry would cost
/// a long run the square of its length.
final class RunLedger {
  var record: RunRecord
  /// Counts the runs in the order in which they were recorded.
  let number: Int
  var epoch = 0
  var lease: Lease?
  var request: RunRequest?
  /// When it was asked to go on while a worker advanced it.
  var woken: Milliseconds?
  var steps: [StepPath: Step] = [:]
  /// Results that were taken back, for audit.
  var superseded: [Step] = []
  var notes: [KeptNote] = []
  var effects: [StepPath: EffectRecord] = [:]
  var budgetScopes: [StepPath: Set<String>] = [:]

  init(record: RunRecord, number: Int) {
    self.record = record
    self.number = number
  }

  func grant(_ request: LeaseRequest) -> Lease {
    epoch += 1
    woken = nil
    let lease = Lease(
      run: record.id, worker: request.worker, epoch: epoch, expires: request.instant + request.length)
    self.lease = lease
    return lease
  }

  /// The lease under which a worker advances the run at that instant.
  func lease(at instant: Milliseconds) -> Lease? {
    lease.flatMap { $0.expires > instant ? $0 : nil }
  }

  func isDue(at instant: Milliseconds) -> Bool {
    guard lease(at: instant) == nil else { return false }
    return switch record.status {
    case .queued, .running: true
    case .waiting: record.wake.map { $0 <= instant } ?? false
    case .paused, .succeeded, .failed, .cancelled, .diverged: false
    }
  }
}

/// A note and when it was recorded.
struct KeptNote {
  let note: Note
  let instant: Milliseconds
}

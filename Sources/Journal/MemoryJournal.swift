import Synchronization

/// A journal that lives as long as the process: for runs by hand without a store, and for tests.
///
/// It keeps every rule of the interface but durability. What it knows lies behind a lock, not in an actor: a run that
/// starts or commits does not change its thread for it, and waking another thread takes longer than the work does.
public final class MemoryJournal: Journal {
  private let books = Mutex(Books())

  /// An empty journal.
  public init() {}

  deinit {
    let listeners = books.withLock { $0.takeListeners() }
    for listener in listeners { listener.finish() }
  }

  public func start(_ run: RunRecord, requiring conditions: [StartCondition]) -> StartOutcome {
    books.withLock { $0.start(run, requiring: conditions) }
  }

  public func acquire(
    _ run: RunID, by worker: String, at instant: Milliseconds, for length: Milliseconds
  ) throws(JournalError) -> Lease? {
    try books.withLock { books throws(JournalError) in
      try books.acquire(run, by: worker, at: instant, for: length)
    }
  }

  public func renew(
    _ lease: Lease, at instant: Milliseconds, for length: Milliseconds
  ) throws(JournalError) -> Lease? {
    try books.withLock { books throws(JournalError) in try books.renew(lease, at: instant, for: length) }
  }

  public func release(_ lease: Lease) throws(JournalError) {
    try books.withLock { books throws(JournalError) in try books.release(lease) }
  }

  public func commit(_ entries: [Entry], under lease: Lease) throws(JournalError) -> [EntryOutcome] {
    try books.withLock { books throws(JournalError) in try books.commit(entries, under: lease) }
  }

  public func run(_ id: RunID) -> RunRecord? {
    books.withLock { $0.run(id) }
  }

  public func steps(of run: RunID) throws(JournalError) -> [Step] {
    try books.withLock { books throws(JournalError) in try books.steps(of: run) }
  }

  public func notes(of run: RunID) throws(JournalError) -> [Note] {
    try books.withLock { books throws(JournalError) in try books.notes(of: run) }
  }

  public func effects(of run: RunID) throws(JournalError) -> [EffectRecord] {
    try books.withLock { books throws(JournalError) in try books.effects(of: run) }
  }

  public func due(before instant: Milliseconds) -> [RunID] {
    books.withLock { $0.due(before: instant) }
  }

  public func changes() -> AsyncStream<Change> {
    let (stream, continuation) = AsyncStream.makeStream(of: Change.self)
    let listener = books.withLock { $0.listen(continuation) }
    continuation.onTermination = { [weak self] _ in
      self?.books.withLock { $0.forget(listener) }
    }
    return stream
  }
}

/// All that the journal knows, confined to its lock.
private struct Books {
  private var runs: [RunID: RunLedger] = [:]
  private var claims: [ClaimKey: RunID] = [:]
  private var budgets: [String: BudgetLedger] = [:]
  private var listeners: [Int: AsyncStream<Change>.Continuation] = [:]
  private var nextListener = 0

  mutating func start(_ run: RunRecord, requiring conditions: [StartCondition]) -> StartOutcome {
    if runs[run.id] != nil { return .exists }
    for condition in conditions {
      switch condition {
      case .noLiveRun(let playbook, let profile):
        let live = runs.values.contains {
          $0.record.playbook == playbook && $0.record.profile == profile && !$0.record.status.isFinal
        }
        if live { return .refused(condition) }
      }
    }
    runs[run.id] = RunLedger(record: run)
    announce(.run(run.id, run.status))
    return .started
  }

  func acquire(
    _ run: RunID, by worker: String, at instant: Milliseconds, for length: Milliseconds
  ) throws(JournalError) -> Lease? {
    guard let ledger = runs[run] else { throw .unknownRun(run) }
    if let held = ledger.lease, held.expires > instant, held.worker != worker { return nil }
    ledger.epoch += 1
    let lease = Lease(run: run, worker: worker, epoch: ledger.epoch, expires: instant + length)
    ledger.lease = lease
    return lease
  }

  func renew(
    _ lease: Lease, at instant: Milliseconds, for length: Milliseconds
  ) throws(JournalError) -> Lease? {
    guard let ledger = runs[lease.run] else { throw .unknownRun(lease.run) }
    guard ledger.epoch == lease.epoch, ledger.lease != nil else { return nil }
    let renewed = Lease(run: lease.run, worker: lease.worker, epoch: lease.epoch, expires: instant + length)
    ledger.lease = renewed
    return renewed
  }

  func release(_ lease: Lease) throws(JournalError) {
    guard let ledger = runs[lease.run] else { throw .unknownRun(lease.run) }
    if ledger.epoch == lease.epoch { ledger.lease = nil }
  }

  mutating func commit(_ entries: [Entry], under lease: Lease) throws(JournalError) -> [EntryOutcome] {
    guard runs[lease.run] != nil else { throw .unknownRun(lease.run) }
    return entries.map { commit($0, under: lease) }
  }

  func run(_ id: RunID) -> RunRecord? {
    runs[id]?.record
  }

  func steps(of run: RunID) throws(JournalError) -> [Step] {
    guard let ledger = runs[run] else { throw .unknownRun(run) }
    return ledger.steps.values.sorted { $0.sequence < $1.sequence }
  }

  func notes(of run: RunID) throws(JournalError) -> [Note] {
    guard let ledger = runs[run] else { throw .unknownRun(run) }
    return ledger.notes
  }

  func effects(of run: RunID) throws(JournalError) -> [EffectRecord] {
    guard let ledger = runs[run] else { throw .unknownRun(run) }
    return ledger.effects.values.sorted { $0.path < $1.path }
  }

  func due(before instant: Milliseconds) -> [RunID] {
    runs.values
      .filter { ledger in
        let isHeld = ledger.lease.map { $0.expires > instant } ?? false
        return !ledger.record.status.isFinal && !isHeld
      }
      .map(\.record.id)
      .sorted { $0.text < $1.text }
  }

  mutating func listen(_ listener: AsyncStream<Change>.Continuation) -> Int {
    defer { nextListener += 1 }
    listeners[nextListener] = listener
    return nextListener
  }

  mutating func forget(_ listener: Int) {
    listeners[listener] = nil
  }

  mutating func takeListeners() -> [AsyncStream<Change>.Continuation] {
    defer { listeners = [:] }
    return Array(listeners.values)
  }

  private func announce(_ change: Change) {
    for listener in listeners.values { listener.yield(change) }
  }

  private mutating func commit(_ entry: Entry, under lease: Lease) -> EntryOutcome {
    guard let ledger = runs[lease.run], ledger.epoch == lease.epoch, ledger.lease != nil else { return .fenced }
    switch entry.body {
    case .step(let step):
      if let known = ledger.steps[step.path] {
        // The same step again is a repeated commit, whose notes are recorded as well.
        return known == step ? .committed : .conflict("step \(step.path) is recorded with another result")
      }
      ledger.steps[step.path] = step
    case .intent(let effect, let caps):
      if let refusal = refusal(of: effect, within: caps, in: ledger) { return refusal }
      for claim in effect.claims { claims[claim] = lease.run }
      let scopes = Set(caps.map(\.scope))
      for scope in scopes { budgets[scope, default: BudgetLedger()].charge(effect) }
      ledger.effects[effect.path] = effect
      ledger.budgetScopes[effect.path] = scopes
      announce(.effect(lease.run, effect.path, .intended))
    case .settle(let path, let state, let detail):
      guard var effect = ledger.effects[path] else { return .conflict("no write was announced at \(path)") }
      // Announcing again is an intent of its own: it takes the claims and budgets anew.
      guard state != .intended, effect.state.canBecome(state) else {
        return .conflict("an effect that is \(effect.state.rawValue) cannot become \(state.rawValue)")
      }
      let wasLive = effect.state.isLive
      effect.state = state
      effect.detail = detail
      effect.changed = entry.instant
      ledger.effects[path] = effect
      // What was not live gave its claims back already; another effect may have them by now.
      if wasLive, !state.isLive { release(effect, state, scopes: ledger.budgetScopes[path] ?? []) }
      announce(.effect(lease.run, path, state))
    case .status(let status):
      ledger.record.status = status
      announce(.run(lease.run, status))
    case .notes:
      break
    }
    ledger.notes.append(contentsOf: entry.notes)
    return .committed
  }

  private func refusal(of effect: EffectRecord, within caps: [Budget], in ledger: RunLedger) -> EntryOutcome? {
    if let known = ledger.effects[effect.path], known.state != .notDone || effect.attempt != known.attempt + 1 {
      return .conflict("a write is announced at \(effect.path) already")
    }
    for claim in effect.claims {
      if let holder = claims[claim] { return .claimed(claim, by: holder) }
    }
    for cap in caps where !(budgets[cap.scope] ?? BudgetLedger()).admits(effect, under: cap) {
      return .overBudget(cap)
    }
    return nil
  }

  private mutating func release(_ effect: EffectRecord, _ state: EffectState, scopes: Set<String>) {
    for claim in effect.claims { claims[claim] = nil }
    guard state != .confirmed else { return }
    for scope in scopes { budgets[scope]?.giveBack(effect) }
  }
}

/// What is known of one run. A class, confined to the journal: a copy of all its steps with every entry would cost a
/// long run the square of its length.
private final class RunLedger {
  var record: RunRecord
  var epoch = 0
  var lease: Lease?
  var steps: [StepPath: Step] = [:]
  var notes: [Note] = []
  var effects: [StepPath: EffectRecord] = [:]
  var budgetScopes: [StepPath: Set<String>] = [:]

  init(record: RunRecord) {
    self.record = record
  }
}

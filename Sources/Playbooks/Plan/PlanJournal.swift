import JSON
public import Journal

/// The journal of a plan: in memory, and gone with it. What the store knows is laid under it, looked at and not changed:
/// holds, freezes, writes that are not settled, questions that are open, what budgets have left, what the playbook remembers,
/// and what was told.
public struct PlanJournal: Journal {
  private let memory: MemoryJournal
  private let store: any Store
  private let remembered: PlanMemory

  /// A journal for one plan of that shop.
  ///
  /// - Parameters:
  ///   - store: what the plan is to know of.
  ///   - instant: the present.
  /// - Throws: ``JournalError`` where the store cannot be read.
  public init(over store: any Store, profile: String, at instant: Milliseconds) async throws(JournalError) {
    self.store = store
    memory = MemoryJournal()
    remembered = PlanMemory(over: store, memory: memory)
    var unsettled = EffectFilter()
    unsettled.unsettled = true
    unsettled.limit = .max
    var open = ApprovalFilter()
    open.states = [.pending]
    open.limit = .max
    // What is under way comes first: holds and freezes do not undo it.
    try await know(try await store.effects(unsettled), try await store.approvals(open), of: profile, at: instant)
    for hold in try await store.holds(at: instant) where hold.profile == nil || hold.profile == profile {
      await memory.hold(hold)
    }
    for freeze in try await store.freezes() where freeze.profile == nil || freeze.profile == profile {
      await memory.freeze(freeze)
    }
  }

  /// Takes over what other runs hold, so that a write which would meet it is refused in the plan as well.
  private func know(
    _ effects: [EffectRecord], _ approvals: [Approval], of profile: String, at instant: Milliseconds
  ) async throws(JournalError) {
    var entries: [RunID: [Entry]] = [:]
    for effect in effects where effect.claims.contains(where: { $0.profile == profile }) {
      var intent = effect
      intent.state = .intended
      intent.attempt = 1
      entries[effect.run, default: []].append(Entry(.intent(intent, budgets: []), instant: instant))
    }
    for approval in approvals where approval.claims.contains(where: { $0.profile == profile }) {
      let request = ApprovalRequest(
        path: approval.path, title: approval.title, items: approval.items, digest: approval.digest,
        claims: approval.claims, expires: approval.expires)
      entries[approval.run, default: []].append(Entry(.ask(request), instant: instant))
    }
    for (run, known) in entries {
      let record = RunRecord(
        id: run, playbook: "", version: "", profile: profile, trigger: .manual, parameters: [:], started: instant)
      let request = LeaseRequest(worker: "plan", instant: instant, length: .max / 2)
      guard case .started(let lease?) = await memory.start(record, requiring: [], heldBy: request) else { continue }
      _ = try await memory.commit(known, under: lease)
    }
  }

  /// Records entries; a budget has so much less as the store says is used.
  public nonisolated(nonsending) func commit(
    _ entries: [Entry], under lease: Lease
  ) async throws(JournalError) -> [EntryOutcome] {
    var outcomes: [EntryOutcome] = []
    for entry in entries {
      if case .answer(let step) = entry.body { try await remembered.prepare(step) }
      if case .intent(let effect, let budgets, let approval) = entry.body {
        outcomes.append(try await announce(effect, within: budgets, approval, entry, under: lease))
      } else {
        outcomes += try await memory.commit([entry], under: lease)
      }
    }
    return outcomes
  }

  private nonisolated(nonsending) func announce(
    _ effect: EffectRecord, within budgets: [Budget], _ approval: String?, _ entry: Entry, under lease: Lease
  ) async throws(JournalError) -> EntryOutcome {
    var left: [Budget] = []
    for budget in budgets {
      let used = try await store.use(of: budget)
      if let every = budget.every, let latest = used.latest, entry.instant - latest < every {
        return .overBudget(budget, used: used)
      }
      left.append(budget.less(used))
    }
    let reduced = Entry(.intent(effect, budgets: left, approval: approval), notes: entry.notes, instant: entry.instant)
    let outcome = try await memory.commit([reduced], under: lease).first ?? .fenced
    guard case .overBudget(let cap, let planned) = outcome, let index = left.firstIndex(of: cap) else { return outcome }
    // Told with the whole cap, and with what is used and planned of it together.
    let used = try await store.use(of: budgets[index])
    return .overBudget(
      budgets[index],
      used: BudgetUse(
        writes: used.writes + (planned?.writes ?? 0),
        amount: used.amount.addingReportingOverflow(planned?.amount ?? 0).partialValue,
        latest: planned?.latest ?? used.latest))
  }

  // MARK: The rest is the memory's

  public nonisolated(nonsending) func keep(_ version: PlaybookVersion) async { await memory.keep(version) }

  public nonisolated(nonsending) func version(_ id: String) async -> PlaybookVersion? { await memory.version(id) }

  public nonisolated(nonsending) func start(
    _ run: RunRecord, requiring conditions: [StartCondition], heldBy holder: LeaseRequest?
  ) async -> StartOutcome {
    await memory.start(run, requiring: conditions, heldBy: holder)
  }

  public nonisolated(nonsending) func acquire(
    _ run: RunID, _ request: LeaseRequest, displacing displaced: String?
  ) async throws(JournalError) -> Lease? {
    try await memory.acquire(run, request, displacing: displaced)
  }

  public nonisolated(nonsending) func holder(of run: RunID) async throws(JournalError) -> Lease? {
    try await memory.holder(of: run)
  }

  public nonisolated(nonsending) func renew(
    _ lease: Lease, at instant: Milliseconds, for length: Milliseconds
  ) async throws(JournalError) -> Renewal? {
    try await memory.renew(lease, at: instant, for: length)
  }

  public nonisolated(nonsending) func release(_ lease: Lease) async throws(JournalError) {
    try await memory.release(lease)
  }

  public nonisolated(nonsending) func run(_ id: RunID) async -> RunRecord? { await memory.run(id) }

  public nonisolated(nonsending) func history(of run: RunID) async -> RunHistory? { await memory.history(of: run) }

  public nonisolated(nonsending) func due(before instant: Milliseconds) async -> [RunID] {
    await memory.due(before: instant)
  }

  public nonisolated(nonsending) func changes() async -> AsyncStream<Change> { await memory.changes() }
}

extension Budget {
  /// What is left of the budget after so much use; never less than nothing.
  fileprivate func less(_ used: BudgetUse) -> Budget {
    let amount = amount.map { cap in
      Charge(
        minorUnits: max(0, cap.minorUnits.subtractingReportingOverflow(used.amount).partialValue),
        currency: cap.currency, direction: cap.direction)
    }
    return Budget(scope: scope, writes: writes.map { max(0, $0 - used.writes) }, amount: amount, every: every)
  }
}

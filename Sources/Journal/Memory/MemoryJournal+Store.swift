public import JSON
import Synchronization

extension MemoryJournal: Store {
  public func runs(_ filter: RunFilter) async -> [RunRecord] {
    contents.withLock { $0.runs(filter) }
  }

  public func effects(_ filter: EffectFilter) async -> [EffectRecord] {
    contents.withLock { $0.effects(filter) }
  }

  public func approvals(_ filter: ApprovalFilter) async -> [Approval] {
    contents.withLock { $0.approvals(filter) }
  }

  public func decisions(about subject: String) async -> [SubjectDecision] {
    contents.withLock { $0.decisions(about: subject) }
  }

  public func audit(about subject: String?, limit: Int) async -> [AuditLine] {
    contents.withLock { $0.audit(about: subject, limit: limit) }
  }

  public func settle(
    _ run: RunID, _ path: StepPath, as state: EffectState, _ signature: Signature
  ) async throws(JournalError) -> SettleOutcome {
    try contents.withLock { contents throws(JournalError) in try contents.settle(run, path, as: state, signature) }
  }

  public func decide(
    _ approval: String, showing digest: String, approve: Bool, _ signature: Signature
  ) async -> DecideOutcome {
    contents.withLock { $0.decide(approval, showing: digest, approve: approve, signature) }
  }

  public func request(
    _ request: RunRequest, of run: RunID, _ signature: Signature
  ) async throws(JournalError) -> Bool {
    try contents.withLock { contents throws(JournalError) in try contents.request(request, of: run, signature) }
  }

  public func wake(_ run: RunID, _ signature: Signature) async throws(JournalError) -> Bool {
    try contents.withLock { contents throws(JournalError) in try contents.wake(run, signature) }
  }

  public func hold(_ hold: Hold) async {
    contents.withLock { $0.hold(hold) }
  }

  public func release(_ subject: String, profile: String?, _ signature: Signature) async -> Bool {
    contents.withLock { $0.release(subject, profile: profile, signature) }
  }

  public func holds(at instant: Milliseconds) async -> [Hold] {
    contents.withLock { contents in contents.holds.filter { $0.holds(at: instant) } }
  }

  public func use(of budget: Budget) async -> BudgetUse {
    contents.withLock { ($0.budgets[budget.scope] ?? BudgetLedger()).use(under: budget) }
  }

  public func freeze(_ freeze: Freeze) async {
    contents.withLock { $0.freeze(freeze) }
  }

  public func thaw(profile: String?, _ signature: Signature) async -> Bool {
    contents.withLock { $0.thaw(profile: profile, signature) }
  }

  public func freezes() async -> [Freeze] {
    contents.withLock { $0.freezes }
  }

  public func state(_ filter: StateFilter) async -> [StateEntry] {
    contents.withLock { $0.state(filter) }
  }

  public func names(_ filter: StateFilter) async -> [String] {
    contents.withLock { $0.state(filter).map(\.key.name) }
  }

  public func set(_ key: StateKey, to value: JSON, _ signature: Signature) async -> Bool {
    contents.withLock { $0.set(key, to: value, signature) }
  }

  public func forget(_ filter: StateFilter, _ signature: Signature) async -> Int {
    contents.withLock { $0.forget(filter, signature) }
  }

  public func keep(_ plan: PlanRecord) async {
    contents.withLock { contents in
      guard contents.plans[plan.digest] == nil else { return }
      contents.plans[plan.digest] = plan
    }
  }

  public func plan(_ digest: String) async -> PlanRecord? {
    contents.withLock { $0.plans[digest] }
  }
}

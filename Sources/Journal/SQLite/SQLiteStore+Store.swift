public import JSON

extension SQLiteStore: Store {
  public func runs(_ filter: RunFilter) async throws(JournalError) -> [RunRecord] {
    try await read { try $0.runs(filter) }
  }

  public func effects(_ filter: EffectFilter) async throws(JournalError) -> [EffectRecord] {
    try await read { try $0.effects(filter) }
  }

  public func approvals(_ filter: ApprovalFilter) async throws(JournalError) -> [Approval] {
    try await read { try $0.approvals(filter) }
  }

  public func decisions(about subject: String) async throws(JournalError) -> [SubjectDecision] {
    try await read { try $0.decisions(about: subject) }
  }

  public func audit(about subject: String?, limit: Int) async throws(JournalError) -> [AuditLine] {
    try await read { try $0.audit(about: subject, limit: limit) }
  }

  public func settle(
    _ run: RunID, _ path: StepPath, as state: EffectState, _ signature: Signature
  ) async throws(JournalError) -> SettleOutcome {
    precondition(state == .confirmed || state == .notDone, "a person says that a write was done or was not")
    return try await write { try $0.settle(run, path, as: state, signature) }
  }

  public func decide(
    _ approval: String, showing digest: String, approve: Bool, _ signature: Signature
  ) async throws(JournalError) -> DecideOutcome {
    try await write { try $0.decide(approval, showing: digest, approve: approve, signature) }
  }

  public func request(
    _ request: RunRequest, of run: RunID, _ signature: Signature
  ) async throws(JournalError) -> Bool {
    try await write { try $0.request(request, of: run, signature) }
  }

  public func wake(_ run: RunID, _ signature: Signature) async throws(JournalError) -> Bool {
    try await write { try $0.wake(run, signature) }
  }

  public func hold(_ hold: Hold) async throws(JournalError) {
    try await write { try $0.hold(hold) }
  }

  public func release(
    _ subject: String, profile: String?, _ signature: Signature
  ) async throws(JournalError) -> Bool {
    try await write { try $0.release(subject, profile: profile, signature) }
  }

  public func holds(at instant: Milliseconds) async throws(JournalError) -> [Hold] {
    try await read { reader in try reader.holds().filter { $0.holds(at: instant) } }
  }

  public func use(of budget: Budget) async throws(JournalError) -> BudgetUse {
    try await read { try $0.use(of: budget) }
  }

  public func freeze(_ freeze: Freeze) async throws(JournalError) {
    try await write { try $0.freeze(freeze) }
  }

  public func thaw(profile: String?, _ signature: Signature) async throws(JournalError) -> Bool {
    try await write { try $0.thaw(profile: profile, signature) }
  }

  public func freezes() async throws(JournalError) -> [Freeze] {
    try await read { try $0.freezes() }
  }

  public func state(_ filter: StateFilter) async throws(JournalError) -> [StateEntry] {
    try await read { try $0.state(filter) }
  }

  public func names(_ filter: StateFilter) async throws(JournalError) -> [String] {
    try await read { try $0.names(filter) }
  }

  public func set(_ key: StateKey, to value: JSON, _ signature: Signature) async throws(JournalError) -> Bool {
    try await write { try $0.set(key, to: value, signature) }
  }

  public func forget(_ filter: StateFilter, _ signature: Signature) async throws(JournalError) -> Int {
    try await write { try $0.forget(filter, signature) }
  }

  public func keep(_ plan: PlanRecord) async throws(JournalError) {
    try await write { try $0.keep(plan) }
  }

  public func plan(_ digest: String) async throws(JournalError) -> PlanRecord? {
    try await read { try $0.plan(digest) }
  }
}

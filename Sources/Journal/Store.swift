public import JSON

/// What people ask of the store, beside running playbooks: it shows what happened, takes their decisions, and can be
/// looked after. Everything that changes something is signed and leaves an ``AuditLine``.
public protocol Store: Journal {
  /// Runs, the latest first.
  func runs(_ filter: RunFilter) async throws(JournalError) -> [RunRecord]
  /// Effects, the latest first.
  func effects(_ filter: EffectFilter) async throws(JournalError) -> [EffectRecord]
  /// Questions, the latest first.
  func approvals(_ filter: ApprovalFilter) async throws(JournalError) -> [Approval]
  /// What was decided about one subject in all runs, the earliest first; kept ones included.
  func decisions(about subject: String) async throws(JournalError) -> [SubjectDecision]
  /// The trail, the latest first.
  func audit(about subject: String?, limit: Int) async throws(JournalError) -> [AuditLine]

  /// Ends the doubt about an effect: a person looked. A live effect of a run that no worker holds becomes `confirmed` or
  /// `not_done`, from whatever live state, and its run due where it waits.
  ///
  /// - Precondition: the state is `confirmed` or `not_done`.
  func settle(
    _ run: RunID, _ path: StepPath, as state: EffectState, _ signature: Signature
  ) async throws(JournalError) -> SettleOutcome

  /// Answers a question, bound to the digest of what was shown; its run becomes due where it waits. Who comes too late
  /// makes the question expired, and the run due as well.
  func decide(
    _ approval: String, showing digest: String, approve: Bool, _ signature: Signature
  ) async throws(JournalError) -> DecideOutcome

  /// Asks the holder of a run for something, who learns it from ``Journal/renew(_:at:for:)``; a run that waits and that
  /// nobody holds becomes due, so that whoever takes it does it, and so does one that is paused and is to be cancelled.
  /// False where the run is over.
  func request(_ request: RunRequest, of run: RunID, _ signature: Signature) async throws(JournalError) -> Bool

  /// Makes a run that waits, is paused or was diverged due at once; one that is paused or diverged is queued, and what
  /// was not yet done of a pause is taken back. False where it is over or held.
  func wake(_ run: RunID, _ signature: Signature) async throws(JournalError) -> Bool

  /// Sets a hold; one on the same subject and shop is replaced.
  func hold(_ hold: Hold) async throws(JournalError)
  /// Ends a hold; false where there was none in force.
  func release(_ subject: String, profile: String?, _ signature: Signature) async throws(JournalError) -> Bool
  /// The holds in force at that instant.
  func holds(at instant: Milliseconds) async throws(JournalError) -> [Hold]

  /// Stops all writes of a shop, or of all.
  func freeze(_ freeze: Freeze) async throws(JournalError)
  /// Lets them go on; false where they were not stopped.
  func thaw(profile: String?, _ signature: Signature) async throws(JournalError) -> Bool
  /// The freezes in force.
  func freezes() async throws(JournalError) -> [Freeze]

  /// What the live and settled writes of a budget's scope have used, as far as the budget looks at it; charges nothing.
  func use(of budget: Budget) async throws(JournalError) -> BudgetUse

  /// What playbooks remember, by playbook, shop, and key.
  func state(_ filter: StateFilter) async throws(JournalError) -> [StateEntry]
  /// The keys alone of what a filter finds, in the same order.
  func names(_ filter: StateFilter) async throws(JournalError) -> [String]
  /// Sets a value by hand, or who holds a claim; false where the playbook has as many as it may.
  func set(_ key: StateKey, to value: JSON, _ signature: Signature) async throws(JournalError) -> Bool
  /// Forgets what the filter finds, whatever its limit; answers how much that was.
  func forget(_ filter: StateFilter, _ signature: Signature) async throws(JournalError) -> Int

  /// Keeps a plan that was made; without effect where its digest is known.
  func keep(_ plan: PlanRecord) async throws(JournalError)
  /// The plan of that digest; nil where it is not known.
  func plan(_ digest: String) async throws(JournalError) -> PlanRecord?
}

/// Which runs are wanted; nil is any.
public struct RunFilter: Hashable, Sendable {
  /// Names of statuses, as ``RunStatus/name``.
  public var statuses: Set<String>?
  public var playbook: String?
  public var profile: String?
  /// Started at or after that instant.
  public var since: Milliseconds?
  public var limit = 100

  /// All runs.
  public init() {}
}

/// Which effects are wanted; nil is any.
public struct EffectFilter: Hashable, Sendable {
  public var run: RunID?
  /// Those that are live alone.
  public var unsettled = false
  /// Those that claim a resource of that id.
  public var resource: String?
  public var limit = 100

  /// All effects.
  public init() {}
}

/// Which questions are wanted; nil is any.
public struct ApprovalFilter: Hashable, Sendable {
  public var id: String?
  public var run: RunID?
  public var states: Set<Approval.State>?
  /// The present: a question that nobody answered in time reads as expired. Nil reads what is noted.
  public var at: Milliseconds?
  public var limit = 100

  /// All questions.
  public init() {}
}

/// A decision and the run that made it.
public struct SubjectDecision: Hashable, Sendable {
  public let run: RunID
  public let playbook: String
  public let profile: String
  public let instant: Milliseconds
  public let decision: Decision

  /// A decision of that run.
  public init(run: RunID, playbook: String, profile: String, instant: Milliseconds, decision: Decision) {
    self.run = run
    self.playbook = playbook
    self.profile = profile
    self.instant = instant
    self.decision = decision
  }
}

/// What became of settling an effect by hand.
public enum SettleOutcome: Hashable, Sendable {
  case settled(EffectRecord)
  case unknownEffect
  /// It is settled already.
  case isSettled(EffectRecord)
  /// A worker advances its run, and settles it.
  case isHeld(Lease)
}

/// What became of an answer to a question.
public enum DecideOutcome: Hashable, Sendable {
  case decided(Approval)
  case unknownApproval
  /// It was answered, or nobody answered in time.
  case isOver(Approval)
  /// What is asked is not what was shown.
  case changed(Approval)
}

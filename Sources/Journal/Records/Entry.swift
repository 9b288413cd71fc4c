public import JSON

/// One thing to record about a run. Entries of one run succeed or fail alone; those of others are never rolled back.
public struct Entry: Hashable, Sendable {
  /// What is recorded.
  public enum Body: Hashable, Sendable {
    /// A step's result. A path is recorded once.
    case step(Step)
    /// A step that the store itself answers, by what it keeps at that moment. Its outcome is `answered`.
    case answer(StoreStep)
    /// Takes back the result of a step, so that it can be taken anew: an error that may be retried, the last result of
    /// its run. It is kept for audit.
    case supersede(StepPath)
    /// A write announced before it is sent (G6), or again where it is `not_done`; claims, budgets, holds and freezes are
    /// looked at in the same transaction. Where it needs a person's yes, `approval` names the question of its own step
    /// that was approved: one yes is good for one write (G11).
    case intent(EffectRecord, budgets: [Budget], approval: String? = nil)
    /// An effect's next state; claims are released, and budget given back on `rejected`, `withdrawn` and `not_done`.
    case settle(StepPath, EffectState, detail: String?, answer: JSON? = nil)
    /// A question to a person; a pending one of the same step is superseded. Its outcome is `asked`.
    case ask(ApprovalRequest)
    /// Nobody answered that question of the run in time: it is over, unless it was answered. Its outcome is `asked`, with
    /// the question as it stands now.
    case lapse(approval: String)
    /// What that question of the run showed is no longer so, though it was approved: it is over.
    case retract(approval: String)
    /// The run's new status; at its end the questions that nobody answered are superseded.
    case status(RunStatus, wake: Milliseconds? = nil, result: JSON? = nil, failure: JSON? = nil)
    /// The run is moved to another version of its playbook, on purpose.
    case version(String)
    /// Gives the lease back together with what is recorded before it; the last entry of a batch.
    case release
    /// Only the notes.
    case notes
  }

  public let body: Body
  /// What the script said since the entry before.
  public let notes: [Note]
  public let instant: Milliseconds

  /// An entry of that moment.
  public init(_ body: Body, notes: [Note] = [], instant: Milliseconds) {
    self.body = body
    self.notes = notes
    self.instant = instant
  }
}

/// What became of one entry.
public enum EntryOutcome: Hashable, Sendable {
  case committed
  /// Another worker holds the run since; nothing of this worker's is recorded any more.
  case fenced
  /// A live effect holds that claim.
  case claimed(ClaimKey, by: RunID)
  /// The budget of that scope does not suffice; what is used of it, where the store says so.
  case overBudget(Budget, used: BudgetUse? = nil)
  /// A person holds what the write touches.
  case held(Hold)
  /// All writes of the shop are stopped.
  case frozen(Freeze)
  /// Another step, of this run or another, asks a person about what the write touches.
  case awaiting(Approval)
  /// The question that the write names is none of its step, or was not approved.
  case unapproved(Approval?)
  /// The question is recorded, and this is what people see.
  case asked(Approval)
  /// The step is recorded, and this is what the store answered.
  case answered(Step)
  /// The entry contradicts what is recorded, such as a second result for a path; the reason, for people.
  case conflict(String)
}

/// What must hold for a run to start, checked in the transaction that starts it (G14).
public enum StartCondition: Hashable, Sendable {
  /// No run of that playbook for that profile is live.
  case noLiveRun(playbook: String, profile: String)
  /// The plan of that digest is known, not expired at that instant, and not applied; it is applied by the start.
  case unapplied(plan: String, at: Milliseconds)
}

/// What became of a start.
public enum StartOutcome: Hashable, Sendable {
  /// It is recorded; with the lease that was asked for.
  case started(Lease?)
  /// A run of that id exists; starting is idempotent.
  case exists
  /// The condition does not hold.
  case refused(StartCondition)
}

/// Something in the store that others may wait for.
public enum Change: Hashable, Sendable {
  case run(RunID, RunStatus)
  case effect(RunID, StepPath, EffectState)
  /// Schedules, or what may act by itself.
  case agenda
  /// An event waits to be dispatched.
  case event
}

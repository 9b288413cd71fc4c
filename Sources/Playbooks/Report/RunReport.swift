public import JSON
public import Journal

/// One write of a run, as its report lists it.
public struct WriteRecord: Hashable, Sendable {
  /// The operation's id.
  public let operation: String
  /// What it touched, e.g. `taobao.refund:110000235001`.
  public let resource: String
  /// The step that it is.
  public let path: StepPath
  /// The effect's state, or `waiting` where it was not sent because a person is asked first.
  public let outcome: String
  /// What it moved.
  public let charge: Charge?
}

/// What came of a run.
public struct RunReport: Sendable {
  public let run: RunID
  public let playbook: String
  public let title: String?
  public let profile: String
  public let status: RunStatus
  /// When a waiting run is due again, also where someone is given time until then; nil where it waits for someone alone.
  public let wake: Milliseconds?
  /// When a waiting run goes on though nobody does anything; nil where only people can help.
  public let ownWake: Milliseconds?
  @Boxed public var failure: RunFailure?
  /// Where the run and its journal parted, where they did.
  @Boxed public var divergence: Divergence?
  /// What the script returned; nil where it returned nothing.
  public internal(set) var result: JSON?
  public let decisions: [Decision]
  /// How often the script read by which operation.
  public let reads: [String: Int]
  public let writes: [WriteRecord]
  /// How many steps it took.
  public let steps: Int
  /// What the script handed to `report`: `{title, rows}`.
  public let reports: [JSON]
  public let started: Milliseconds
  public let ended: Milliseconds
  public var trigger = Trigger.manual
  /// The messages that it sent, or would send, by step.
  public var notices: [NoticeRecord] = []
  /// What was captured, where the run only planned.
  public var plan: PlannedRun?

  /// Whether the run failed for no other reason than that a person said no, or nobody answered in time.
  public var isTurnedDown: Bool {
    if let failure { return failure.isTurnedDown }
    let failed = decisions.filter { $0.kind == .failed }
    return !failed.isEmpty
      && failed.allSatisfy { [WriteMachine.rejectedReason, WriteMachine.expiredReason].contains($0.reason) }
  }

  /// How many subjects met which decision, and the sum of what was done.
  public var tally: Tally { Tally(decisions) }
}

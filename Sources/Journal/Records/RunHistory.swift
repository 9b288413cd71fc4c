/// All that is recorded of one run, as it stood at one moment.
public struct RunHistory: Hashable, Sendable {
  public let record: RunRecord
  /// In the order in which their results were delivered.
  public let steps: [Step]
  /// In the order in which they were recorded.
  public let notes: [Note]
  /// By path.
  public let effects: [EffectRecord]
  /// In the order in which they were asked.
  public let approvals: [Approval]

  /// What is known of a run.
  public init(
    record: RunRecord, steps: [Step] = [], notes: [Note] = [], effects: [EffectRecord] = [], approvals: [Approval] = []
  ) {
    self.record = record
    self.steps = steps
    self.notes = notes
    self.effects = effects
    self.approvals = approvals
  }
}

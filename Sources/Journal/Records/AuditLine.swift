/// What a person did to the store, or Ebb on its own beside running playbooks.
public struct AuditLine: Hashable, Sendable {
  public let instant: Milliseconds
  /// Who: OS user and host, or the name given with `--as`.
  public let by: String
  /// What, e.g. `effect.settle`, `approval.approve`, `hold.set`.
  public let action: String
  /// To what: a run, an effect, an order.
  public let subject: String
  /// In whose words why, or what it was before.
  public let detail: String?

  /// A line of the trail.
  public init(instant: Milliseconds, by: String, action: String, subject: String, detail: String? = nil) {
    self.instant = instant
    self.by = by
    self.action = action
    self.subject = subject
    self.detail = detail
  }
}

/// Who does something by hand, when, and why.
public struct Signature: Hashable, Sendable {
  /// OS user and host, or the name given with `--as`.
  public let by: String
  public let why: String?
  public let instant: Milliseconds

  /// Signs what is done at that moment.
  public init(by: String, why: String? = nil, at instant: Milliseconds) {
    self.by = by
    self.why = why
    self.instant = instant
  }
}

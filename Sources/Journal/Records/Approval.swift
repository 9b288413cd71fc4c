public import JSON

/// A question to a person: whether something may be done, bound to what was shown (G11).
public struct Approval: Hashable, Sendable {
  /// Where it stands.
  public enum State: String, Hashable, Sendable, CaseIterable {
    case pending
    case approved
    case rejected
    /// Nobody answered in time.
    case expired
    /// What was shown changed before it was done: a new one is asked.
    case superseded
  }

  /// What people call it, e.g. `A12`; given by the store.
  public let id: String
  public let run: RunID
  /// The step that asks.
  public let path: StepPath
  /// What is asked, in a line.
  public let title: String
  /// What is shown, one item for each thing that would be done.
  public let items: JSON
  /// SHA-256 of title and items in canonical form, as lower-case hex: what a decision is bound to.
  public let digest: String
  /// What the items touch: another run that comes to one of them meanwhile leaves it alone. No claim is held.
  public let claims: [ClaimKey]
  public let asked: Milliseconds
  /// Until when it may be answered.
  public let expires: Milliseconds
  public var state: State
  /// Who answered.
  public var by: String?
  /// Why, in the words of who answered.
  public var why: String?
  /// When it was answered.
  public var decided: Milliseconds?

  /// A question as the store keeps it.
  public init(
    id: String, run: RunID, path: StepPath, title: String, items: JSON, digest: String, claims: [ClaimKey],
    asked: Milliseconds, expires: Milliseconds, state: State = .pending, by: String? = nil, why: String? = nil,
    decided: Milliseconds? = nil
  ) {
    self.id = id
    self.run = run
    self.path = path
    self.title = title
    self.items = items
    self.digest = digest
    self.claims = claims
    self.asked = asked
    self.expires = expires
    self.state = state
    self.by = by
    self.why = why
    self.decided = decided
  }

  /// The question as it stands at that instant: a pending one that nobody answered in time is expired, also where
  /// nobody has noted that yet. Nil reads what is noted.
  public func read(at instant: Milliseconds?) -> Approval {
    guard let instant, state == .pending, expires <= instant else { return self }
    var read = self
    read.state = .expired
    return read
  }

  func decided(approve: Bool, _ signature: Signature) -> Approval {
    var decided = self
    decided.state = approve ? .approved : .rejected
    decided.by = signature.by
    decided.why = signature.why
    decided.decided = signature.instant
    return decided
  }
}

/// What a run asks a person; the store gives it its id.
public struct ApprovalRequest: Hashable, Sendable {
  public let path: StepPath
  public let title: String
  public let items: JSON
  public let digest: String
  public let claims: [ClaimKey]
  public let expires: Milliseconds

  /// A question about those items.
  public init(
    path: StepPath, title: String, items: JSON, digest: String, claims: [ClaimKey], expires: Milliseconds
  ) {
    self.path = path
    self.title = title
    self.items = items
    self.digest = digest
    self.claims = claims
    self.expires = expires
  }
}

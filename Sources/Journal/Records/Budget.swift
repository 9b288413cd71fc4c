/// A cap on writes or money that an intent must fit under, checked and charged in the entry's own transaction (G9).
public struct Budget: Hashable, Sendable {
  /// What is counted together: a run, or a day of a playbook or a profile. The store compares it and knows no more.
  public let scope: String
  /// The most live and settled writes in the scope; nil for no cap.
  public let writes: Int?
  /// The most minor units of that currency in that direction; nil for no cap.
  public let amount: Charge?
  /// The least time from one write in the scope to the next, in milliseconds; nil for none.
  public let every: Milliseconds?

  /// A budget of that scope.
  public init(scope: String, writes: Int? = nil, amount: Charge? = nil, every: Milliseconds? = nil) {
    self.scope = scope
    self.writes = writes
    self.amount = amount
    self.every = every
  }
}

/// What the live and settled writes of a scope have used.
public struct BudgetUse: Hashable, Sendable {
  public let writes: Int
  /// Minor units of the currency and direction that the budget caps; 0 where it caps none.
  public let amount: Int64
  /// When the latest of them was announced; nil where there is none.
  public let latest: Milliseconds?

  /// So much use of a scope.
  public init(writes: Int, amount: Int64 = 0, latest: Milliseconds? = nil) {
    self.writes = writes
    self.amount = amount
    self.latest = latest
  }
}

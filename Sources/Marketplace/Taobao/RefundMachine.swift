/// The state of a Taobao reverse order (upstream.md 6.1); on the wire a string.
public enum RefundStatus: Int, Sendable, Hashable, CaseIterable {
  case waitingForSeller = 10
  case waitingForReturn = 20
  case returning = 30
  case paying = 90
  case succeeded = 100
  case refused = -10
  case closed = -20

  /// Whether nothing can happen any more.
  public var isTerminal: Bool { self == .succeeded || self == .closed }
}

/// What is asked for: money only, or money for goods that go back (upstream.md 6.2).
public enum RefundKind: Int, Sendable, Hashable, CaseIterable {
  case refundOnly = 1
  case returnAndRefund = 2
}

/// What buyer, seller or system do to a reverse order.
public enum RefundAction: String, Sendable, Hashable, CaseIterable {
  // The buyer.
  case cancel, modify, submitReturn, confirmReceipt
  // The seller.
  case agree, refuse, ship, confirmReturn, refuseReturn
  // The system.
  case windowEnded, moneyArrived
}

/// The transitions of upstream.md 7.1.
public enum RefundMachine {
  /// The state that an action leads to, or nil where the state does not allow it.
  public static func next(_ status: RefundStatus, _ action: RefundAction, kind: RefundKind) -> RefundStatus? {
    switch (status, action) {
    case (.waitingForSeller, .agree), (.waitingForSeller, .windowEnded):
      kind == .refundOnly ? .paying : .waitingForReturn
    case (.waitingForSeller, .refuse): .refused
    case (.waitingForSeller, .cancel), (.waitingForSeller, .ship), (.waitingForSeller, .confirmReceipt): .closed
    case (.waitingForSeller, .modify), (.refused, .modify): .waitingForSeller
    case (.waitingForReturn, .submitReturn): .returning
    case (.waitingForReturn, .cancel), (.waitingForReturn, .windowEnded): .closed
    case (.returning, .confirmReturn), (.returning, .windowEnded): .paying
    case (.returning, .refuseReturn): .refused
    case (.refused, .cancel), (.refused, .windowEnded): .closed
    case (.paying, .moneyArrived), (.paying, .windowEnded): .succeeded
    default: nil
    }
  }
}

/// The state of a Taobao reverse order (upstream.md 6.1); on the wire a string.
public enum RefundStatus: Int, Sendable, Hashable, CaseIterable {
  /// 10: applied for, the seller has to answer.
  case waitingForSeller = 10
  /// 20: the seller agreed, the buyer has to send the goods back.
  case waitingForReturn = 20
  /// 30: sent back, the seller has to confirm.
  case returning = 30
  /// 90: agreed, the money is on its way.
  case paying = 90
  /// 100: paid back.
  case succeeded = 100
  /// -10: refused, the buyer may modify.
  case refused = -10
  /// -20: closed without a refund.
  case closed = -20

  /// Whether nothing can happen any more.
  public var isTerminal: Bool { self == .succeeded || self == .closed }
}

/// What is asked for: money only, or money for goods that go back (upstream.md 6.2).
public enum RefundKind: Int, Sendable, Hashable, CaseIterable {
  /// 1: money only.
  case refundOnly = 1
  /// 2: money for goods that go back.
  case returnAndRefund = 2
}

/// What buyer, seller or system do to a reverse order.
public enum RefundAction: String, Sendable, Hashable, CaseIterable {
  /// The buyer's acts; confirming receipt of the order closes a claim that waits for the seller.
  case cancel, modify, submitReturn, confirmReceipt
  /// The seller's acts; shipping closes a claim on goods not shipped.
  case agree, refuse, ship, confirmReturn, refuseReturn
  /// The system's acts.
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

/// The state of a 1688 refund (upstream.md 6.5), by the words on the wire.
public enum AlibabaRefundStatus: String, Sendable, Hashable, CaseIterable {
  /// Applied for, the seller has to answer.
  case waitingForSeller = "waitselleragree"
  /// Refused, the buyer may modify.
  case waitingForModification = "waitbuyermodify"
  /// Agreed, the buyer has to send the goods back.
  case waitingForReturn = "waitbuyersend"
  /// Sent back, the seller has to confirm.
  case waitingForReceipt = "waitsellerreceive"
  /// Paid back.
  case succeeded = "refundsuccess"
  /// Closed without a refund.
  case closed = "refundclose"

  /// Whether nothing can happen any more.
  public var isTerminal: Bool { self == .succeeded || self == .closed }

  /// As the lines of an order spell it.
  var lineWord: String {
    switch self {
    case .waitingForSeller: "WAIT_SELLER_AGREE"
    case .waitingForModification: "WAIT_BUYER_MODIFY"
    case .waitingForReturn: "WAIT_BUYER_SEND"
    case .waitingForReceipt: "WAIT_SELLER_RECEIVE"
    case .succeeded: "REFUND_SUCCESS"
    case .closed: "REFUND_CLOSED"
    }
  }
}

/// What buyer, seller or system do to a 1688 refund.
public enum AlibabaRefundAction: String, Sendable, Hashable, CaseIterable {
  /// The buyer's acts; confirming receipt of the order closes an open refund.
  case cancel, modify, sendGoods, receiveOrder
  /// The seller's acts; shipping closes a refund of goods not shipped.
  case agree, reject, ship, receiveGoods
  /// The system's act when a window is over.
  case windowEnded
}

/// The transitions of upstream.md 7.2.
public enum AlibabaRefundMachine {
  /// The state that an action leads to, or nil where the state does not allow it.
  public static func next(
    _ status: AlibabaRefundStatus, _ action: AlibabaRefundAction, returning: Bool
  ) -> AlibabaRefundStatus? {
    switch (status, action) {
    case (.waitingForSeller, .agree), (.waitingForSeller, .windowEnded): returning ? .waitingForReturn : .succeeded
    case (.waitingForSeller, .reject), (.waitingForReceipt, .reject): .waitingForModification
    case (.waitingForModification, .modify): .waitingForSeller
    case (.waitingForReturn, .sendGoods): .waitingForReceipt
    case (.waitingForReceipt, .receiveGoods), (.waitingForReceipt, .windowEnded): .succeeded
    case (.waitingForReturn, .windowEnded), (.waitingForModification, .windowEnded): .closed
    case (.waitingForSeller, .ship): .closed
    case (_, .cancel), (_, .receiveOrder): status.isTerminal ? nil : .closed
    default: nil
    }
  }
}

/// The state of a 1688 order (upstream.md 6.6), by the words on the wire.
public enum AlibabaOrderStatus: String, Sendable, Hashable, CaseIterable {
  /// Unpaid.
  case waitingForPayment = "waitbuyerpay"
  /// Paid, not shipped.
  case waitingForShipment = "waitsellersend"
  /// Shipped.
  case waitingForReceipt = "waitbuyerreceive"
  /// Receipt confirmed.
  case received = "confirm_goods"
  /// Over.
  case succeeded = "success"
  /// Cancelled before payment.
  case cancelled = "cancel"
  /// Ended after payment, refunded in full.
  case terminated
}

/// What moves a 1688 order on.
public enum AlibabaOrderAction: String, Sendable, Hashable, CaseIterable {
  /// By the buyer, or for the buyer when time is up.
  case pay, cancel, receive
  /// By the seller.
  case ship
  /// By the system: closed for want of payment, over after receipt, refunded in full.
  case expire, settle, refundInFull
}

/// The transitions of upstream.md 7.3, 1688's half.
public enum AlibabaOrderMachine {
  /// The state that an action leads to, or nil where the state does not allow it.
  public static func next(_ status: AlibabaOrderStatus, _ action: AlibabaOrderAction) -> AlibabaOrderStatus? {
    switch (status, action) {
    case (.waitingForPayment, .pay): .waitingForShipment
    case (.waitingForPayment, .cancel), (.waitingForPayment, .expire): .cancelled
    case (.waitingForShipment, .ship): .waitingForReceipt
    case (.waitingForReceipt, .receive): .received
    case (.received, .settle): .succeeded
    case (.waitingForShipment, .refundInFull), (.waitingForReceipt, .refundInFull): .terminated
    default: nil
    }
  }
}

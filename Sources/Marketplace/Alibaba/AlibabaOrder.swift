public import JSON

/// A 1688 order, of one seller.
public struct AlibabaOrder: Sendable, Hashable, Identifiable {
  /// The order id, up to 19 digits; a number on the wire.
  public let id: String
  /// The caller's own number; searchable, and the key against doubles.
  public let outOrderID: String?
  /// The purchase flow, e.g. `general`.
  public let flow: String
  /// Who sells.
  public let sellerID: String
  /// Its state.
  public internal(set) var status: AlibabaOrderStatus
  /// Its entries.
  public internal(set) var entries: [AlibabaOrderEntry]
  /// Freight, in fen.
  public internal(set) var carriage: Int64
  /// What the seller added to the price, or took off it, in fen.
  public internal(set) var adjustment: Int64 = 0
  /// The receiver as given at creation.
  public let address: JSON
  /// The buyer's remark.
  public var remark: String?
  /// When it was created, changed, paid and shipped, in ms.
  public internal(set) var createdAt: Int64, modifiedAt: Int64, paidAt: Int64?, shippedAt: Int64?
  /// Why it was closed, e.g. `BUYER_NO_PAY`.
  public internal(set) var closeReason: String?
  /// The waybill to the receiver, once shipped.
  public internal(set) var waybill: String?
  /// The carrier, once shipped.
  public internal(set) var carrier: Carrier?
  var stamp = 0

  /// What the goods cost, in fen.
  public var goodsFee: Int64 { entries.reduce(0) { $0 + $1.amount } }
  /// What the order costs, in fen.
  public var amount: Int64 { goodsFee + carriage + adjustment }

  init(
    id: String, outOrderID: String?, flow: String, sellerID: String, status: AlibabaOrderStatus,
    entries: [AlibabaOrderEntry], carriage: Int64, address: JSON, remark: String?, createdAt: Int64
  ) {
    self.id = id
    self.outOrderID = outOrderID
    self.flow = flow
    self.sellerID = sellerID
    self.status = status
    self.entries = entries
    self.carriage = carriage
    self.address = address
    self.remark = remark
    self.createdAt = createdAt
    self.modifiedAt = createdAt
  }
}

/// An entry (sub-order) of a 1688 order.
public struct AlibabaOrderEntry: Sendable, Hashable, Identifiable {
  /// The sub-order id.
  public let id: String
  /// What was bought.
  public let product: Product
  /// Which variant.
  public let variant: Variant
  /// How many.
  public let quantity: Int64
  /// Refunds on it: before the trade's end, and after.
  public internal(set) var refundID: String?, afterSaleRefundID: String?

  /// What the entry costs, in fen.
  public var amount: Int64 { variant.price * quantity }
}

/// A 1688 refund; it may cover several entries of one order.
public struct AlibabaRefund: Sendable, Hashable, Identifiable {
  /// The refund id, `TQ…`.
  public let id: String
  /// The number inside the id.
  public let number: String
  /// The order and its entries.
  public let orderID: String, entryIDs: [String]
  /// Who answers it.
  public let sellerID: String
  /// Its state.
  public internal(set) var status: AlibabaRefundStatus
  /// Whether goods go back.
  public internal(set) var returning: Bool
  /// Whether the trade was over when it was applied for.
  public let afterSale: Bool
  /// The input word of upstream.md 6.4.
  public internal(set) var goodsStatus: String
  /// Goods and freight asked for, in fen.
  public internal(set) var payment: Int64, carriage: Int64
  /// The most that could be asked for, in fen.
  public let maximum: Int64
  /// The reason's id.
  public internal(set) var reasonID: Int64
  /// The buyer's words.
  public internal(set) var description: String
  /// Vouchers.
  public internal(set) var vouchers: [String]
  /// When it was applied for, changed and ended, in ms.
  public internal(set) var appliedAt: Int64, modifiedAt: Int64, completedAt: Int64?
  /// The end of the current window, in ms.
  public internal(set) var deadline: Int64
  /// The seller's words on refusing.
  public internal(set) var rejectReason: String?
  /// How often the seller has refused.
  public internal(set) var rejections = 0
  /// The return waybill and its carrier.
  public internal(set) var waybill: String?, carrier: Carrier?
  /// What was done, oldest first.
  public internal(set) var operations: [Operation] = []
  var stamp = 0

  /// One entry of the operation log.
  public struct Operation: Sendable, Hashable {
    /// The kind (upstream.md 6.5): 1 applied, 8 succeeded, 10 goods sent, 15 refused, 19 agreed.
    public let type: Int64
    /// 1 buyer, 2 seller.
    public let role: Int64
    /// What it says.
    public let remark: String
    /// State before and after.
    public let before: AlibabaRefundStatus, after: AlibabaRefundStatus
    /// When, in ms.
    public let time: Int64
  }

  init(
    id: String, number: String, orderID: String, entryIDs: [String], sellerID: String, returning: Bool, afterSale: Bool,
    goodsStatus: String, payment: Int64, carriage: Int64, maximum: Int64, reasonID: Int64, description: String,
    vouchers: [String], appliedAt: Int64, deadline: Int64
  ) {
    self.id = id
    self.number = number
    self.orderID = orderID
    self.entryIDs = entryIDs
    self.sellerID = sellerID
    self.status = .waitingForSeller
    self.returning = returning
    self.afterSale = afterSale
    self.goodsStatus = goodsStatus
    self.payment = payment
    self.carriage = carriage
    self.maximum = maximum
    self.reasonID = reasonID
    self.description = description
    self.vouchers = vouchers
    self.appliedAt = appliedAt
    self.modifiedAt = appliedAt
    self.deadline = deadline
  }
}

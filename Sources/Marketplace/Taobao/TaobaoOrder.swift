public import JSON

/// The state of a Taobao order (upstream.md 6.7), by the words on the wire.
public enum TaobaoOrderStatus: String, Sendable, Hashable, CaseIterable {
  /// Being built; misspelt on the wire.
  case building = "BULIDING"
  /// Unpaid.
  case waitingForPayment = "WAIT_BUYER_PAY"
  /// Paid, not shipped.
  case waitingForShipment = "WAIT_SELLER_SEND_GOODS"
  /// Shipped.
  case waitingForReceipt = "WAIT_BUYER_CONFIRM_GOODS"
  /// Received.
  case finished = "TRADE_FINISHED"
  /// Closed: never paid, cancelled, or refunded in full.
  case closed = "TRADE_CLOSED"
}

/// What moves a Taobao order on.
public enum TaobaoOrderAction: String, Sendable, Hashable, CaseIterable {
  /// By the system: built, closed for want of payment, refunded in full.
  case built, expire, refundInFull
  /// By the buyer, or for the buyer when time is up.
  case pay, cancel, confirmReceipt
  /// By the seller.
  case ship
}

/// The transitions of upstream.md 7.3, Taobao's half.
public enum TaobaoOrderMachine {
  /// The state that an action leads to, or nil where the state does not allow it.
  public static func next(_ status: TaobaoOrderStatus, _ action: TaobaoOrderAction) -> TaobaoOrderStatus? {
    switch (status, action) {
    case (.building, .built): .waitingForPayment
    case (.waitingForPayment, .pay): .waitingForShipment
    case (.building, .cancel), (.waitingForPayment, .cancel), (.waitingForPayment, .expire): .closed
    case (.waitingForShipment, .ship): .waitingForReceipt
    case (.waitingForReceipt, .confirmReceipt): .finished
    case (.waitingForShipment, .refundInFull), (.waitingForReceipt, .refundInFull), (.finished, .refundInFull): .closed
    default: nil
    }
  }
}

/// A Taobao purchase order, of one seller.
public struct TaobaoOrder: Sendable, Hashable, Identifiable {
  /// The purchase order id.
  public let id: String
  /// The buyer's own number; creating with the same number again answers with the same orders.
  public let sellerOrderNumber: String?
  /// Where the buyer sells, e.g. `lazada`.
  public var source: String?
  /// Who sells.
  public let sellerID: String
  /// Its state.
  public internal(set) var status: TaobaoOrderStatus
  /// Its lines.
  public internal(set) var lines: [TaobaoOrderLine]
  /// Freight within China, in fen.
  public let postFee: Int64
  /// What the seller added to the price, or took off it, in fen.
  public internal(set) var adjustment: Int64 = 0
  /// The receiver as given at creation.
  public internal(set) var receiver: JSON
  /// When it was created, changed, paid and shipped, in ms.
  public internal(set) var createdAt: Int64, modifiedAt: Int64, paidAt: Int64?, shippedAt: Int64?
  /// When it closes without payment, in ms.
  public internal(set) var closesAt: Int64
  /// The consolidation warehouse: name and address.
  public internal(set) var warehouse: (name: String, address: String)? {
    get { warehouseName.map { ($0, warehouseAddress) } }
    set { (warehouseName, warehouseAddress) = (newValue?.name, newValue?.address ?? "") }
  }
  private var warehouseName: String?
  private var warehouseAddress = ""
  /// Payment vouchers that were uploaded.
  public internal(set) var vouchers: [String] = []
  /// Why it was closed.
  public internal(set) var closeReason: String?
  /// The waybill to the receiver, once shipped.
  public internal(set) var waybill: String?
  /// The carrier, once shipped.
  public internal(set) var carrier: Carrier?
  /// Whether a cancellation is queued.
  public internal(set) var cancelling = false
  var stamp = 0

  /// What the goods cost, in fen.
  public var productFee: Int64 { lines.reduce(0) { $0 + $1.productFee } }
  /// What the order costs, in fen.
  public var amount: Int64 { productFee + postFee + adjustment }

  init(
    id: String, sellerOrderNumber: String?, source: String?, sellerID: String, status: TaobaoOrderStatus,
    lines: [TaobaoOrderLine], postFee: Int64, receiver: JSON, createdAt: Int64, closesAt: Int64
  ) {
    self.id = id
    self.sellerOrderNumber = sellerOrderNumber
    self.source = source
    self.sellerID = sellerID
    self.status = status
    self.lines = lines
    self.postFee = postFee
    self.receiver = receiver
    self.createdAt = createdAt
    self.modifiedAt = createdAt
    self.closesAt = closesAt
  }
}

/// A line of a Taobao order; refunds are per line.
public struct TaobaoOrderLine: Sendable, Hashable, Identifiable {
  /// The line id (sub-order id).
  public let id: String
  /// What was bought.
  public let product: Product
  /// Which variant.
  public let variant: Variant
  /// How many.
  public let quantity: Int64
  /// The caller's number of the line.
  public let number: String?
  /// The newest reverse order on it.
  public internal(set) var refundID: String?

  /// What the line costs, in fen.
  public var productFee: Int64 { variant.price * quantity }
}

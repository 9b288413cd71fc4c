public import JSON

extension World {
  /// What a line of a new order buys.
  public struct Purchase: Sendable, Hashable {
    /// The item's id on either side (Taobao `itemId` or `mpId`, 1688 `offerId`).
    public var productID: String
    /// The variant's id on either side; nil: the first.
    public var variantID: String?
    /// How many.
    public var quantity: Int64
    /// The caller's number of the line.
    public var number: String?

    /// A purchase of some pieces of a variant.
    public init(productID: String, variantID: String? = nil, quantity: Int64 = 1, number: String? = nil) {
      self.productID = productID
      self.variantID = variantID
      self.quantity = quantity
      self.number = number
    }
  }

  /// Adds a Taobao order in a state, with the dates that the state implies; answers its id.
  ///
  /// Purchases of unknown goods are left out; nil where none remains.
  @discardableResult
  public mutating func addTaobaoOrder(
    _ purchases: [Purchase], status: TaobaoOrderStatus = .waitingForShipment, age: Int64 = 0, number: String? = nil,
    receiver: JSON = .null, source: String? = nil, seller: String? = nil
  ) -> String? {
    let items = purchases.compactMap { purchase in
      taobaoVariant(product: purchase.productID, variant: purchase.variantID).map { (purchase, $0.0, $0.1) }
    }
    guard let first = items.first else { return nil }
    let id = identifiers.next(.taobaoOrder)
    var draws = generator("order/\(id)")
    let lines = items.map { purchase, product, variant in
      TaobaoOrderLine(
        id: identifiers.next(.taobaoLine), product: product, variant: variant, quantity: purchase.quantity,
        number: purchase.number, refundID: nil)
    }
    let createdAt = now - age
    var order = TaobaoOrder(
      id: id, sellerOrderNumber: number, source: source, sellerID: seller ?? first.1.sellerID, status: status,
      lines: lines, postFee: Freight.domestic(seller: seller ?? first.1.sellerID, seed: seed), receiver: receiver,
      createdAt: createdAt,
      closesAt: createdAt + windows.orderPayment)
    if ![.building, .waitingForPayment, .closed].contains(status) {
      order.paidAt = min(now, createdAt + 5 * Span.minute)
    }
    if [.waitingForReceipt, .finished].contains(status) {
      order.shippedAt = min(now, createdAt + Span.day)
      order.carrier = draws.pick(Carrier.all)
      order.waybill = order.carrier.map { Samples.waybill($0, &draws) }
    }
    taobaoOrders.insert(order)
    schedule(taobaoOrder: id)
    return id
  }

  /// An item and variant on Taobao by the ids of either side.
  func taobaoVariant(product id: String, variant variantID: String?) -> (Product, Variant)? {
    guard let product = taobaoGoods[id] ?? taobaoGoods.rows.first(where: { $0.distributionID == id }) else {
      return nil
    }
    guard let variantID else { return product.variants.first.map { (product, $0) } }
    return product.variants.first { $0.id == variantID || $0.distributionID == variantID }.map { (product, $0) }
  }

  /// Lets an action happen to a Taobao order, with all that follows from it; answers whether the state allowed it.
  @discardableResult
  public mutating func apply(_ action: TaobaoOrderAction, toTaobaoOrder id: String) -> Bool {
    guard var order = taobaoOrders[id], let next = TaobaoOrderMachine.next(order.status, action) else { return false }
    earlierTaobaoOrders[id] = order
    order.status = next
    order.modifiedAt = now
    order.stamp += 1
    order.cancelling = false
    switch action {
    case .pay: order.paidAt = now
    case .cancel: order.closeReason = order.closeReason ?? "buyer_cancel"
    case .expire: order.closeReason = "BUYER_NO_PAY"
    case .refundInFull: order.closeReason = "REFUNDED"
    case .ship:
      var draws = generator("order/\(id)/shipment")
      order.shippedAt = now
      order.carrier = draws.pick(Carrier.all)
      order.waybill = order.carrier.map { Samples.waybill($0, &draws) }
    case .built, .confirmReceipt: break
    }
    taobaoOrders.insert(order)
    tell(ofTaobaoOrder: id)
    schedule(taobaoOrder: id)
    let open = order.lines.compactMap(\.refundID)
    switch action {
    case .ship:
      for refund in open where reverseOrders[refund]?.goodsStatus == 1 { apply(.ship, toReverseOrder: refund) }
    case .confirmReceipt: for refund in open { apply(.confirmReceipt, toReverseOrder: refund) }
    default: break
    }
    return true
  }

  /// A seller ships although a refund is open; an order that is under way already stays as it is.
  mutating func ship(taobaoOrder id: String) {
    apply(.ship, toTaobaoOrder: id)
  }

  /// An order of which every line has been refunded is closed.
  mutating func closeOrderWhenRefunded(_ id: String) {
    guard let order = taobaoOrders[id] else { return }
    let refunded = order.lines.allSatisfy { line in
      line.refundID.flatMap { reverseOrders[$0] }.map { $0.status == .succeeded && $0.fee >= $0.maximumFee } ?? false
    }
    if refunded { apply(.refundInFull, toTaobaoOrder: id) }
  }

  /// The most that may be asked for on a line, in fen: its goods, and before shipment the freight of an order's only line.
  func maximumFee(_ line: TaobaoOrderLine, of order: TaobaoOrder) -> Int64 {
    order.status == .waitingForShipment && order.lines.count == 1 ? line.productFee + order.postFee : line.productFee
  }

  mutating func carryOut(_ event: WorldEvent, taobaoOrder id: String) {
    switch event {
    case .cancelOrder: apply(.cancel, toTaobaoOrder: id)
    case .built: apply(.built, toTaobaoOrder: id)
    case .closeUnpaid: apply(.expire, toTaobaoOrder: id)
    case .ship, .confirmReceipt:
      // An open claim holds both back; who ships all the same does so by the claim's own plan.
      if hasOpenClaim(taobaoOrder: id), let order = taobaoOrders[id] {
        agenda.note(event, for: .taobaoOrder(id), stamp: order.stamp, at: now + Span.day)
      } else {
        apply(event == .ship ? .ship : .confirmReceipt, toTaobaoOrder: id)
      }
    default: break
    }
  }

  private func hasOpenClaim(taobaoOrder id: String) -> Bool {
    taobaoOrders[id]?.lines.contains { line in
      line.refundID.flatMap { reverseOrders[$0] }.map { !$0.status.isTerminal } ?? false
    } ?? false
  }

  private mutating func schedule(taobaoOrder id: String) {
    guard let order = taobaoOrders[id] else { return }
    let subject = Agenda.Subject.taobaoOrder(id)
    switch order.status {
    case .building: agenda.note(.built, for: subject, stamp: order.stamp, at: now + 5 * Span.second)
    case .waitingForPayment:
      agenda.note(.closeUnpaid, for: subject, stamp: order.stamp, at: max(now, order.closesAt))
    case .waitingForShipment:
      // Who is slow or silent in answering is slow in shipping too.
      var draws = generator("order/\(id)/ship")
      let hours: ClosedRange<Int64> = sellers[order.sellerID]?.character == .prompt ? 8...30 : 48...240
      agenda.note(.ship, for: subject, stamp: order.stamp, at: now + draws.draw(hours) * Span.hour)
    case .waitingForReceipt:
      let shipped = order.shippedAt ?? now
      agenda.note(.confirmReceipt, for: subject, stamp: order.stamp, at: max(now, shipped + windows.orderReceipt))
    case .finished, .closed: break
    }
  }
}

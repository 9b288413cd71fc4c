public import JSON

extension World {
  /// Adds a 1688 order in a state, with the dates that the state implies; answers its id.
  ///
  /// Purchases of unknown goods are left out; nil where none remains.
  @discardableResult
  public mutating func addAlibabaOrder(
    _ purchases: [Purchase], status: AlibabaOrderStatus = .waitingForShipment, age: Int64 = 0, number: String? = nil,
    flow: String = "general", address: JSON = .null, remark: String? = nil
  ) -> String? {
    let items = purchases.compactMap { purchase in
      alibabaVariant(product: purchase.productID, variant: purchase.variantID).map { (purchase, $0.0, $0.1) }
    }
    guard let first = items.first else { return nil }
    let id = identifiers.next(.alibabaOrder)
    var draws = generator("order/\(id)")
    let entries = items.map { purchase, product, variant in
      AlibabaOrderEntry(
        id: identifiers.next(.alibabaEntry), product: product, variant: variant, quantity: purchase.quantity)
    }
    let createdAt = now - age
    var order = AlibabaOrder(
      id: id, outOrderID: number, flow: flow, sellerID: first.1.sellerID, status: status, entries: entries,
      carriage: Freight.domestic(seller: first.1.sellerID, seed: seed), address: address, remark: remark,
      createdAt: createdAt)
    if ![.waitingForPayment, .cancelled].contains(status) { order.paidAt = min(now, createdAt + 5 * Span.minute) }
    if [.waitingForReceipt, .received, .succeeded].contains(status) {
      order.shippedAt = min(now, createdAt + Span.day)
      order.carrier = draws.pick(Carrier.all)
      order.waybill = order.carrier.map { Samples.waybill($0, &draws) }
    }
    alibabaOrders.insert(order)
    schedule(alibabaOrder: id)
    return id
  }

  /// An item and variant on 1688, the variant by its spec id or SKU id.
  func alibabaVariant(product id: String, variant variantID: String?) -> (Product, Variant)? {
    guard let product = alibabaGoods[id] else { return nil }
    guard let variantID else { return product.variants.first.map { (product, $0) } }
    return product.variants.first { $0.specID == variantID || $0.id == variantID }.map { (product, $0) }
  }

  /// The seller sets another freight for an unpaid order, in fen; answers whether the order's state allowed it.
  @discardableResult
  public mutating func setCarriage(_ carriage: Int64, ofAlibabaOrder id: String) -> Bool {
    guard carriage >= 0, alibabaOrders[id]?.status == .waitingForPayment else { return false }
    let now = now
    alibabaOrders.update(id) { order in
      order.carriage = carriage
      order.modifiedAt = now
    }
    tell(ofPriceOfAlibabaOrder: id)
    return true
  }

  /// Lets an action happen to a 1688 order, with all that follows from it; answers whether the state allowed it.
  @discardableResult
  public mutating func apply(_ action: AlibabaOrderAction, toAlibabaOrder id: String) -> Bool {
    guard var order = alibabaOrders[id], let next = AlibabaOrderMachine.next(order.status, action) else { return false }
    earlierAlibabaOrders[id] = order
    order.status = next
    order.modifiedAt = now
    order.stamp += 1
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
    case .receive, .settle: break
    }
    alibabaOrders.insert(order)
    tell(ofAlibabaOrder: id, after: action)
    schedule(alibabaOrder: id)
    let refunds = order.entries.compactMap(\.refundID)
    switch action {
    case .ship:
      for refund in refunds where alibabaRefunds[refund]?.goodsStatus == "refundWaitSellerSend" {
        apply(.ship, toAlibabaRefund: refund)
      }
    case .receive: for refund in refunds { apply(.receiveOrder, toAlibabaRefund: refund) }
    default: break
    }
    return true
  }

  mutating func carryOut(_ event: WorldEvent, alibabaOrder id: String) {
    switch event {
    case .closeUnpaid: apply(.expire, toAlibabaOrder: id)
    case .ship, .confirmReceipt:
      // An open claim holds both back; who ships all the same does so by the claim's own plan.
      if hasOpenClaim(alibabaOrder: id), let order = alibabaOrders[id] {
        agenda.note(event, for: .alibabaOrder(id), stamp: order.stamp, at: now + Span.day)
      } else {
        apply(event == .ship ? .ship : .receive, toAlibabaOrder: id)
      }
    case .settle: apply(.settle, toAlibabaOrder: id)
    default: break
    }
  }

  private func hasOpenClaim(alibabaOrder id: String) -> Bool {
    alibabaOrders[id]?.entries.contains { entry in
      entry.refundID.flatMap { alibabaRefunds[$0] }.map { !$0.status.isTerminal } ?? false
    } ?? false
  }

  private mutating func schedule(alibabaOrder id: String) {
    guard let order = alibabaOrders[id] else { return }
    let subject = Agenda.Subject.alibabaOrder(id)
    switch order.status {
    case .waitingForPayment:
      agenda.note(.closeUnpaid, for: subject, stamp: order.stamp, at: max(now, order.createdAt + windows.orderPayment))
    case .waitingForShipment:
      var draws = generator("order/\(id)/ship")
      let hours: ClosedRange<Int64> = sellers[order.sellerID]?.character == .prompt ? 8...30 : 48...240
      agenda.note(.ship, for: subject, stamp: order.stamp, at: now + draws.draw(hours) * Span.hour)
    case .waitingForReceipt:
      let shipped = order.shippedAt ?? now
      agenda.note(.confirmReceipt, for: subject, stamp: order.stamp, at: max(now, shipped + windows.orderReceipt))
    case .received:
      agenda.note(.settle, for: subject, stamp: order.stamp, at: now + Span.minute)
    case .succeeded, .cancelled, .terminated: break
    }
  }
}

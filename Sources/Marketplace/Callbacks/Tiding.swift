import JSON

/// Something that changed in the world and that a callback tells of (pandapon.md 3).
struct Tiding: Sendable, Hashable {
  /// The event's id in the catalogue, e.g. `taobao.events.refundChanged`.
  let event: String
  /// The envelope's type and platform.
  let messageType: String, platform: Int64
  /// The envelope's body: ids and a state, no more.
  let body: JSON
  /// When it happened, in ms since 1970.
  let at: Int64
}

extension World {
  /// Notes a reverse order that changed; message type 9 (upstream.md 9.1).
  mutating func tell(ofReverseOrder id: String) {
    guard tells, let refund = reverseOrders[id] else { return }
    note(
      "taobao.events.refundChanged", "9", 0,
      [
        "refundId": .string(id), "purchaseOrderId": .string(refund.orderID),
        "purchaseOrderLineId": .string(refund.lineID), "refundStatus": .string(String(refund.status.rawValue)),
      ])
  }

  /// Notes a Taobao order that changed; message type 3 (upstream.md 9.1).
  mutating func tell(ofTaobaoOrder id: String) {
    guard tells, let order = taobaoOrders[id] else { return }
    note(
      "taobao.events.orderStatusChanged", "3", 0,
      [
        "purchaseId": .string(id), "outerPurchaseId": .text(order.sellerOrderNumber),
        "status": .string(order.status.rawValue),
      ])
  }

  /// Notes a 1688 refund that changed; the topic tells whether the trade was over (upstream.md 9.2).
  mutating func tell(ofAlibabaRefund id: String) {
    guard tells, let refund = alibabaRefunds[id] else { return }
    let topic = refund.afterSale ? "ORDER_REFUND_AFTER_SALES" : "ORDER_BUYER_REFUND_IN_SALES"
    note(
      "alibaba.events.refundChanged", "1688_ORDER_BUYER_VIEW_" + topic, 1,
      ["orderId": .idNumber(refund.orderID), "refundId": .string(id), "currentStatus": .string(refund.status.rawValue)])
  }

  /// Notes a 1688 order that changed by an action (upstream.md 9.2).
  mutating func tell(ofAlibabaOrder id: String, after action: AlibabaOrderAction) {
    let topic =
      switch action {
      case .pay: "ORDER_PAY"
      case .ship: "ANNOUNCE_SENDGOODS"
      case .receive: "ORDER_COMFIRM_RECEIVEGOODS"
      case .settle: "ORDER_SUCCESS"
      case .cancel: "ORDER_BUYER_CLOSE"
      case .expire, .refundInFull: "ORDER_BOPS_CLOSE"
      }
    tell(ofAlibabaOrder: id, event: "alibaba.events.orderStatusChanged", topic: topic)
  }

  /// Notes a new price of a 1688 order; the message carries none (upstream.md 9.2).
  mutating func tell(ofPriceOfAlibabaOrder id: String) {
    tell(ofAlibabaOrder: id, event: "alibaba.events.orderPriceChanged", topic: "ORDER_PRICE_MODIFY")
  }

  private mutating func tell(ofAlibabaOrder id: String, event: String, topic: String) {
    guard tells, let order = alibabaOrders[id] else { return }
    note(
      event, "1688_ORDER_BUYER_VIEW_" + topic, 1,
      ["orderId": .idNumber(id), "currentStatus": .string(order.status.rawValue)])
  }

  private mutating func note(_ event: String, _ messageType: String, _ platform: Int64, _ body: JSON) {
    var body = body
    if platform == 1 { body["msgSendTime"] = .string(CivilTime.beijingText(now)) }
    tidings.append(Tiding(event: event, messageType: messageType, platform: platform, body: body, at: now))
  }
}

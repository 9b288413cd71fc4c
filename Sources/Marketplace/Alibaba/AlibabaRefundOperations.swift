import JSON

/// The six after-sales operations of 1688.
enum AlibabaRefundOperations {
  static let handlers: [String: Handler] = [
    "alibaba.refunds.get": get, "alibaba.refunds.reasons": reasons, "alibaba.refunds.uploadVoucher": uploadVoucher,
    "alibaba.refunds.create": create, "alibaba.refunds.submitReturn": submitReturn,
    "alibaba.refunds.logisticsCompanies": logisticsCompanies,
  ]

  /// The goods statuses of upstream.md 6.4 and the order states in which each can be said.
  private static let goodsStatuses: [String: Set<AlibabaOrderStatus>] = [
    "refundWaitSellerSend": [.waitingForShipment], "refundWaitBuyerReceive": [.waitingForReceipt],
    "refundBuyerReceived": [.waitingForReceipt], "aftersaleBuyerNotReceived": [.received, .succeeded],
    "aftersaleBuyerReceived": [.received, .succeeded],
  ]

  @Sendable private static func get(_ world: inout World, _ call: Call) throws(Refusal) -> JSON {
    let refund = try refund(world, call)
    return world.answer(
      refund, timeOut: flag(call, "needTimeOutInfo"), operations: flag(call, "needOrderRefundOperation"))
  }

  @Sendable private static func reasons(_ world: inout World, _ call: Call) throws(Refusal) -> JSON {
    let order = try order(world, call)
    let status = try goodsStatus(call, order)
    try entries(call, order)
    return [
      "reasons": .array(
        AlibabaRefundReason.offered(goodsStatus: status).map {
          [
            "id": .integer($0.id), "name": .string($0.name), "needVoucher": .bool($0.needsVoucher),
            "noRefundCarriage": .bool($0.withoutCarriage), "tip": .null,
          ]
        })
    ]
  }

  @Sendable private static func uploadVoucher(_ world: inout World, _ call: Call) throws(Refusal) -> JSON {
    let image = try call.text("imageData")
    guard image.utf8.count <= 1_398_104 else { throw .invalid("imageData", "is 1 MB or more") }
    let base64 = image.utf8.allSatisfy {
      (0x41...0x5A).contains($0) || (0x61...0x7A).contains($0) || (0x30...0x39).contains($0)
        || [0x2B, 0x2F, 0x3D, 0x0A, 0x0D].contains($0)
    }
    guard base64 else { throw .invalid("imageData", "is not base64") }
    let digest = SeededGenerator.digest(image, seed: world.seed)
    let path = "img/ibank/simulated/\(digest).jpg"
    if !world.vouchers.contains(path) { world.vouchers.append(path) }
    return ["imageDomain": "https://cbu01.alicdn.com", "imageRelativeUrl": .string(path)]
  }

  @Sendable private static func create(_ world: inout World, _ call: Call) throws(Refusal) -> JSON {
    let order = try order(world, call)
    let chosen = try entries(call, order)
    let request = try call.text("disputeRequest")
    guard request == "refund" || request == "returnRefund" else {
      throw .invalid("disputeRequest", "is refund or returnRefund")
    }
    let (payment, carriage) = (try call.integer("applyPayment"), try call.integer("applyCarriage"))
    let reasonID = try call.integer("applyReasonId")
    let description = try call.text("description")
    guard (2...150).contains(description.count) else { throw .invalid("description", "has 2 to 150 characters (5012)") }
    let status = try goodsStatus(call, order)
    guard request == "refund" || status.hasSuffix("BuyerReceived") else {
      throw .invalid("disputeRequest", "returnRefund needs goods that were received (5010)")
    }
    guard let reason = AlibabaRefundReason.offered(goodsStatus: status).first(where: { $0.id == reasonID }) else {
      throw .invalid("applyReasonId", "is not offered here: \(reasonID) (5004)")
    }
    var vouchers: [String] = []
    for voucher in try call.optionalList("vouchers") ?? [] { vouchers.append(voucher.scalarText ?? "") }
    guard vouchers.count <= 5 else { throw .invalid("vouchers", "holds more than 5") }
    guard !reason.needsVoucher || !vouchers.isEmpty else {
      throw .invalid("vouchers", "are required by the reason (5005)")
    }
    guard carriage == 0 || !reason.withoutCarriage else {
      throw .invalid("applyCarriage", "is not refunded for this reason (5006)")
    }
    let goods = chosen.reduce(0) { $0 + $1.amount }
    guard payment > 0, payment <= goods, carriage >= 0, carriage <= order.carriage else {
      throw .invalid("applyPayment", "is from 1 to \(goods), applyCarriage from 0 to \(order.carriage) fen (5011)")
    }
    guard status != "refundWaitSellerSend" || payment == goods else {
      throw .invalid("applyPayment", "is \(goods) fen before shipment, no more and no less (5011)")
    }
    for entry in chosen {
      let ids = [entry.refundID, entry.afterSaleRefundID].compactMap(\.self)
      for id in ids where world.alibabaRefunds[id].map({ $0.status != .closed }) ?? false {
        throw .conflict("entry \(entry.id) has refund \(id) already (5010)")
      }
    }
    let claim = World.AlibabaClaim(
      entryIDs: chosen.map(\.id), returning: request == "returnRefund", goodsStatus: status, payment: payment,
      carriage: carriage, reasonID: reasonID, description: description, vouchers: vouchers)
    guard let id = world.addAlibabaRefund(order: order.id, claim) else { throw .unknown("order", order.id) }
    return [
      "refundId": .string(id), "innerReasonId": .integer(reasonID), "innerReason": .string(reason.name),
      "innerPostFee": .integer(carriage), "isVoucher": .string(reason.needsVoucher ? "true" : "false"),
      "refundOfficialSolutionCost": 0,
    ]
  }

  @Sendable private static func submitReturn(_ world: inout World, _ call: Call) throws(Refusal) -> JSON {
    let refund = try refund(world, call)
    let code = try call.text("logisticsCompanyNo")
    let waybill = try call.text("freightBill")
    if let note = try call.optionalText("description") {
      guard (2...200).contains(note.count) else { throw .invalid("description", "has 2 to 200 characters") }
    }
    guard let carrier = Carrier.all.first(where: { $0.code == code }) else {
      throw .invalid("logisticsCompanyNo", "is no carrier: \(code) (4002)")
    }
    guard (8...32).contains(waybill.utf8.count), waybill.allSatisfy({ $0.isASCII && ($0.isLetter || $0.isNumber) })
    else {
      throw .invalid("freightBill", "does not fit the carrier (4004)")
    }
    guard refund.status == .waitingForReturn else {
      throw .conflict("a refund in state \(refund.status.rawValue) awaits no return (4007)")
    }
    world.alibabaRefunds.update(refund.id) { refund in
      refund.waybill = waybill
      refund.carrier = carrier
    }
    world.apply(.sendGoods, toAlibabaRefund: refund.id)
    return ["success": true, "refundId": .string(refund.id)]
  }

  @Sendable private static func logisticsCompanies(_ world: inout World, _ call: Call) throws(Refusal) -> JSON {
    .array(Carrier.all.enumerated().map { $1.answer(id: Int64($0 + 101)) })
  }

  // MARK: Arguments

  private static func flag(_ call: Call, _ name: String) -> Bool { call.value(name)?.scalarText == "true" }

  private static func refund(_ world: World, _ call: Call) throws(Refusal) -> AlibabaRefund {
    let id = try call.text("refundId")
    guard let refund = world.alibabaRefunds[id] else { throw .unknown("refund", id) }
    return refund
  }

  private static func order(_ world: World, _ call: Call) throws(Refusal) -> AlibabaOrder {
    let id = try call.text("orderId")
    guard let order = world.alibabaOrders[id] else { throw .unknown("order", id) }
    return order
  }

  @discardableResult
  private static func entries(_ call: Call, _ order: AlibabaOrder) throws(Refusal) -> [AlibabaOrderEntry] {
    var chosen: [AlibabaOrderEntry] = []
    for id in try call.ids("orderEntryIds") {
      guard let entry = order.entries.first(where: { $0.id == id }) else { throw .unknown("order entry", id) }
      if !chosen.contains(entry) { chosen.append(entry) }
    }
    return chosen
  }

  private static func goodsStatus(_ call: Call, _ order: AlibabaOrder) throws(Refusal) -> String {
    let status = try call.text("goodsStatus")
    guard let states = goodsStatuses[status] else { throw .invalid("goodsStatus", "is unknown: \(status) (5003)") }
    guard states.contains(order.status) else {
      throw .conflict("\(status) does not go with an order in state \(order.status.rawValue) (5010)")
    }
    return status
  }
}

/// Reasons for a 1688 refund, by id.
enum AlibabaRefundReason {
  struct Reason: Sendable, Hashable {
    let id: Int64
    let name: String
    let needsVoucher: Bool
    let withoutCarriage: Bool
    let received: Bool
  }

  static let all: [Reason] = [
    Reason(id: 20_019, name: "不想要了", needsVoucher: false, withoutCarriage: false, received: false),
    Reason(id: 20_020, name: "卖家缺货", needsVoucher: false, withoutCarriage: false, received: false),
    Reason(id: 20_022, name: "一直未收到货", needsVoucher: false, withoutCarriage: false, received: false),
    Reason(id: 20_021, name: "颜色/图案/款式不符", needsVoucher: true, withoutCarriage: false, received: true),
    Reason(id: 20_024, name: "质量问题", needsVoucher: true, withoutCarriage: false, received: true),
    Reason(id: 20_028, name: "七天无理由", needsVoucher: false, withoutCarriage: true, received: true),
  ]

  static func offered(goodsStatus: String) -> [Reason] {
    all.filter { $0.received == goodsStatus.hasSuffix("BuyerReceived") }
  }
  static func name(_ id: Int64) -> String { all.first { $0.id == id }?.name ?? "其他" }
}

extension Carrier {
  /// As 1688 lists carriers.
  func answer(id: Int64) -> JSON {
    [
      "id": .integer(id), "companyName": .string(name), "companyNo": .string(code), "companyPhone": "95338",
      "supportPrint": true, "spelling": .string(code.lowercased()),
    ]
  }
}

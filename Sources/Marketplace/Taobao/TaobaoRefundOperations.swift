import JSON

/// The ten after-sales operations of Taobao.
enum TaobaoRefundOperations {
  static let handlers: [String: Handler] = [
    "taobao.refunds.list": list, "taobao.refunds.get": get, "taobao.refunds.cancel": cancel,
    "taobao.refunds.render": render, "taobao.refunds.create": create, "taobao.refunds.modify": modify,
    "taobao.refunds.renderReturn": renderReturn, "taobao.refunds.submitReturn": submitReturn,
    "taobao.refunds.messages": messages, "taobao.refunds.sendMessage": sendMessage,
  ]

  @Sendable private static func get(_ world: inout World, _ call: Call) throws(Refusal) -> JSON {
    world.refundAnswer(try refund(&world, call))
  }

  @Sendable private static func cancel(_ world: inout World, _ call: Call) throws(Refusal) -> JSON {
    let id = try refund(&world, call).id
    let success = world.apply(.cancel, toReverseOrder: id)
    var answer = world.refundAnswer(try world.existingReverseOrder(id))
    answer["cancelSuccess"] = .bool(success)
    return answer
  }

  @Sendable private static func list(_ world: inout World, _ call: Call) throws(Refusal) -> JSON {
    var page = try call.page(sizeRequired: true)
    page.overlap = world.listFault.overlap
    let status = try call.optionalInteger("refundStatus")
    let refundID = try call.optionalText("refundId")
    let orderID = try call.optionalText("purchaseOrderId")
    let salesID = try call.optionalText("salesOrderId")
    let start = try call.optionalInteger("refundStartTime") ?? .min
    let end = try call.optionalInteger("refundEndTime") ?? .max
    let lag = world.listFault.lag
    // Places instead of rows: a reverse order is large, and a page shows few of those that match.
    let orders = world.reverseOrders.rows
    var found: [(appliedAt: Int64, place: Int)] = []
    for place in orders.indices where orders[place].appliedAt >= start && orders[place].appliedAt <= end {
      let shown = lag > 0 ? world.listed(orders[place], lag: lag)?.status : orders[place].status
      guard let shown, status.map({ Int64(shown.rawValue) == $0 }) ?? true,
        refundID.map({ orders[place].id == $0 }) ?? true, orderID.map({ orders[place].orderID == $0 }) ?? true
      else { continue }
      if let salesID {
        let number = world.taobaoOrders[orders[place].orderID]?.sellerOrderNumber ?? orders[place].orderID
        guard salesID == "500000-\(number)" else { continue }
      }
      found.append((orders[place].appliedAt, place))
    }
    found.sort { ($0.appliedAt, $0.place) > ($1.appliedAt, $1.place) }
    return page.answer(found) { world.aggregate(world.listed(orders[$0.place], lag: lag) ?? orders[$0.place]) }
  }

  @Sendable private static func render(_ world: inout World, _ call: Call) throws(Refusal) -> JSON {
    let (order, line) = try line(&world, call)
    let (_, goodsStatus) = try claim(call)
    try claimable(world, order, line, goodsStatus)
    let maximum = world.maximumFee(line, of: order)
    let reasons = RefundReason.offered(goodsStatus: goodsStatus)
    let offered: [JSON] = reasons.map {
      [
        "reasonId": .integer($0.id), "reasonDesc": .string($0.text), "tips": .string($0.needsProof ? "请上传凭证" : ""),
        "proofRequired": .bool($0.needsProof), "refundDescRequired": .bool($0.needsProof),
      ]
    }
    return [
      "currency": "CNY", "distributorId": .string(world.distributorID),
      "saleFlag": true, "maxRefundFee": .integer(maximum), "canEditFee": .bool(goodsStatus != 1),
      "reasons": .array(offered),
      "refundOrderTemplate": [
        "refundReasons": .array(offered),
        "goodsStatusList": order.status == .waitingForShipment ? ["1"] : ["2", "3", "4"],
        "maxRefundFee": [
          "minRefundFee": 1, "refundFee": .integer(maximum), "feeTips": .string("最多\(maximum)分"),
          "canEditRefundFee": .bool(goodsStatus != 1),
        ],
      ],
    ]
  }

  @Sendable private static func create(_ world: inout World, _ call: Call) throws(Refusal) -> JSON {
    let (order, line) = try line(&world, call)
    let (kind, goodsStatus) = try claim(call)
    let reason = try reason(call, goodsStatus: goodsStatus)
    let fee = try fee(call, maximum: world.maximumFee(line, of: order))
    let note = try call.optionalText("refundDesc") ?? ""
    let pictures = try pictures(call, "images", "refundImages")
    // The cousin API answers with the unfinished refund instead of a second one (upstream.md 3.1).
    if let id = line.refundID, let active = world.reverseOrders[id], !active.status.isTerminal {
      return created(world, active)
    }
    try claimable(world, order, line, goodsStatus)
    var specification = World.ReverseOrderSpecification()
    specification.kind = kind
    specification.goodsStatus = goodsStatus
    specification.fee = fee
    specification.reasonID = reason
    guard let id = world.addReverseOrder(order: order.id, line: line.id, specification) else {
      throw .unknown("order line", line.id)
    }
    world.reverseOrders.update(id) { refund in
      refund.note = note
      refund.messages[0].pictures = pictures
    }
    return created(world, try world.existingReverseOrder(id))
  }

  @Sendable private static func modify(_ world: inout World, _ call: Call) throws(Refusal) -> JSON {
    let refund = try refund(&world, call)
    guard RefundMachine.next(refund.status, .modify, kind: refund.kind) != nil else {
      throw .conflict("a reverse order in state \(refund.status.rawValue) cannot be modified")
    }
    let kind = call.value("refundType") == nil ? refund.kind : try kind(call)
    let goodsStatus = call.value("goodsStatus") == nil ? refund.goodsStatus : try goodsStatus(call)
    let reasonID = call.value("reasonId") == nil ? refund.reasonID : try reason(call, goodsStatus: goodsStatus)
    let fee = call.value("refundFee") == nil ? refund.fee : try fee(call, maximum: refund.maximumFee)
    let note = try call.optionalText("refundDesc")
    let pictures = try pictures(call, "images", "refundImages")
    world.reverseOrders.update(refund.id) { refund in
      refund.kind = kind
      refund.goodsStatus = goodsStatus
      refund.reasonID = reasonID
      refund.fee = fee
      if let note { refund.note = note }
    }
    world.apply(.modify, toReverseOrder: refund.id)
    world.earlierReverseOrders[refund.id]?.order = refund
    world.reverseOrders.update(refund.id) { refund in
      refund.messages[refund.messages.count - 1].pictures = pictures
    }
    return created(world, try world.existingReverseOrder(refund.id))
  }

  @Sendable private static func renderReturn(_ world: inout World, _ call: Call) throws(Refusal) -> JSON {
    let refund = try refund(&world, call)
    guard refund.status == .waitingForReturn else {
      throw .conflict("a reverse order in state \(refund.status.rawValue) awaits no return")
    }
    return [
      "refundId": .string(refund.id), "receiverAddress": world.returnAddress(refund) ?? .null,
      "sellerAgreeReturnDescribe": .string(refund.agreement ?? ""),
      "logisticsCompanies": .array(
        Carrier.all.map {
          ["logisticCompanyCode": .string($0.code), "logisticsCompanyName": .string($0.name)]
        }),
    ]
  }

  @Sendable private static func submitReturn(_ world: inout World, _ call: Call) throws(Refusal) -> JSON {
    let refund = try refund(&world, call)
    let waybill = try call.text("logisticsNo")
    let code = try call.text("logisticsCompanyCode")
    let phone = try call.text("buyerPhone")
    let note = try call.optionalText("returnGoodsDesc") ?? ""
    guard let carrier = Carrier.all.first(where: { $0.code == code }) else {
      throw .invalid("logisticsCompanyCode", "is not offered: \(code)")
    }
    guard waybill.utf8.count >= 8, waybill.utf8.count <= 32,
      waybill.utf8.allSatisfy({ (0x30...0x39).contains($0) || (0x41...0x5A).contains($0) || (0x61...0x7A).contains($0) }
      )
    else { throw .invalid("logisticsNo", "is no waybill number: \(waybill)") }
    guard refund.status == .waitingForReturn else {
      throw .conflict("a reverse order in state \(refund.status.rawValue) awaits no return")
    }
    let taken = world.reverseOrders.rows.contains { $0.id != refund.id && $0.returnParcel?.waybill == waybill }
    guard !taken else { throw .invalid("logisticsNo", "is on another reverse order: \(waybill)") }
    world.reverseOrders.update(refund.id) { refund in
      refund.returnParcel = ReturnParcel(waybill: waybill, carrier: carrier, buyerPhone: phone, note: note)
    }
    world.apply(.submitReturn, toReverseOrder: refund.id)
    world.earlierReverseOrders[refund.id]?.order = refund
    return world.refundAnswer(try world.existingReverseOrder(refund.id))
  }

  @Sendable private static func messages(_ world: inout World, _ call: Call) throws(Refusal) -> JSON {
    let refund = try refund(&world, call)
    var page = try call.page()
    page.overlap = world.listFault.overlap
    return page.answer(refund.messages.reversed()) { message in
      [
        "content": .string(message.content), "time": .integer(message.time), "role": .integer(message.role),
        "ownerNick": .string(message.nick),
        "pics": .array(message.pictures.map { ["pic": .string($0), "desc": ""] }),
      ]
    }
  }

  @Sendable private static func sendMessage(_ world: inout World, _ call: Call) throws(Refusal) -> JSON {
    let refund = try refund(&world, call)
    let text = try call.text("refundMessage")
    guard text.utf8.count <= 400 else { throw .invalid("refundMessage", "is longer than 400 bytes") }
    guard !refund.status.isTerminal else {
      throw .conflict("a reverse order in state \(refund.status.rawValue) takes no messages")
    }
    let pictures = try pictures(call, "refundImages", "images")
    let message = RefundMessage(role: 4, nick: "ebb-buyer", content: text, time: world.now, pictures: pictures)
    world.reverseOrders.update(refund.id) { $0.messages.append(message) }
    return ["refundId": .string(refund.id), "success": true]
  }

  // MARK: Arguments

  private static func refund(_ world: inout World, _ call: Call) throws(Refusal) -> ReverseOrder {
    try world.existingReverseOrder(try call.text("refundId"))
  }

  private static func created(_ world: World, _ refund: ReverseOrder) -> JSON {
    var answer = world.refundAnswer(refund)
    answer["refundId"] = .string(refund.id)
    return answer
  }

  private static func line(_ world: inout World, _ call: Call) throws(Refusal) -> (TaobaoOrder, TaobaoOrderLine) {
    let id =
      try call.value("purchaseOrderLineId") == nil && call.value("subOrderId") != nil
      ? call.text("subOrderId") : call.text("purchaseOrderLineId")
    for order in world.taobaoOrders.rows {
      if let line = order.lines.first(where: { $0.id == id }) { return (order, line) }
    }
    throw .unknown("order line", id)
  }

  private static func kind(_ call: Call) throws(Refusal) -> RefundKind {
    guard let kind = RefundKind(rawValue: Int(clamping: try call.integer("refundType"))) else {
      throw .invalid("refundType", "is 1 or 2")
    }
    return kind
  }

  private static func goodsStatus(_ call: Call) throws(Refusal) -> Int64 {
    let status = try call.integer("goodsStatus")
    guard (1...4).contains(status) else { throw .invalid("goodsStatus", "is from 1 to 4") }
    return status
  }

  private static func claim(_ call: Call) throws(Refusal) -> (RefundKind, Int64) {
    let (kind, status) = (try kind(call), try goodsStatus(call))
    guard kind == .refundOnly || status == 4 else { throw .invalid("refundType", "2 needs goods that were received") }
    return (kind, status)
  }

  private static func reason(_ call: Call, goodsStatus: Int64) throws(Refusal) -> Int64 {
    let id = try call.integer("reasonId")
    guard RefundReason.offered(goodsStatus: goodsStatus).contains(where: { $0.id == id }) else {
      throw .invalid("reasonId", "is not offered for goodsStatus \(goodsStatus): \(id)")
    }
    return id
  }

  private static func fee(_ call: Call, maximum: Int64) throws(Refusal) -> Int64 {
    let fee = try call.integer("refundFee")
    guard fee > 0, fee <= maximum else { throw .invalid("refundFee", "is from 1 to \(maximum) fen") }
    return fee
  }

  private static func pictures(_ call: Call, _ names: String...) throws(Refusal) -> [String] {
    for name in names {
      guard let value = call.value(name) else { continue }
      let pictures =
        value.array?.compactMap(\.scalarText) ?? value.scalarText?.split(separator: ",").map(String.init) ?? []
      guard pictures.count <= 3 else { throw .invalid(name, "holds more than 3 images") }
      return pictures
    }
    return []
  }

  private static func claimable(
    _ world: World, _ order: TaobaoOrder, _ line: TaobaoOrderLine, _ goodsStatus: Int64
  ) throws(Refusal) {
    switch order.status {
    case .waitingForShipment:
      guard goodsStatus == 1 else { throw .invalid("goodsStatus", "is 1 before shipment") }
    case .waitingForReceipt, .finished:
      guard goodsStatus != 1 else { throw .invalid("goodsStatus", "is not 1 after shipment") }
    default: throw .conflict("an order in state \(order.status.rawValue) takes no claim")
    }
    if let id = line.refundID, world.reverseOrders[id]?.status == .succeeded {
      throw .conflict("the line is refunded already by \(id)")
    }
  }
}

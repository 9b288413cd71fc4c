import JSON

/// The eleven order operations of 1688.
enum AlibabaOrderOperations {
  static let handlers: [String: Handler] = [
    "alibaba.orders.preview": preview, "alibaba.orders.previewBatch": previewBatch, "alibaba.orders.create": create,
    "alibaba.orders.createBatch": createBatch, "alibaba.orders.cancel": cancel, "alibaba.orders.pay": pay,
    "alibaba.orders.payBatch": payBatch, "alibaba.orders.confirmReceipt": confirmReceipt, "alibaba.orders.get": get,
    "alibaba.orders.list": list, "alibaba.orders.logistics": logistics,
  ]

  @Sendable private static func preview(_ world: inout World, _ call: Call) throws(Refusal) -> JSON {
    _ = try call.object("addressParam")
    let cargo = try cargo(world, call)
    try oneSeller(cargo.known)
    return world.previewAnswer(cargo.known, failed: cargo.failed)
  }

  @Sendable private static func previewBatch(_ world: inout World, _ call: Call) throws(Refusal) -> JSON {
    _ = try call.object("addressParam")
    let cargo = try cargo(world, call)
    return world.previewAnswer(cargo.known, failed: cargo.failed)
  }

  @Sendable private static func create(_ world: inout World, _ call: Call) throws(Refusal) -> JSON {
    _ = try call.text("flow")
    let cargo = try cargo(world, call)
    try oneSeller(cargo.known)
    return try place(&world, call, cargo)
  }

  @Sendable private static func createBatch(_ world: inout World, _ call: Call) throws(Refusal) -> JSON {
    try place(&world, call, try cargo(world, call))
  }

  private static func place(_ world: inout World, _ call: Call, _ cargo: Cargo) throws(Refusal) -> JSON {
    let address = try call.object("addressParam")
    for name in ["fullName", "mobile", "provinceText", "cityText", "address"] {
      guard address[name]?.scalarText?.isEmpty == false else { throw .missing("addressParam.\(name)") }
    }
    let number = try call.optionalText("outOrderId")
    if let number {
      let known = world.alibabaOrders.rows.filter { $0.outOrderID == number }
      if !known.isEmpty { return world.createdAnswer(known, failed: []) }
    }
    return world.place(
      cargo.known, failed: cargo.failed, flow: try call.optionalText("flow") ?? "general", number: number,
      address: address, remark: try call.optionalText("message"))
  }

  @Sendable private static func cancel(_ world: inout World, _ call: Call) throws(Refusal) -> JSON {
    try site(call)
    let reason = try call.text("cancelReason")
    let order = try order(world, call)
    guard order.status == .waitingForPayment else {
      throw .conflict("ORDER_STATUS_ERROR: an order in state \(order.status.rawValue) cannot be cancelled")
    }
    guard world.now - order.createdAt >= 10 * Span.second else {
      throw .conflict("CLOSE_ORDER_TOO_FAST: wait 10 s after creating it")
    }
    world.alibabaOrders.update(order.id) { $0.closeReason = reason }
    return .bool(world.apply(.cancel, toAlibabaOrder: order.id))
  }

  @Sendable private static func pay(_ world: inout World, _ call: Call) throws(Refusal) -> JSON {
    let order = try order(world, call)
    let paid = world.apply(.pay, toAlibabaOrder: order.id)
    let late = order.paidAt != nil
    return [
      "orderId": .string(order.id), "protocolPaySuccess": .bool(paid || late), "payUrl": .null,
      "cantPayOrderList": paid || late ? [] : [.idNumber(order.id)],
    ]
  }

  @Sendable private static func payBatch(_ world: inout World, _ call: Call) throws(Refusal) -> JSON {
    let ids = try call.ids("orderIds")
    guard ids.count <= 100 else { throw .invalid("orderIds", "holds more than 100") }
    for id in ids where world.alibabaOrders[id] == nil { throw .unknown("order", id) }
    var failed: [JSON] = []
    for id in ids where !world.apply(.pay, toAlibabaOrder: id) {
      let status = world.alibabaOrders[id]?.status.rawValue ?? ""
      failed.append(["orderId": .string(id), "errorCode": "ORDER_STATUS_ERROR", "errorMsg": .string("state \(status)")])
    }
    var draws = world.generator("pay/\(ids.joined(separator: ","))")
    return [
      "payUrl": .string("https://trade.1688.com/order/cashier.htm?token=\(draws.hexadecimal(24))"),
      "payFailureOrderList": .array(failed),
    ]
  }

  @Sendable private static func confirmReceipt(_ world: inout World, _ call: Call) throws(Refusal) -> JSON {
    let order = try order(world, call)
    for id in try call.ids("orderEntryIds") where !order.entries.contains(where: { $0.id == id }) {
      throw .unknown("order entry", id)
    }
    guard world.apply(.receive, toAlibabaOrder: order.id) else {
      return [
        "success": false, "errorCode": "ORDER_STATUS_ERROR",
        "errorInfo": .string("an order in state \(order.status.rawValue) has nothing to confirm"),
      ]
    }
    return ["success": true, "errorCode": .null, "errorInfo": .null]
  }

  @Sendable private static func get(_ world: inout World, _ call: Call) throws(Refusal) -> JSON {
    try site(call)
    return world.answer(try order(world, call))
  }

  @Sendable private static func list(_ world: inout World, _ call: Call) throws(Refusal) -> JSON {
    var page = try call.page(number: "page", sizeRequired: true, maximum: 50)
    page.overlap = world.listFault.overlap
    let status = try call.optionalText("orderStatus")
    let refundStatus = try call.optionalText("refundStatus")
    let number = try call.optionalText("outOrderId")
    let seller = try call.optionalText("sellerMemberId")
    let ids = try call.value("orderIds") == nil ? nil : Set(call.ids("orderIds"))
    let created = try range(call, "createStartTime", "createEndTime")
    let modified = try range(call, "modifyStartTime", "modifyEndTime")
    let lag = world.listFault.lag
    var rows: [AlibabaOrder] = []
    for current in world.alibabaOrders.rows {
      guard let row = world.listed(current, lag: lag), created.contains(row.createdAt),
        modified.contains(row.modifiedAt),
        status.map({ row.status.rawValue == $0 }) ?? true, number.map({ row.outOrderID == $0 }) ?? true,
        seller.map({ row.sellerID == $0 }) ?? true, ids.map({ $0.contains(row.id) }) ?? true,
        refundStatus.map({ word in row.refundIDs.contains { world.alibabaRefunds[$0]?.status.rawValue == word } })
          ?? true
      else { continue }
      rows.append(row)
    }
    rows.sort { ($0.createdAt, $0.id) > ($1.createdAt, $1.id) }
    return page.answer(rows) { world.answer($0) }
  }

  @Sendable private static func logistics(_ world: inout World, _ call: Call) throws(Refusal) -> JSON {
    try site(call)
    let order = try order(world, call)
    var traces: [JSON] = []
    if let shippedAt = order.shippedAt, let waybill = order.waybill {
      let id = "LP\(order.id.suffix(14))"
      var draws = world.generator("trace/\(order.id)")
      let trace = Trace(
        shippedAt: shippedAt, now: world.now, ending: world.appearances[order.id]?.trace, draws: &draws)
      if try call.optionalText("logisticsId") ?? id == id {
        traces.append([
          "logisticsId": .string(id), "orderId": .idNumber(order.id), "logisticsBillNo": .string(waybill),
          "logisticsSteps": .array(
            trace.steps.map { ["acceptTime": .string(CivilTime.beijingText($0.time)), "remark": .string($0.text)] }),
        ])
      }
    }
    return ["logisticsTrace": .array(traces), "crossPackageFulfillmentDTO": []]
  }

  // MARK: Arguments

  private struct Cargo {
    var known: [World.PricedPurchase] = []
    var failed: [JSON] = []
  }

  private static func cargo(_ world: World, _ call: Call) throws(Refusal) -> Cargo {
    var cargo = Cargo()
    let list = try call.list("cargoParamList")
    guard list.count <= 50 else { throw .invalid("cargoParamList", "holds more than 50") }
    for row in list {
      let line = Call(operation: "", body: row)
      let (offer, spec, quantity) = (try line.text("offerId"), try line.text("specId"), try line.integer("quantity"))
      guard quantity > 0, quantity < 1_000_000 else { throw .invalid("quantity", "is from 1 to 999999") }
      guard let (product, variant) = world.alibabaVariant(product: offer, variant: spec) else {
        cargo.failed.append([
          "offerId": .string(offer), "specId": .string(spec), "errorCode": "OFFER_NOT_EXIST",
          "errorMessage": "商品不存在",
        ])
        continue
      }
      guard quantity >= product.minimumQuantity else {
        throw .invalid("quantity", "is at least \(product.minimumQuantity) for offer \(offer)")
      }
      cargo.known.append(
        World.PricedPurchase(
          product: product, variant: variant, quantity: quantity, cost: variant.price * quantity))
    }
    guard !cargo.known.isEmpty else { throw .unknown("offer", cargo.failed.first?["offerId"]?.string ?? "") }
    return cargo
  }

  private static func oneSeller(_ purchases: [World.PricedPurchase]) throws(Refusal) {
    guard World.bySeller(purchases).count == 1 else {
      throw .invalid("cargoParamList", "holds offers of several sellers; use the batch operation")
    }
  }

  private static func order(_ world: World, _ call: Call) throws(Refusal) -> AlibabaOrder {
    let id = try call.text("orderId")
    guard let order = world.alibabaOrders[id] else { throw .unknown("order", id) }
    return order
  }

  private static func site(_ call: Call) throws(Refusal) {
    let site = try call.text("webSite")
    guard site == "1688" || site == "alibaba" else { throw .invalid("webSite", "is 1688") }
  }

  private static func range(_ call: Call, _ start: String, _ end: String) throws(Refusal) -> ClosedRange<Int64> {
    func instant(_ name: String) throws(Refusal) -> Int64? {
      guard let text = try call.optionalText(name) else { return nil }
      guard let instant = CivilTime.parseBeijingCompact(text) else {
        throw .invalid(name, "is a time such as 20251101000000000+0800")
      }
      return instant
    }
    let (lower, upper) = (try instant(start) ?? .min, try instant(end) ?? .max)
    guard lower <= upper else { throw .invalid(end, "lies before \(start)") }
    return lower...upper
  }
}

extension World {
  /// What previewing answers (upstream.md 4.2), amounts in fen; one element for each seller.
  func previewAnswer(_ purchases: [PricedPurchase], failed: [JSON] = []) -> JSON {
    let previews: [JSON] = World.bySeller(purchases).map { group in
      let goods = group.purchases.reduce(0) { $0 + $1.cost }
      let carriage = Freight.domestic(seller: group.seller, seed: seed)
      return [
        "discountFee": 0, "tradeModeNameList": ["支付宝担保交易"], "status": true, "taoSampleSinglePromotion": false,
        "sumPayment": .integer(goods + carriage), "sumPaymentNoCarriage": .integer(goods),
        "sumCarriage": .integer(carriage), "additionalFee": 0, "flowFlag": "general", "message": .null,
        "resultCode": "200",
        "cargoList": .array(
          group.purchases.map { purchase in
            [
              "offerId": .idNumber(purchase.product.id), "specId": .string(purchase.variant.specID),
              "skuId": .idNumber(purchase.variant.id), "amount": .yuan(purchase.cost),
              "finalUnitPrice": .yuan(purchase.variant.price), "resultCode": "200", "message": .null,
            ]
          }), "shopPromotionList": [], "payChannelInfos": [], "orderGroup": .string(group.seller),
      ]
    }
    return [
      "orderPreviewResuslt": .array(previews), "success": .bool(failed.isEmpty),
      "errorCode": failed.isEmpty ? .null : "OFFER_NOT_EXIST", "errorMsg": failed.isEmpty ? .null : "商品不存在",
      "postFeeByDescOfferList": .null, "consignOfferList": .null,
      "unsupportedCrossBorderPayOfferList": .array(failed.compactMap { $0["offerId"] }),
    ]
  }

  /// Places unpaid 1688 orders, one for each seller; answers what creation answers.
  mutating func place(
    _ purchases: [PricedPurchase], failed: [JSON], flow: String, number: String?, address: JSON, remark: String?
  ) -> JSON {
    var orders: [AlibabaOrder] = []
    for group in World.bySeller(purchases) {
      let id = addAlibabaOrder(
        group.purchases.map {
          Purchase(productID: $0.product.id, variantID: $0.variant.specID, quantity: $0.quantity)
        }, status: .waitingForPayment, number: number, flow: flow, address: address, remark: remark)
      if let id, let order = alibabaOrders[id] { orders.append(order) }
    }
    return createdAnswer(orders, failed: failed)
  }

  /// What the creation of orders answers, amounts in fen.
  func createdAnswer(_ orders: [AlibabaOrder], failed: [JSON]) -> JSON {
    [
      "success": .bool(!orders.isEmpty), "code": "200", "message": "", "orderId": .text(orders.first?.id),
      "totalSuccessAmount": .integer(orders.reduce(0) { $0 + $1.amount }),
      "postFee": .integer(orders.reduce(0) { $0 + $1.carriage }),
      "orderList": .array(
        orders.map {
          ["orderId": .string($0.id), "orderAmount": .integer($0.amount), "postFee": .integer($0.carriage)]
        }), "failedOfferList": .array(failed),
    ]
  }
}

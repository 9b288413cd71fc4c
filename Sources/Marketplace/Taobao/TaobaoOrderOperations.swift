import JSON

/// The ten order operations of Taobao.
enum TaobaoOrderOperations {
  static let handlers: [String: Handler] = [
    "taobao.orders.create": create, "taobao.orders.render": render, "taobao.orders.list": list,
    "taobao.orders.uploadVoucher": uploadVoucher, "taobao.orders.cancel": cancel,
    "taobao.orders.updateWarehouse": updateWarehouse, "taobao.orders.pay": pay, "taobao.orders.imLink": imLink,
    "taobao.orders.get": get, "taobao.orders.logistics": logistics,
  ]

  @Sendable private static func create(_ world: inout World, _ call: Call) throws(Refusal) -> JSON {
    let number = try call.optionalText("sellerOrderNumber")
    let purchases = try purchases(world, call)
    let receiver = try call.object("receiver")
    let budget = try call.integer("purchaseAmount")
    if let number {
      let known = world.taobaoOrders.rows.filter { $0.sellerOrderNumber == number }
      if !known.isEmpty { return world.createdAnswer(known, number: number) }
    }
    let cost = purchases.reduce(0) { $0 + $1.cost }
    guard cost <= budget else { throw .conflict("the order costs \(cost) fen, more than purchaseAmount \(budget)") }
    let source = try call.optionalText("orderSource")
    return world.place(purchases, number: number, receiver: receiver, source: source)
  }

  @Sendable private static func render(_ world: inout World, _ call: Call) throws(Refusal) -> JSON {
    let lines = try call.list("orderLineList")
    _ = try call.object("receiver")
    var known: [World.PricedPurchase] = []
    var unavailable: [JSON] = []
    for line in lines {
      do throws(Refusal) {
        known.append(try priced(world, line))
      } catch {
        guard error.code == 404 else { throw error }
        unavailable.append([
          "itemId": .string(line["itemId"]?.scalarText ?? ""), "skuId": .string(line["skuId"]?.scalarText ?? ""),
          "reason": .string(error.message), "errorCode": "ITEM_NOT_EXIST", "errorMsg": .string(error.message),
        ])
      }
    }
    guard !known.isEmpty else { throw .unknown("item", lines.first?["itemId"]?.scalarText ?? "") }
    return world.renderAnswer(known, unavailable: unavailable)
  }

  @Sendable private static func list(_ world: inout World, _ call: Call) throws(Refusal) -> JSON {
    var page = try call.page(sizeRequired: true)
    page.overlap = world.listFault.overlap
    let status = try call.optionalText("status")
    let number = try call.optionalText("sellerOrderNumber")
    let start = try call.optionalInteger("startTime") ?? .min
    let end = try call.optionalInteger("endTime") ?? .max
    let lag = world.listFault.lag
    var rows: [TaobaoOrder] = []
    for current in world.taobaoOrders.rows where current.createdAt >= start && current.createdAt <= end {
      guard let row = world.listed(current, lag: lag), status.map({ row.status.rawValue == $0 }) ?? true,
        number.map({ row.sellerOrderNumber == $0 }) ?? true
      else { continue }
      rows.append(row)
    }
    rows.sort { ($0.createdAt, $0.id) > ($1.createdAt, $1.id) }
    return page.answer(rows) { world.answer($0) }
  }

  @Sendable private static func get(_ world: inout World, _ call: Call) throws(Refusal) -> JSON {
    world.answer(try order(world, call))
  }

  @Sendable private static func cancel(_ world: inout World, _ call: Call) throws(Refusal) -> JSON {
    let order = try order(world, call)
    guard TaobaoOrderMachine.next(order.status, .cancel) != nil else {
      throw .conflict("an order in state \(order.status.rawValue) cannot be cancelled")
    }
    let reason = try call.optionalText("cancelReason")
    if !order.cancelling {
      world.taobaoOrders.update(order.id) { order in
        order.cancelling = true
        order.closeReason = reason
      }
      world.agenda.note(
        .cancelOrder, for: .taobaoOrder(order.id), stamp: order.stamp, at: world.now + world.windows.orderCancellation)
    }
    return ["success": true]
  }

  @Sendable private static func pay(_ world: inout World, _ call: Call) throws(Refusal) -> JSON {
    let ids = try call.ids("orderIds")
    guard ids.count <= 10 else { throw .invalid("orderIds", "holds more than 10") }
    for id in ids where world.taobaoOrders[id] == nil { throw .unknown("order", id) }
    var paid: [JSON] = []
    var failed: [JSON] = []
    for id in ids {
      if world.apply(.pay, toTaobaoOrder: id) {
        paid.append(.string(id))
      } else {
        let status = world.taobaoOrders[id]?.status.rawValue ?? ""
        failed.append([
          "gspOrderId": .string(id), "errorCode": "ORDER_STATUS_ERROR",
          "errorMessage": .string("order is in state \(status)"), "class": "GspOrderPayResult",
        ])
      }
    }
    return [
      "success": .bool(failed.isEmpty), "willPayPurchaseOrderIds": .array(paid),
      "payFailurePurchaseOrderIds": .array(failed.compactMap { $0["gspOrderId"] }), "payFailedResults": .array(failed),
    ]
  }

  @Sendable private static func uploadVoucher(_ world: inout World, _ call: Call) throws(Refusal) -> JSON {
    let order = try order(world, call)
    let url = try call.text("voucherUrl")
    guard order.status == .waitingForPayment || order.status == .building else {
      throw .conflict("an order in state \(order.status.rawValue) needs no voucher")
    }
    world.taobaoOrders.update(order.id) { if !$0.vouchers.contains(url) { $0.vouchers.append(url) } }
    return ["success": true]
  }

  @Sendable private static func updateWarehouse(_ world: inout World, _ call: Call) throws(Refusal) -> JSON {
    let order = try order(world, call)
    let name = try call.optionalText("warehouseName") ?? order.warehouse?.name
    let address = try call.optionalText("warehouseAddress") ?? order.warehouse?.address
    guard let name else { throw .missing("warehouseName") }
    guard let address else { throw .missing("warehouseAddress") }
    guard order.status != .closed, order.status != .finished else {
      throw .conflict("an order in state \(order.status.rawValue) has no warehouse to change")
    }
    let now = world.now
    world.taobaoOrders.update(order.id) { order in
      order.warehouse = (name, address)
      order.modifiedAt = now
    }
    return ["orderId": .string(order.id), "warehouseName": .string(name), "warehouseAddress": .string(address)]
  }

  @Sendable private static func imLink(_ world: inout World, _ call: Call) throws(Refusal) -> JSON {
    let kind = try call.optionalText("sourceType") ?? "item"
    let id = try call.text("bizId")
    let known = kind == "item" ? world.taobaoVariant(product: id, variant: nil) != nil : world.taobaoOrders[id] != nil
    guard known else { throw .unknown(kind, id) }
    var draws = world.generator("im/\(kind)/\(id)", turn: Int(truncatingIfNeeded: world.now))
    let token = draws.hexadecimal(32)
    return .string("https://distributor.taobao.global/apps/open/imchat?loginToken=\(token)&bizId=\(id)")
  }

  @Sendable private static func logistics(_ world: inout World, _ call: Call) throws(Refusal) -> JSON {
    let id = try call.text("subPurchaseOrderId")
    for order in world.taobaoOrders.rows {
      guard let line = order.lines.first(where: { $0.id == id }) else { continue }
      return world.logisticsAnswer(line, of: order)
    }
    throw .unknown("order line", id)
  }

  // MARK: Arguments

  private static func order(_ world: World, _ call: Call) throws(Refusal) -> TaobaoOrder {
    let id = try call.text("orderId")
    guard let order = world.taobaoOrders[id] else { throw .unknown("order", id) }
    return order
  }

  private static func purchases(_ world: World, _ call: Call) throws(Refusal) -> [World.PricedPurchase] {
    var purchases: [World.PricedPurchase] = []
    for line in try call.list("orderLineList") { purchases.append(try priced(world, line)) }
    return purchases
  }

  private static func priced(_ world: World, _ line: JSON) throws(Refusal) -> World.PricedPurchase {
    let call = Call(operation: "", body: line)
    let item = try call.text("itemId")
    let sku = try call.text("skuId")
    let quantity = try call.integer("quantity")
    guard quantity > 0 else { throw .invalid("quantity", "is at least 1") }
    guard let (product, variant) = world.taobaoVariant(product: item, variant: sku) else {
      throw .unknown("item", "\(item) with skuId \(sku)")
    }
    let (cost, overflow) = variant.price.multipliedReportingOverflow(by: quantity)
    guard !overflow, cost < 1 << 40 else { throw .invalid("quantity", "is too large") }
    return World.PricedPurchase(
      product: product, variant: variant, quantity: quantity, number: try call.optionalText("orderLineNo"), cost: cost)
  }
}

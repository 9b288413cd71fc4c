import JSON

/// The twelve cart operations of both marketplaces.
enum CartOperations {
  static let handlers: [String: Handler] = [
    "taobao.cart.list": { (world, call) throws(Refusal) in try list(world, call, .taobao) },
    "taobao.cart.add": addTaobao,
    "taobao.cart.remove": { (world, call) throws(Refusal) in
      try remove(&world, call, .taobao, "ids")
      return ["success": true]
    },
    "taobao.cart.setQuantity": { (world, call) throws(Refusal) in
      try setQuantity(&world, call, .taobao)
      return ["success": true]
    },
    "taobao.cart.preview": previewTaobao, "taobao.cart.checkout": checkoutTaobao,
    "alibaba.cart.list": { (world, call) throws(Refusal) in try list(world, call, .alibaba) },
    "alibaba.cart.add": addAlibaba,
    "alibaba.cart.remove": { (world, call) throws(Refusal) in
      try remove(&world, call, .alibaba, "cartIds")
      return true
    },
    "alibaba.cart.setQuantity": { (world, call) throws(Refusal) in
      try setQuantity(&world, call, .alibaba)
      return true
    },
    "alibaba.cart.preview": previewAlibaba, "alibaba.cart.checkout": checkoutAlibaba,
  ]

  // MARK: Both

  private static func list(_ world: World, _ call: Call, _ market: World.Market) throws(Refusal) -> JSON {
    let user = try call.optionalText("userId")
    var enabled: [(seller: String, rows: [JSON])] = []
    var disabled: [(seller: String, rows: [JSON])] = []
    func put(_ row: JSON, _ seller: String, in groups: inout [(seller: String, rows: [JSON])]) {
      if let index = groups.firstIndex(where: { $0.seller == seller }) {
        groups[index].rows.append(row)
      } else {
        groups.append((seller, [row]))
      }
    }
    let cart = market == .taobao ? world.taobaoCart : world.alibabaCart
    for item in cart.rows where user == nil || item.userID == nil || item.userID == user {
      guard let (product, variant) = world.goods(item, market) else { continue }
      let row = market == .taobao ? item.taobaoRow(product, variant) : item.alibabaRow(product, variant)
      if variant.stock < item.quantity {
        put(row, product.sellerID, in: &disabled)
      } else {
        put(row, product.sellerID, in: &enabled)
      }
    }
    func answer(_ groups: [(seller: String, rows: [JSON])]) -> JSON {
      .array(
        groups.map { group in
          let seller = world.sellers[group.seller]
          if market == .alibaba {
            return [
              "sellerOpenId": .text(seller?.openID), "sellerNickName": .text(seller?.nick),
              "cartItemInfos": .array(group.rows),
            ]
          }
          return [
            "shopId": .idNumber(group.seller), "shopName": .text(seller?.nick), "userNick": .text(seller?.nick),
            "cartItemInfos": .array(group.rows),
          ]
        })
    }
    return ["enableList": answer(enabled), "disableList": answer(disabled)]
  }

  private static func remove(
    _ world: inout World, _ call: Call, _ market: World.Market, _ name: String
  ) throws(Refusal) {
    let ids = try call.ids(name)
    for id in ids { _ = try item(world, id, market) }
    for id in ids { _ = world.change(market) { $0.remove(id) } }
  }

  private static func setQuantity(_ world: inout World, _ call: Call, _ market: World.Market) throws(Refusal) {
    let item = try item(world, try call.text("id"), market)
    let quantity = try quantity(call)
    _ = world.change(market) { $0.update(item.id) { $0.quantity = quantity } }
  }

  private static func item(_ world: World, _ id: String, _ market: World.Market) throws(Refusal) -> CartItem {
    let cart = market == .taobao ? world.taobaoCart : world.alibabaCart
    guard let item = cart[id] else { throw .unknown("cart row", id) }
    return item
  }

  private static func quantity(_ call: Call) throws(Refusal) -> Int64 {
    let quantity = try call.integer("quantity")
    guard (1...1_000_000).contains(quantity) else { throw .invalid("quantity", "is from 1 to 1000000") }
    return quantity
  }

  private static func purchases(
    _ world: World, _ call: Call, _ market: World.Market, _ name: String
  ) throws(Refusal) -> (ids: [String], purchases: [World.PricedPurchase]) {
    let ids = try call.ids(name)
    var purchases: [World.PricedPurchase] = []
    for id in ids {
      let item = try item(world, id, market)
      guard let (product, variant) = world.goods(item, market) else { throw .unknown("item", item.productID) }
      purchases.append(
        World.PricedPurchase(
          product: product, variant: variant, quantity: item.quantity, cost: variant.price * item.quantity))
    }
    return (ids, purchases)
  }

  // MARK: Taobao

  @Sendable private static func addTaobao(_ world: inout World, _ call: Call) throws(Refusal) -> JSON {
    let (item, sku) = (try call.text("mpId"), try call.text("mpSkuId"))
    let quantity = try call.value("quantity") == nil ? 1 : quantity(call)
    guard let (product, variant) = world.taobaoVariant(product: item, variant: sku) else {
      throw .unknown("item", "\(item) with mpSkuId \(sku)")
    }
    world.addToCart(
      .taobao, product: product.id, variant: variant.id, quantity: quantity, userID: try call.optionalText("userId"))
    return ["success": true]
  }

  @Sendable private static func previewTaobao(_ world: inout World, _ call: Call) throws(Refusal) -> JSON {
    _ = try call.object("orderAddress")
    return world.renderAnswer(try purchases(world, call, .taobao, "ids").purchases)
  }

  @Sendable private static func checkoutTaobao(_ world: inout World, _ call: Call) throws(Refusal) -> JSON {
    let address = try call.object("orderAddress")
    let (ids, chosen) = try purchases(world, call, .taobao, "ids")
    let answer = world.place(chosen, number: nil, receiver: address, source: nil)
    for id in ids { _ = world.change(.taobao) { $0.remove(id) } }
    return answer
  }

  // MARK: 1688

  @Sendable private static func addAlibaba(_ world: inout World, _ call: Call) throws(Refusal) -> JSON {
    let (offer, spec) = (try call.text("offerId"), try call.text("specId"))
    let quantity = try quantity(call)
    guard let (product, variant) = world.alibabaVariant(product: offer, variant: spec) else {
      throw .unknown("offer", "\(offer) with specId \(spec)")
    }
    world.addToCart(
      .alibaba, product: product.id, variant: variant.specID, quantity: quantity,
      userID: try call.optionalText("userId"))
    return true
  }

  @Sendable private static func previewAlibaba(_ world: inout World, _ call: Call) throws(Refusal) -> JSON {
    _ = try call.object("addressParam")
    return world.previewAnswer(try purchases(world, call, .alibaba, "cartIds").purchases)
  }

  @Sendable private static func checkoutAlibaba(_ world: inout World, _ call: Call) throws(Refusal) -> JSON {
    let flow = try call.text("flow")
    let address = try call.object("addressParam")
    let remark = try call.optionalText("message")
    let (ids, chosen) = try purchases(world, call, .alibaba, "cartIds")
    let answer = world.place(chosen, failed: [], flow: flow, number: nil, address: address, remark: remark)
    for id in ids { _ = world.change(.alibaba) { $0.remove(id) } }
    return answer
  }
}

extension World {
  func goods(_ item: CartItem, _ market: Market) -> (Product, Variant)? {
    market == .taobao
      ? taobaoVariant(product: item.productID, variant: item.variantID)
      : alibabaVariant(product: item.productID, variant: item.variantID)
  }
}

extension CartItem {
  fileprivate func taobaoRow(_ product: Product, _ variant: Variant) -> JSON {
    [
      "id": .idNumber(id), "itemId": .idNumber(product.id), "skuId": .string(variant.id),
      "mpId": .string(product.distributionID), "mpSkuId": .string(variant.distributionID),
      "itemTitle": .string(product.title), "itemPic": .string(product.image), "price": .integer(variant.price),
      "promotionPrice": .integer(variant.price), "quantity": .integer(quantity),
      "skuQuantity": .string(String(variant.stock)),
      "properties": .string(JSON.array([variant.property.answer]).text()),
    ]
  }

  fileprivate func alibabaRow(_ product: Product, _ variant: Variant) -> JSON {
    [
      "id": .idNumber(id), "offerMapId": .string(product.id), "offerId": .idNumber(product.id),
      "specId": .string(variant.specID), "skuId": .string(variant.id), "itemTitle": .string(product.title),
      "itemPic": .string(product.image), "price": .yuan(variant.price), "quantity": .integer(quantity),
      "amountOnSale": .integer(variant.stock),
      "properties": .string("\(variant.property.name):\(variant.property.value)"),
    ]
  }
}

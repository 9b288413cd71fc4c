import JSON

extension Scenario {
  /// The world of `ebb demo`: 440 reverse orders, 200 of them stale and cancellable under the playbook's defaults.
  ///
  /// Stale is: applied for more than 7 days ago. Cancellable is: in 10, 20 or -10, no return waybill, and in 10 more
  /// than 24 h before the seller's silence grants it. The 200 are worth under 20,000 CNY in all.
  public static let demo = Scenario(name: "demo") { world in
    world.stock()
    var builder = DemoBuilder()
    // Stale and cancellable.
    builder.add(80, .init(.waitingForSeller, goodsStatus: 3, days: 8...24, hoursLeft: 30...110), to: &world)
    builder.add(
      60, .init(.waitingForReturn, kind: .returnAndRefund, goodsStatus: 4, days: 8...20, hoursLeft: 6...150), to: &world
    )
    builder.add(60, .init(.refused, goodsStatus: 4, days: 8...22, hoursLeft: 5...110), to: &world)
    // Stale, and to be kept.
    builder.add(24, .init(.waitingForSeller, goodsStatus: 3, days: 8...12, hoursLeft: 1...22), to: &world)
    builder.add(
      18, .init(.refused, kind: .returnAndRefund, goodsStatus: 4, days: 12...24, hoursLeft: 10...100, parcel: true),
      to: &world)
    builder.add(
      26, .init(.returning, kind: .returnAndRefund, goodsStatus: 4, days: 9...20, hoursLeft: 20...200), to: &world)
    builder.add(6, .init(.paying, goodsStatus: 3, days: 8...10, hoursLeft: 1...5), to: &world)
    builder.add(38, .init(.succeeded, goodsStatus: 3, days: 8...40, hoursLeft: 0...0), to: &world)
    builder.add(28, .init(.closed, goodsStatus: 2, days: 8...40, hoursLeft: 0...0), to: &world)
    // Not stale.
    builder.add(56, .init(.waitingForSeller, goodsStatus: 1, days: 0...1, hoursLeft: 24...47), to: &world)
    builder.add(
      26, .init(.waitingForReturn, kind: .returnAndRefund, goodsStatus: 4, days: 1...5, hoursLeft: 30...160), to: &world
    )
    builder.add(18, .init(.refused, goodsStatus: 4, days: 1...5, hoursLeft: 20...110), to: &world)
  }

  /// A few orders of every state on both marketplaces, with a claim here and there.
  public static let small = Scenario(name: "small") { world in
    world.stock()
    var builder = DemoBuilder()
    for status in RefundStatus.allCases {
      let kind: RefundKind = status == .waitingForReturn || status == .returning ? .returnAndRefund : .refundOnly
      builder.add(
        2, .init(status, kind: kind, goodsStatus: kind == .refundOnly ? 3 : 4, days: 2...9, hoursLeft: 20...60),
        to: &world)
    }
    for (index, status) in TaobaoOrderStatus.allCases.enumerated() {
      world.addTaobaoOrder(
        builder.purchases(world.taobaoGoods.rows, index), status: status, age: Int64(index) * Span.hour,
        number: "ebb-small-\(index)", receiver: DemoBuilder.receiver)
    }
    for (index, status) in AlibabaOrderStatus.allCases.enumerated() {
      let id = world.addAlibabaOrder(
        builder.purchases(world.alibabaGoods.rows, index), status: status, age: Int64(index + 1) * Span.hour,
        number: "ebb-small-\(index)", address: DemoBuilder.receiver)
      guard let id, let order = world.alibabaOrders[id] else { continue }
      let goodsStatus: String? =
        switch status {
        case .waitingForShipment: "refundWaitSellerSend"
        case .waitingForReceipt: "refundBuyerReceived"
        case .succeeded: "aftersaleBuyerReceived"
        default: nil
        }
      guard let goodsStatus else { continue }
      let claim = World.AlibabaClaim(
        entryIDs: order.entries.map(\.id), returning: goodsStatus != "refundWaitSellerSend", goodsStatus: goodsStatus,
        payment: order.goodsFee, carriage: order.carriage)
      world.addAlibabaRefund(order: id, claim)
    }
    for (index, product) in world.taobaoGoods.rows.prefix(2).enumerated() {
      world.addToCart(.taobao, product: product.id, variant: product.variants[0].id, quantity: Int64(index + 1))
    }
    for (index, product) in world.alibabaGoods.rows.prefix(2).enumerated() {
      world.addToCart(.alibaba, product: product.id, variant: product.variants[0].specID, quantity: Int64(index + 1))
    }
    world.saveAddress([
      "name": "仓库", "province": "浙江省", "city": "杭州市", "district": "余杭区", "address": "文一西路969号",
      "phone": "10000000001",
    ])
  }
}

/// Adds orders with reverse orders, one line each, going round sellers and goods.
struct DemoBuilder {
  /// A group of like reverse orders.
  struct Group {
    let status: RefundStatus
    let kind: RefundKind
    let goodsStatus: Int64
    let days: ClosedRange<Int64>
    let hoursLeft: ClosedRange<Int64>
    let parcel: Bool

    init(
      _ status: RefundStatus, kind: RefundKind = .refundOnly, goodsStatus: Int64, days: ClosedRange<Int64>,
      hoursLeft: ClosedRange<Int64>, parcel: Bool = false
    ) {
      self.status = status
      self.kind = kind
      self.goodsStatus = goodsStatus
      self.days = days
      self.hoursLeft = hoursLeft
      self.parcel = parcel
    }
  }

  static let receiver: JSON = [
    "name": "a测试", "country": "中国", "state": "浙江省", "city": "杭州市", "district": "余杭区", "address": "测试地址1号",
    "zip": "311121", "phone": "10000000002", "mobile_phone": "10000000002",
  ]

  private var count = 0

  func purchases(_ goods: [Product], _ index: Int) -> [World.Purchase] {
    let product = goods[index % goods.count]
    let other = goods.first { $0.sellerID == product.sellerID && $0.id != product.id }
    let all = [product] + (index % 3 == 0 ? [other].compactMap(\.self) : [])
    return all.enumerated().map { place, product in
      World.Purchase(
        productID: product.id, variantID: product.variants[index % product.variants.count].id, quantity: 1,
        number: String(place + 1))
    }
  }

  mutating func add(_ number: Int, _ group: Group, to world: inout World) {
    for _ in 0..<number {
      count += 1
      var draws = world.generator("demo/\(count)")
      let product = world.taobaoGoods.rows[count % world.taobaoGoods.count]
      let variant = product.variants[draws.draw(0...(product.variants.count - 1))]
      let age = draws.draw(group.days) * Span.day + draws.draw(1...1380) * Span.minute
      let status: TaobaoOrderStatus =
        switch group.status {
        case .succeeded: .closed
        case _ where group.goodsStatus == 1: .waitingForShipment
        default: .waitingForReceipt
        }
      let order = world.addTaobaoOrder(
        [.init(productID: product.id, variantID: variant.id, quantity: 1 + Int64(count % 2), number: "1")],
        status: status, age: age + draws.draw(2...30) * Span.hour, number: "ebb-\(10_000 + count)",
        receiver: DemoBuilder.receiver, source: "lazada")
      guard let order, let line = world.taobaoOrders[order]?.lines.first else { continue }
      var claim = World.ReverseOrderSpecification()
      claim.status = group.status
      claim.kind = group.kind
      claim.goodsStatus = group.goodsStatus
      claim.age = age
      let timeLeft = draws.draw(group.hoursLeft) * Span.hour + draws.draw(1...50) * Span.minute
      // A fresh claim is still in its first window; an old one was refused and modified since.
      let window = world.window(group.status, goodsStatus: group.goodsStatus)
      claim.timeLeft = group.status == .waitingForSeller && age < window ? window - age : min(timeLeft, window)
      claim.hasReturnParcel = group.parcel
      claim.fee = min(line.productFee, draws.draw(2000...11_800))
      claim.reasonID = draws.pick(RefundReason.offered(goodsStatus: group.goodsStatus))?.id ?? 403_769
      world.addReverseOrder(order: order, line: line.id, claim)
    }
  }
}

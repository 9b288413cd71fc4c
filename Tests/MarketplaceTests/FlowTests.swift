import Catalogue
import JSON
import Testing

@testable import Marketplace

/// What a client lives through, step by step, in memory and over HTTP.
@Suite struct FlowTests {
  static func options() -> SimulatorOptions {
    var options = SimulatorOptions()
    options.clock = .fixed(TimeTests.start)
    options.scenario = Scenario(name: "silent") { world in
      world.stock()
      for seller in world.allSellers { world.setCharacter(.silent, ofSeller: seller.id) }
    }
    return options
  }

  static func status(_ answer: Seen) -> String? {
    answer.data.at("/refundOrderAggregate/refundOrder/refundStatus").string
  }

  @Test(arguments: Road.allCases) func aTaobaoReturnFromOrderToMoney(_ road: Road) async throws {
    try await Harness.with(road, FlowTests.options()) { client in
      let item = await client.marketplace.withWorld { $0.taobaoProducts[0] }
      let lines: JSON = [
        [
          "itemId": .string(item.distributionID), "skuId": .string(item.variants[0].distributionID), "quantity": "2",
          "orderLineNo": "1", "price": "1", "currency": "CNY",
        ]
      ]
      let order: JSON = [
        "orderLineList": .string(lines.text()), "receiver": .string(World.taobaoAddress.text()),
        "purchaseAmount": 10_000_000, "sellerOrderNumber": "shop-1",
      ]
      let created = try await client.call("POST", "/open/order", order)
      let id = try #require(created.data.at("/orderList/0/orderId").string)
      let again = try await client.call("POST", "/open/order", order)
      #expect(again.data.at("/orderList/0/orderId").string == id)
      let paid = try await client.call("POST", "/open/order/pay", ["orderIds": [.string(id)]])
      #expect(paid.data["success"] == true)
      let twice = try await client.call("POST", "/open/order/pay", ["orderIds": [.string(id)]])
      #expect(twice.data["success"] == false)
      #expect(twice.data.at("/payFailedResults/0/gspOrderId").string == id)
      await client.marketplace.withWorld { _ = $0.apply(.ship, toTaobaoOrder: id) }
      let line = try #require(created.data.at("/orderList/0/orderLineList/0/subPurchaseOrderId").string)

      let claim: JSON = ["purchaseOrderLineId": .string(line), "refundType": 2, "goodsStatus": 4]
      let offered = try await client.call("POST", "/open/order/refund/render", claim)
      let most = try #require(offered.data.at("/refundOrderTemplate/maxRefundFee/refundFee").integer)
      #expect(most == item.variants[0].price * 2)
      var request = claim
      request["reasonId"] = offered.data.at("/refundOrderTemplate/refundReasons/0/reasonId")
      request["refundFee"] = .integer(most)
      let refund = try await client.call("POST", "/open/order/refund/submit", request)
      let refundID = try #require(refund.data["refundId"]?.string)
      #expect(FlowTests.status(refund) == "10")
      request["refundFee"] = 1
      let second = try await client.call("POST", "/open/order/refund/submit", request)
      #expect(second.data["refundId"]?.string == refundID)
      #expect(second.data.at("/refundOrderAggregate/refundOrder/refundFee") == .integer(most))

      let query = "/open/order/refund/query?refundId=\(refundID)"
      await client.marketplace.advance(by: 5 * Span.day)
      let agreed = try await client.call("GET", query)
      #expect(FlowTests.status(agreed) == "20")
      #expect(agreed.data.at("/refundOrderAggregate/logistics/receiverAddress/phone").string?.isEmpty == false)
      #expect(agreed.data.at("/refundOrderAggregate/refundOrder/remainingTime") == .string(String(7 * Span.day)))
      let render = try await client.call("GET", "/open/order/refund/render/logistics?refundId=\(refundID)")
      let carrier = try #require(render.data.at("/logisticsCompanies/0/logisticCompanyCode").string)
      let sent = try await client.call(
        "POST", "/open/order/refund/submit/logistics",
        [
          "refundId": .string(refundID), "logisticsNo": "SF1218132354677", "logisticsCompanyCode": .string(carrier),
          "buyerPhone": "10000000004",
        ])
      #expect(FlowTests.status(sent) == "30")
      #expect(sent.data.at("/refundOrderAggregate/refundOrder/goodsStatus") == 5)
      #expect(try await client.call("GET", "/open/order/refund/cancel/\(refundID)").data["cancelSuccess"] == false)
      await client.marketplace.advance(by: 10 * Span.day + Span.hour)
      #expect(FlowTests.status(try await client.call("GET", query)) == "100")
      let done = try await client.call("GET", "/open/order/get?orderId=\(id)")
      #expect(done.data["status"] == "TRADE_CLOSED")
      #expect(done.data.at("/orderLineList/0/refundStatus") == "100")
      let messages = try await client.call(
        "POST", "/open/order/refund/message/queryList", ["refundId": .string(refundID), "pageNo": 1, "pageSize": 50])
      let roles = (messages.data["data"]?.array ?? []).compactMap { $0["role"]?.integer }
      #expect(roles.contains(4) && roles.contains(6) && roles.first == 5)
    }
  }

  @Test func cancellingATaobaoOrderTakesAWhile() async throws {
    try await Harness.with(.memory, FlowTests.options()) { client in
      let id = try await client.marketplace.withWorld { world in
        let id = world.addTaobaoOrder([.init(productID: world.taobaoProducts[0].id)], status: .waitingForPayment)
        return try #require(id)
      }
      let path = "/open/order/get?orderId=\(id)"
      let queued = try await client.call(
        "POST", "/open/order/cancel", ["orderId": .string(id), "cancelReason": "不想要了"])
      #expect(queued.data["success"] == true)
      #expect(try await client.call("GET", path).data["status"] == "WAIT_BUYER_PAY")
      await client.marketplace.advance(by: 30 * Span.second)
      #expect(try await client.call("GET", path).data["status"] == "TRADE_CLOSED")
    }
  }

  @Test(arguments: Road.allCases) func anAlibabaOrderFromPreviewToReturn(_ road: Road) async throws {
    try await Harness.with(road, FlowTests.options()) { client in
      let offer = await client.marketplace.withWorld { $0.alibabaProducts[0] }
      var order: JSON = [
        "flow": "general", "addressParam": World.alibabaAddress, "outOrderId": "shop-2",
        "cargoParamList": [
          ["offerId": .idNumber(offer.id), "specId": .string(offer.variants[0].specID), "quantity": 4]
        ],
      ]
      let preview = try await client.call("POST", "/alibaba/order/create/preview", order)
      let created = try await client.call("POST", "/alibaba/order/create", order)
      #expect(created.data["totalSuccessAmount"] == preview.data.at("/orderPreviewResuslt/0/sumPayment"))
      let id = try #require(created.data["orderId"]?.string)
      #expect(try await client.call("POST", "/alibaba/order/create", order).data["orderId"]?.string == id)
      order["outOrderId"] = "shop-3"
      #expect(try await client.call("POST", "/alibaba/order/create", order).data["orderId"]?.string != id)
      let cancel: JSON = ["webSite": "1688", "orderId": .idNumber(id), "cancelReason": "不想要了"]
      #expect(try await client.call("POST", "/alibaba/order/cancel", cancel).code == 409)
      #expect(try await client.call("GET", "/alibaba/order/pay/url?orderId=\(id)").data["protocolPaySuccess"] == true)
      await client.marketplace.withWorld { _ = $0.apply(.ship, toAlibabaOrder: id) }
      let detail: JSON = ["webSite": "1688", "orderId": .string(id)]
      let shipped = try await client.call("POST", "/alibaba/order/detail", detail)
      #expect(shipped.data.at("/baseInfo/status") == "waitbuyerreceive")
      let entry = shipped.data.at("/productItems/0/subItemID")
      let refund = try await client.call(
        "POST", "/alibaba/refund/detail/create",
        [
          "orderId": .idNumber(id), "orderEntryIds": [entry], "disputeRequest": "returnRefund", "applyPayment": 100,
          "applyCarriage": 0, "applyReasonId": 20_028, "description": "七天无理由退货", "goodsStatus": "refundBuyerReceived",
        ])
      let refundID = try #require(refund.data["refundId"]?.string)
      #expect(refundID.hasPrefix("TQ"))
      let info = "/alibaba/refund/info?refundId=\(refundID)&needTimeOutInfo=true"
      #expect(try await client.call("POST", info).data["status"] == "waitselleragree")
      await client.marketplace.advance(by: 5 * Span.day)
      let agreed = try await client.call("POST", info)
      #expect(agreed.data["status"] == "waitbuyersend")
      #expect(agreed.data["gmtTimeOut"] == "20261113080000000+0800")
      let sent: JSON = ["refundId": .string(refundID), "logisticsCompanyNo": "SF", "freightBill": "SF1218132354688"]
      #expect(try await client.call("POST", "/alibaba/refund/goods/return", sent).code == 200)
      #expect(try await client.call("POST", "/alibaba/refund/goods/return", sent).code == 409)
      let receipt: JSON = ["orderId": .idNumber(id), "orderEntryIds": [entry]]
      #expect(try await client.call("POST", "/alibaba/order/receivegoods", receipt).data["success"] == true)
      #expect(try await client.call("POST", info).data["status"] == "refundclose")
    }
  }

  @Test func aCartBecomesOneOrderForEachSeller() async throws {
    try await Harness.with(.memory, FlowTests.options()) { client in
      let goods = await client.marketplace.withWorld { $0.taobaoProducts.prefix(2) }
      for item in goods {
        let added = try await client.call(
          "POST", "/open/cart/add",
          ["mpId": .string(item.distributionID), "mpSkuId": .string(item.variants[0].distributionID), "quantity": 1])
        #expect(added.data["success"] == true)
      }
      let listed = try await client.call("GET", "/open/cart/list")
      let ids = (listed.data["enableList"]?.array ?? []).map { $0.at("/cartItemInfos/0/id") }
      #expect(ids.count == 2)
      let body: JSON = ["ids": .array(ids), "orderAddress": World.taobaoAddress]
      let preview = try await client.call("POST", "/open/cart/confirm/order", body)
      let checkout = try await client.call("POST", "/open/cart/create/order", body)
      let amounts = (checkout.data["orderList"]?.array ?? []).compactMap { $0["estimateAmount"]?.integer }
      #expect(amounts.count == 2)
      #expect(preview.data["totalRealPayPrice"] == .integer(amounts.reduce(0, +)))
      #expect(try await client.call("GET", "/open/cart/list").data["enableList"] == [])
      #expect(try await client.call("POST", "/open/cart/create/order", body).code == 404)
    }
  }

  /// Whatever is done in whatever order, what upstream.md 7.1 rules out does not happen.
  @Test(arguments: 1...12 as ClosedRange<UInt64>) func randomLives(_ seed: UInt64) throws {
    var world = Scenario.small.world(seed: seed, now: TimeTests.start)
    var draws = SeededGenerator(seed: seed ^ 0xEBB)
    var seen: [String: RefundStatus] = [:]
    for _ in 0..<150 {
      let refund = draws.pick(world.allReverseOrders)?.id ?? ""
      let line = draws.pick(world.allTaobaoOrders.flatMap(\.lines))?.id ?? ""
      let calls: [(String, JSON)] = [
        ("taobao.refunds.cancel", ["refundId": .string(refund)]),
        ("taobao.refunds.modify", ["refundId": .string(refund), "refundFee": .integer(draws.draw(-5...9000))]),
        (
          "taobao.refunds.submitReturn",
          [
            "refundId": .string(refund), "logisticsNo": .string("SF\(draws.draw(10_000_000...99_999_999) as Int)"),
            "logisticsCompanyCode": "SF", "buyerPhone": "1",
          ]
        ),
        (
          "taobao.refunds.create",
          [
            "purchaseOrderLineId": .string(line), "refundType": .integer(draws.draw(1...2)),
            "goodsStatus": .integer(draws.draw(1...4)), "reasonId": 403_769,
            "refundFee": .integer(draws.draw(1...9000)),
          ]
        ),
      ]
      if let (operation, body) = draws.pick(calls) {
        _ = Result { () throws(Refusal) in try world.carryOut(Call(operation: operation, body: body)) }
      }
      world.advance(to: world.now + draws.draw(0...30) * Span.hour)
      var active: Set<String> = []
      for order in world.allReverseOrders {
        if let before = seen[order.id], before.isTerminal { #expect(order.status == before) }
        seen[order.id] = order.status
        #expect(order.fee > 0 && order.fee <= order.maximumFee)
        if !order.status.isTerminal {
          #expect(active.insert(order.lineID).inserted)
          #expect(order.deadline > world.now)
        }
        if order.status == .returning { #expect(order.returnParcel != nil) }
      }
    }
  }
}

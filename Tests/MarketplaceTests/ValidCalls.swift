import Catalogue
import JSON
import Testing

@testable import Marketplace

/// One valid call of an operation, built from what the world holds.
struct ValidCall: Sendable {
  var path: [String: String] = [:]
  var query: [String: JSON] = [:]
  var body: JSON?

  /// The call as a script would write it: JSON text as the value it holds, and nothing that is not documented.
  func script(of operation: Operation) -> JSON {
    var script: JSONObject = [:]
    for (name, value) in path { script[name] = .string(value) }
    for (name, value) in query { script[name] = value }
    for (name, value) in body?.object ?? [:] {
      guard let property = operation.body?[name] else { continue }
      script[name] = property.schema.content == nil ? value : value.string.flatMap { try? JSON(parsing: $0) } ?? value
    }
    return .object(script)
  }
}

extension World {
  static let taobaoAddress: JSON = [
    "zip": "311121", "country": "中国", "state": "浙江省", "city": "杭州市", "district": "余杭区", "address": "测试地址1号",
    "phone": "10000000002", "mobile_phone": "10000000002", "name": "测试",
  ]
  static let alibabaAddress: JSON = [
    "fullName": "测试", "mobile": "10000000003", "phone": "0571-10000003", "postCode": "310052", "cityText": "杭州市",
    "provinceText": "浙江省", "areaText": "滨江区", "townText": "长河镇", "address": "网商路699号",
  ]
  static let abroad: JSON = [
    "name": "Simon Lee", "phone": "8185550142", "address": "1 Some Street", "country": "US", "state": "California",
    "city": "Valley", "zip": "91607",
  ]

  /// The first reverse order in a state.
  func reverseOrder(_ status: RefundStatus) throws -> ReverseOrder {
    try #require(reverseOrders.rows.first { $0.status == status })
  }

  func taobaoOrder(_ status: TaobaoOrderStatus) throws -> TaobaoOrder {
    try #require(taobaoOrders.rows.first { $0.status == status && $0.lines.allSatisfy { $0.refundID == nil } })
  }

  func alibabaOrder(_ status: AlibabaOrderStatus, claimed: Bool = false) throws -> AlibabaOrder {
    try #require(alibabaOrders.rows.first { $0.status == status && $0.refundIDs.isEmpty != claimed })
  }

  /// A valid call of an operation that is no event; it may first bring the world into a state that allows it.
  mutating func validCall(_ id: String) throws -> ValidCall {
    let item = try #require(taobaoGoods.rows.first)
    let offer = try #require(alibabaGoods.rows.first)
    let page: JSON = ["keyword": "毯", "beginPage": 1, "pageSize": 20, "country": "en"]
    let cargo: JSON = [
      [
        "offerId": .idNumber(offer.id), "specId": .string(offer.variants[0].specID), "quantity": 5,
      ]
    ]
    let freight: JSON = [
      [
        "itemId": .string(item.distributionID), "skuId": .string(item.variants[0].distributionID), "quantity": 2,
        "freightInfo": ["serviceId": "1", "companyName": "YunExpress", "serviceCategory": "standard"],
        "currency": "CNY", "price": "100",
      ]
    ]
    switch id {
    case "taobao.products.searchByImage":
      return ValidCall(body: ["picUrl": "https://example.com/shoe.jpg", "language": "en"])
    case "taobao.products.search": return ValidCall(body: ["keyword": "毯", "pageNo": 1, "pageSize": 5])
    case "taobao.products.batchGet":
      let wanted: JSON = [["itemId": .string(item.id), "skuIds": [.string(item.variants[0].id)]]]
      return ValidCall(body: ["params": .string(wanted.text())])
    case "taobao.products.get", "taobao.products.inquire": return ValidCall(query: ["itemId": .string(item.id)])
    case "taobao.products.source": return ValidCall(body: ["itemId": .string(item.id), "language": "vi"])
    case "taobao.orders.create", "taobao.orders.render":
      let lines: JSON = [
        [
          "itemId": .string(item.id), "orderLineNo": "1", "quantity": "2", "price": "1", "currency": "CNY",
          "skuId": .string(item.variants[0].id),
        ]
      ]
      let body: JSON = [
        "orderLineList": .string(lines.text()), "receiver": .string(World.taobaoAddress.text()),
        "purchaseAmount": 100_000_000, "sellerOrderNumber": "ebb-test-1",
      ]
      return ValidCall(body: body)
    case "taobao.orders.list": return ValidCall(query: ["pageNo": 1, "pageSize": 10])
    case "taobao.orders.uploadVoucher":
      let order = try taobaoOrder(.waitingForPayment)
      return ValidCall(body: ["orderId": .string(order.id), "voucherUrl": "https://example.com/v.jpg"])
    case "taobao.orders.cancel":
      return ValidCall(body: ["orderId": .string(try taobaoOrder(.waitingForPayment).id), "cancelReason": "不想要了"])
    case "taobao.orders.updateWarehouse":
      let order = try taobaoOrder(.waitingForShipment)
      return ValidCall(body: ["orderId": .string(order.id), "warehouseName": "一号仓库", "warehouseAddress": "广西省"])
    case "taobao.orders.pay":
      return ValidCall(body: ["orderIds": [.string(try taobaoOrder(.waitingForPayment).id)]])
    case "taobao.orders.imLink": return ValidCall(body: ["sourceType": "item", "bizId": .string(item.id)])
    case "taobao.orders.get": return ValidCall(query: ["orderId": .string(try taobaoOrder(.finished).id)])
    case "taobao.orders.logistics":
      return ValidCall(query: ["subPurchaseOrderId": .string(try taobaoOrder(.finished).lines[0].id)])
    case "taobao.refunds.list": return ValidCall(body: ["pageNo": 1, "pageSize": 50])
    case "taobao.refunds.get": return ValidCall(query: ["refundId": .string(try reverseOrder(.returning).id)])
    case "taobao.refunds.cancel": return ValidCall(path: ["refundId": try reverseOrder(.waitingForSeller).id])
    case "taobao.refunds.render":
      let line = try taobaoOrder(.waitingForShipment).lines[0].id
      return ValidCall(body: ["purchaseOrderLineId": .string(line), "refundType": 1, "goodsStatus": 1])
    case "taobao.refunds.create":
      let line = try taobaoOrder(.waitingForShipment).lines[0].id
      return ValidCall(body: [
        "purchaseOrderLineId": .string(line), "refundType": 1, "goodsStatus": 1, "reasonId": 403_769, "refundFee": 100,
        "images": ["https://example.com/1.jpg"],
      ])
    case "taobao.refunds.modify":
      return ValidCall(body: [
        "refundId": .string(try reverseOrder(.refused).id), "refundType": 1, "goodsStatus": 3, "reasonId": 403_769,
        "refundFee": 100,
      ])
    case "taobao.refunds.renderReturn":
      return ValidCall(query: ["refundId": .string(try reverseOrder(.waitingForReturn).id)])
    case "taobao.refunds.submitReturn":
      return ValidCall(body: [
        "refundId": .string(try reverseOrder(.waitingForReturn).id), "logisticsNo": "SF1218132354600",
        "logisticsCompanyCode": "SF", "buyerPhone": "10000000001",
      ])
    case "taobao.refunds.messages":
      return ValidCall(body: ["refundId": .string(try reverseOrder(.refused).id), "pageNo": 1, "pageSize": 20])
    case "taobao.refunds.sendMessage":
      return ValidCall(body: ["refundId": .string(try reverseOrder(.refused).id), "refundMessage": "请尽快处理"])
    case "taobao.cart.list": return ValidCall()
    case "taobao.cart.add":
      return ValidCall(body: [
        "mpId": .string(item.distributionID), "mpSkuId": .string(item.variants[0].distributionID), "quantity": 3,
      ])
    case "taobao.cart.remove": return ValidCall(body: ["ids": [.idNumber(try #require(taobaoCart.rows.first).id)]])
    case "taobao.cart.setQuantity":
      return ValidCall(body: ["id": .idNumber(try #require(taobaoCart.rows.first).id), "quantity": 4])
    case "taobao.cart.preview", "taobao.cart.checkout":
      let ids = taobaoCart.rows.map { JSON.idNumber($0.id) }
      return ValidCall(body: ["ids": .array(ids), "orderAddress": World.taobaoAddress])
    case "alibaba.products.get": return ValidCall(body: ["offerId": .idNumber(offer.id), "country": "en"])
    case "alibaba.products.wangwangUrl":
      return ValidCall(body: [
        "offerId": .idNumber(offer.id), "openUid": .string(sellers[offer.sellerID]?.openID ?? ""),
      ])
    case "alibaba.products.search", "alibaba.selections.global", "alibaba.selections.strict":
      return ValidCall(body: page)
    case "alibaba.products.searchByImage":
      return ValidCall(body: ["imageAddress": "https://example.com/a.jpg", "beginPage": 1, "pageSize": 10])
    case "alibaba.products.searchSeller":
      return ValidCall(body: [
        "beginPage": 1, "pageSize": 10, "country": "en", "sellerOpenId": .string(sellers[offer.sellerID]?.openID ?? ""),
      ])
    case "alibaba.products.categories": return ValidCall(body: ["categoryId": 0, "language": "en"])
    case "alibaba.products.recommend":
      return ValidCall(body: ["beginPage": 1, "pageSize": 5, "country": "en", "outMemberId": "21000070000"])
    case "alibaba.products.related":
      return ValidCall(body: ["offerId": .string(offer.id), "pageNo": 1, "pageSize": 5, "language": "en"])
    case "alibaba.selections.hot":
      return ValidCall(body: ["rankId": "0", "rankType": "hot", "limit": 10, "language": "en"])
    case "alibaba.orders.preview", "alibaba.orders.previewBatch":
      return ValidCall(body: ["addressParam": World.alibabaAddress, "cargoParamList": cargo])
    case "alibaba.orders.create", "alibaba.orders.createBatch":
      return ValidCall(body: [
        "flow": "general", "addressParam": World.alibabaAddress, "cargoParamList": cargo, "outOrderId": "ebb-test-2",
      ])
    case "alibaba.orders.cancel":
      return ValidCall(body: [
        "webSite": "1688", "orderId": .idNumber(try alibabaOrder(.waitingForPayment).id), "cancelReason": "不想要了",
      ])
    case "alibaba.orders.pay": return ValidCall(query: ["orderId": .string(try alibabaOrder(.waitingForPayment).id)])
    case "alibaba.orders.payBatch":
      return ValidCall(body: ["orderIds": [.string(try alibabaOrder(.waitingForPayment).id)]])
    case "alibaba.orders.confirmReceipt":
      let order = try alibabaOrder(.waitingForReceipt, claimed: true)
      return ValidCall(body: [
        "orderId": .idNumber(order.id), "orderEntryIds": .array(order.entries.map { .idNumber($0.id) }),
      ])
    case "alibaba.orders.get":
      let order = try alibabaOrder(.succeeded, claimed: true)
      return ValidCall(body: ["webSite": "1688", "orderId": .string(order.id)])
    case "alibaba.orders.list": return ValidCall(body: ["page": 1, "pageSize": 20])
    case "alibaba.orders.logistics":
      let order = try alibabaOrder(.waitingForReceipt, claimed: true)
      return ValidCall(query: ["orderId": .string(order.id), "webSite": "1688"])
    case "alibaba.refunds.get":
      let refund = try #require(alibabaRefunds.rows.first)
      return ValidCall(query: [
        "refundId": .string(refund.id), "needTimeOutInfo": true, "needOrderRefundOperation": true,
      ])
    case "alibaba.refunds.reasons", "alibaba.refunds.create":
      let purchase = World.Purchase(productID: offer.id, quantity: 2)
      let order = try #require(addAlibabaOrder([purchase], address: World.alibabaAddress).flatMap { alibabaOrders[$0] })
      return ValidCall(body: [
        "orderId": .idNumber(order.id), "orderEntryIds": [.idNumber(order.entries[0].id)], "disputeRequest": "refund",
        "applyPayment": .integer(order.goodsFee), "applyCarriage": 0, "applyReasonId": 20_019, "description": "不想要了",
        "goodsStatus": "refundWaitSellerSend",
      ])
    case "alibaba.refunds.uploadVoucher": return ValidCall(body: ["imageData": "/9j/4AAQSkZJRgABAQAAAQABAAD"])
    case "alibaba.refunds.submitReturn":
      let refund = try #require(alibabaRefunds.rows.first { $0.status == .waitingForSeller && $0.returning })
      apply(.agree, toAlibabaRefund: refund.id)
      return ValidCall(body: [
        "refundId": .string(refund.id), "logisticsCompanyNo": "SF", "freightBill": "SF1218132354601",
      ])
    case "alibaba.refunds.logisticsCompanies", "alibaba.cart.list": return ValidCall()
    case "alibaba.cart.add":
      return ValidCall(body: [
        "offerId": .idNumber(offer.id), "specId": .string(offer.variants[0].specID), "quantity": 5,
      ])
    case "alibaba.cart.remove":
      return ValidCall(body: ["cartIds": [.idNumber(try #require(alibabaCart.rows.first).id)]])
    case "alibaba.cart.setQuantity":
      return ValidCall(body: ["id": .idNumber(try #require(alibabaCart.rows.first).id), "quantity": 6])
    case "alibaba.cart.preview", "alibaba.cart.checkout":
      let ids = alibabaCart.rows.map { JSON.idNumber($0.id) }
      return ValidCall(body: ["flow": "general", "cartIds": .array(ids), "addressParam": World.alibabaAddress])
    case "account.addresses.get": return ValidCall()
    case "account.addresses.save":
      return ValidCall(body: [
        "name": "王小明", "province": "浙江省", "city": "杭州市", "district": "余杭区", "address": "3号仓", "phone": "10000000009",
      ])
    case "warehouse.freight.estimate":
      return ValidCall(body: [
        "itemId": .string(item.distributionID), "skuId": .string(item.variants[0].distributionID), "quantity": 1,
        "currency": "CNY", "price": "100", "receiverAddress": World.abroad,
      ])
    case "warehouse.freight.preview": return ValidCall(body: ["receiverAddress": World.abroad, "renderItems": freight])
    case "warehouse.shipments.updateDomestic":
      return ValidCall(body: [
        "orderId": .string(try #require(taobaoOrders.rows.first).id),
        "logisticInfos": [
          [
            "lineItem": ["itemId": .string(item.id), "skuId": .string(item.variants[0].id), "quantity": 1],
            "logisticNumer": "FARJP2408000013YQ",
            "domesticLogisticInfo": [
              ["logisticNumer": "SF1234521212678", "logisticCompanyName": "顺丰", "rtsTime": "1754342534"]
            ],
          ]
        ],
      ])
    case "warehouse.shipments.createInternational":
      return ValidCall(body: ["receiverAddress": World.abroad, "lineItems": freight])
    default:
      Issue.record("no valid call of \(id)")
      return ValidCall()
    }
  }
}

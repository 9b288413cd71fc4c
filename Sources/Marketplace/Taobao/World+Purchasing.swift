import JSON

extension World {
  /// A purchase of goods that exist, with what it costs in fen.
  struct PricedPurchase: Sendable, Hashable {
    let product: Product
    let variant: Variant
    let quantity: Int64
    var number: String?
    let cost: Int64
  }

  /// Purchases by seller, in the order in which sellers first appear: one order is of one seller.
  static func bySeller(_ purchases: [PricedPurchase]) -> [(seller: String, purchases: [PricedPurchase])] {
    var groups: [(seller: String, purchases: [PricedPurchase])] = []
    for purchase in purchases {
      if let index = groups.firstIndex(where: { $0.seller == purchase.product.sellerID }) {
        groups[index].purchases.append(purchase)
      } else {
        groups.append((purchase.product.sellerID, [purchase]))
      }
    }
    return groups
  }

  /// Places unpaid Taobao orders, one for each seller; answers what creation answers.
  mutating func place(_ purchases: [PricedPurchase], number: String?, receiver: JSON, source: String?) -> JSON {
    var orders: [TaobaoOrder] = []
    for group in World.bySeller(purchases) {
      let lines = group.purchases.map {
        Purchase(productID: $0.product.id, variantID: $0.variant.id, quantity: $0.quantity, number: $0.number)
      }
      let id = addTaobaoOrder(
        lines, status: .waitingForPayment, number: number, receiver: receiver, source: source, seller: group.seller)
      if let id, let order = taobaoOrders[id] { orders.append(order) }
    }
    return createdAnswer(orders, number: number)
  }

  /// What rendering answers (upstream.md 3.2), amounts in fen.
  func renderAnswer(_ purchases: [PricedPurchase], unavailable: [JSON] = []) -> JSON {
    var total: Int64 = 0
    let groups: [JSON] = World.bySeller(purchases).map { group in
      let freight = Freight.domestic(seller: group.seller, seed: seed)
      let goods = group.purchases.reduce(0) { $0 + $1.cost }
      total += goods + freight
      return [
        "nick": .string(sellers[group.seller]?.nick ?? ""), "sellerId": .string(group.seller),
        "itemPriceInfos": .array(
          group.purchases.map { purchase in
            [
              "itemId": .string(purchase.product.id), "skuId": .string(purchase.variant.id),
              "quantity": .integer(purchase.quantity),
              "originPrice": ["amount": .integer(purchase.variant.price), "currency": "CNY"],
              "discountPrice": ["amount": .integer(purchase.variant.price), "currency": "CNY"],
            ]
          }), "mainlandShippingFee": .integer(freight), "orderFee": .integer(goods + freight),
        "deliveryFee": .integer(freight), "dispatchPlace": .string(sellers[group.seller]?.returnAddress.detail ?? ""),
        "estimatedDeliveryTime": .integer(now + 3 * Span.day), "currencyCode": "CNY", "chooseSupplyChainServices": [],
      ]
    }
    return [
      "renderItemList": .array(groups), "unavailableSkuList": .array(unavailable), "totalRealPayPrice": .integer(total),
    ]
  }

  /// Where a line's parcel is; no parcel before shipment.
  func logisticsAnswer(_ line: TaobaoOrderLine, of order: TaobaoOrder) -> JSON {
    var parcels: [JSON] = []
    if let shippedAt = order.shippedAt, let waybill = order.waybill, let carrier = order.carrier {
      var draws = generator("trace/\(order.id)")
      let trace = Trace(shippedAt: shippedAt, now: now, ending: appearances[order.id]?.trace, draws: &draws)
      let receiver = order.receiver
      func field(_ name: String) -> JSON { .string(receiver[name]?.scalarText ?? "") }
      parcels.append([
        "mailNo": .string(waybill), "logisticsStatus": .string(trace.status),
        "logisticsDesc": .string(trace.steps.last?.text ?? ""), "goodsNumber": .integer(line.quantity),
        "logisticsTraces": .array(
          trace.steps.map { step in
            [
              "time": .string(CivilTime.beijingText(step.time)), "status": .string(step.status),
              "statusDesc": .string(step.text), "standerdDesc": .string(step.text), "action": .string(step.status),
              "province": "", "city": .string(step.city), "district": "", "facilityName": .string(step.facility),
              "nextCity": "", "nextNodeName": "",
            ]
          }),
        "logisticsPartner": [
          ["company": .string(carrier.name), "companyContact": "", "companyImageUrl": ""]
        ],
        "receiver": [
          "name": field("name"), "phone": field("mobile_phone"), "province": field("state"), "city": field("city"),
          "district": field("district"), "address": field("address"), "zipCode": field("zip"),
        ],
        "logisticsGoods": [
          [
            "title": .string(line.product.title),
            "property": .string("\(line.variant.property.name):\(line.variant.property.value)"),
            "imageUrl": .string(line.product.image), "quantity": .integer(line.quantity),
          ]
        ],
      ])
    }
    return ["purchaseOrderOuterId": .string("TB" + line.id), "pnmLogisticsDetails": .array(parcels)]
  }
}

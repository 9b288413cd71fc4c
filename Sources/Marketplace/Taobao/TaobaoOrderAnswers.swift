import JSON

extension World {
  /// A Taobao order as `get` and the rows of `list` show it: upstream.md 3.2 in lowerCamelCase, amounts in fen.
  func answer(_ order: TaobaoOrder) -> JSON {
    let nick = sellers[order.sellerID]?.nick ?? ""
    var answer: JSONObject = [
      "orderId": .string(order.id), "purchaseId": .string(order.id),
      "status": statusShown(order.id, order.status.rawValue),
      "outerPurchaseId": .string(order.sellerOrderNumber ?? order.id),
    ]
    if let number = order.sellerOrderNumber { answer["sellerOrderNumber"] = .string(number) }
    if let source = order.source { answer["orderSource"] = .string(source) }
    let rest: JSONObject = [
      "distributorNick": "ebb-buyer", "supplierNick": .string(nick), "sourceMarket": "GONGXIAO_OFFLINE",
      "purchaseAmount": .integer(order.amount), "purchaseCurrency": currencyShown(order.id),
      "payAmount": .integer(order.paidAt == nil ? 0 : order.amount), "payCurrency": "CNY",
      "productAmount": .integer(order.productFee), "domesticPostFee": .integer(order.postFee),
      "createdTime": .integer(order.createdAt), "modifyTime": .integer(order.modifiedAt),
    ]
    for (key, value) in rest { answer[key] = value }
    if let paidAt = order.paidAt { answer["payTime"] = .integer(paidAt) }
    if order.status == .waitingForPayment { answer["nextCloseTimeWithoutPayment"] = .integer(order.closesAt) }
    if order.receiver != .null { answer["receiver"] = order.receiver }
    if let warehouse = order.warehouse {
      answer["warehouseName"] = .string(warehouse.name)
      answer["warehouseAddress"] = .string(warehouse.address)
    }
    answer["orderLineList"] = .array(order.lines.map { lineAnswer($0, of: order) })
    return .object(answer)
  }

  private func lineAnswer(_ line: TaobaoOrderLine, of order: TaobaoOrder) -> JSON {
    var answer: JSONObject = [
      "subPurchaseOrderId": .string(line.id), "status": .string(order.status.rawValue),
      "itemId": .string(line.product.id), "skuId": .string(line.variant.id), "title": .string(line.product.title),
      "quantity": .integer(line.quantity), "purchaseAmount": .integer(line.productFee),
      "payAmount": .integer(order.paidAt == nil ? 0 : line.productFee), "productAmount": .integer(line.productFee),
      "domesticPostFee": .integer(line.id == order.lines.first?.id ? order.postFee : 0),
      "purchaseOrderOuterId": .string("TB" + order.id), "purchaseOrderLineOuterId": .string("TB" + line.id),
      "canConfirmReceipt": .bool(order.status == .waitingForReceipt),
    ]
    if let refundID = line.refundID, let refund = reverseOrders[refundID] {
      answer["refundId"] = .string(refundID)
      answer["refundStatus"] = statusShown(refundID, String(refund.status.rawValue))
    } else {
      answer["refundStatus"] = "0"
    }
    if let reason = order.closeReason { answer["closeReason"] = .string(reason) }
    if let waybill = order.waybill, let carrier = order.carrier {
      answer["logisticOrders"] = [
        [
          "logisticCompanyName": .string(carrier.name), "logisticNumber": .string(waybill),
          "rtsTime": .integer(order.shippedAt ?? order.modifiedAt),
        ]
      ]
    }
    let property = line.variant.property
    answer["skuInfo"] = [
      "skuPv": ["zh": .string("\(property.name):\(property.value)")], "skuImgUrl": .string(line.product.image),
    ]
    answer["optionFields"] = [
      "shopName": .string(sellers[order.sellerID]?.nick ?? ""), "shopId": .string(order.sellerID),
    ]
    return .object(answer)
  }

  /// An order as a list that lags shows it; nil where the list does not have it yet.
  func listed(_ order: TaobaoOrder, lag: Int64) -> TaobaoOrder? {
    guard lag > 0 else { return order }
    guard order.createdAt <= now - lag else { return nil }
    guard let earlier = earlierTaobaoOrders[order.id], earlier.modifiedAt <= now - lag, order.modifiedAt > now - lag
    else {
      return order
    }
    return earlier
  }

  /// What the creation of several orders answers.
  func createdAnswer(_ orders: [TaobaoOrder], number: String?) -> JSON {
    [
      "success": true, "outerPurchaseId": .string(number ?? orders.first?.id ?? ""),
      "sellerOrderNumber": .string(number ?? ""), "errorCode": "", "errorMessage": "",
      "orderList": .array(
        orders.map { order in
          let nick = JSON.string(sellers[order.sellerID]?.nick ?? "")
          return [
            "orderId": .string(order.id), "purchaseId": .string(order.id), "supplierNick": nick,
            "estimateAmount": .integer(order.amount), "estimateCurrency": "CNY", "sourceMarket": "GONGXIAO_OFFLINE",
            "orderLineList": .array(
              order.lines.map { line in
                [
                  "subPurchaseOrderId": .string(line.id), "itemId": .string(line.product.id),
                  "skuId": .string(line.variant.id), "orderLineNo": .string(line.number ?? ""),
                  "quantity": .integer(line.quantity), "estimateAmount": .integer(line.productFee),
                  "supplierNick": nick,
                ]
              }),
          ]
        }),
    ]
  }
}

import JSON

extension World {
  /// The `refundOrderAggregate` of cancel-response.json: same names, same types; `logistics` only where goods go back.
  func aggregate(_ refund: ReverseOrder) -> JSON {
    var aggregate: JSONObject = [:]
    if let logistics = logistics(refund) { aggregate["logistics"] = logistics }
    if let order = taobaoOrders[refund.orderID], let line = order.lines.first(where: { $0.id == refund.lineID }) {
      aggregate["purchaseOrderLine"] = purchaseOrderLine(line, of: order)
    }
    aggregate["refundOrder"] = refundOrder(refund)
    return .object(aggregate)
  }

  /// `{distributorId, currency, refundOrderAggregate}` (assumptions.md 3).
  func refundAnswer(_ refund: ReverseOrder) -> JSON {
    [
      "currency": currencyShown(refund.id), "distributorId": .string(distributorID),
      "refundOrderAggregate": aggregate(refund),
    ]
  }

  private func refundOrder(_ refund: ReverseOrder) -> JSON {
    [
      "canEditFee": .bool(refund.status == .waitingForSeller || refund.status == .refused),
      "feeTips": .string("最多\(refund.maximumFee)分"),
      "goodsStatus": .integer(refund.goodsStatus),
      "payOrderId": .string(String(refund.orderID.suffix(8))),
      "reasonDesc": .string(RefundReason.text(refund.reasonID)),
      "reasonId": .integer(refund.reasonID),
      "refundDesc": .string(refund.note),
      "refundFee": .integer(refund.fee),
      "refundId": .string(refund.id),
      "refundStatus": statusShown(refund.id, String(refund.status.rawValue)),
      "refundType": .integer(Int64(refund.kind.rawValue)),
      "remainingTime": .string(String(max(0, refund.deadline - now))),
      "sellerRefuseReason": .string(refund.refusal?.reason ?? ""),
      "sellerRefuseReasonDescribe": .string(refund.refusal?.explanation ?? ""),
      "timeoutDate": .string(String(refund.deadline)),
      "timeoutType": "1",
    ]
  }

  private func purchaseOrderLine(_ line: TaobaoOrderLine, of order: TaobaoOrder) -> JSON {
    let property = line.variant.property
    return [
      "createTime": .integer(order.createdAt),
      "currency": currencyShown(order.id),
      "itemImageUrl": .string(line.product.image),
      "itemTitle": .string(line.product.title),
      "postFee": .integer(order.postFee),
      "price": .integer(line.variant.price),
      "productFee": .integer(line.productFee),
      "properties": [
        "propId": .integer(property.id), "propName": .string(property.name), "valueId": .integer(property.valueID),
        "valueName": .string(property.value),
      ],
      "purchaseOrderId": .string(order.id),
      "purchaseOrderLineId": .string(line.id),
      "quantity": .integer(line.quantity),
      "salesMarket": "GONGXIAO_OFFLINE",
      "salesOrderId": .string("500000-\(order.sellerOrderNumber ?? order.id)"),
      "supplierId": .string(order.sellerID),
      "supplierNick": .string(sellers[order.sellerID]?.nick ?? ""),
      "totalPrice": .integer(line.productFee + order.postFee),
    ]
  }

  private func logistics(_ refund: ReverseOrder) -> JSON? {
    guard refund.agreement != nil || refund.returnParcel != nil else { return nil }
    var logistics: JSONObject = [:]
    if let parcel = refund.returnParcel {
      logistics["buyerPhone"] = .string(parcel.buyerPhone)
      logistics["logisticsCompany"] = [
        "logisticCompanyCode": .string(parcel.carrier.code), "logisticsCompanyName": .string(parcel.carrier.name),
      ]
      logistics["logisticsNo"] = .string(parcel.waybill)
    }
    if let address = returnAddress(refund) { logistics["receiverAddress"] = address }
    if let parcel = refund.returnParcel { logistics["returnGoodsDesc"] = .string(parcel.note) }
    logistics["sellerAgreeReturnDescribe"] = .string(refund.agreement ?? "")
    return .object(logistics)
  }

  /// Where the goods go back to, while it can be read.
  func returnAddress(_ refund: ReverseOrder) -> JSON? {
    guard refund.agreement != nil, !hidesReturnAddress || refund.status == .waitingForReturn,
      let address = addressShown(refund.id, of: refund.sellerID)
    else { return nil }
    return [
      "detailAddress": .string(address.detail), "phone": .string(address.phone), "receiver": .string(address.receiver),
    ]
  }
}

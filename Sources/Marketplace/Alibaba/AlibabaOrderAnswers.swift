import JSON

extension World {
  /// A 1688 order as `get` and the rows of `list` show it: upstream.md 4.2; amounts in yuan but where named fen.
  func answer(_ order: AlibabaOrder) -> JSON {
    let refunded = order.refundIDs.compactMap { alibabaRefunds[$0] }.filter { $0.status == .succeeded }
    let refundedFen = refunded.reduce(0) { $0 + $1.payment + $1.carriage }
    return [
      "baseInfo": baseInfo(order, refunded: refundedFen),
      "nativeLogistics": nativeLogistics(order),
      "productItems": .array(order.entries.map { entryAnswer($0, of: order) }),
      "tradeTerms": [
        [
          "payStatus": .string(order.payStatus), "payTime": .compactTime(order.paidAt), "payWay": "1",
          "payWayDesc": "支付宝", "phasAmount": .yuan(order.amount), "phase": .idNumber(order.id),
        ]
      ], "extAttributes": [], "guaranteesTerms": .null, "orderRateInfo": .null, "orderInvoiceInfo": .null,
      "customs": .null, "overseasExtraAddress": .null, "orderBizInfo": ["abnormalPriceChange": false],
    ]
  }

  private func baseInfo(_ order: AlibabaOrder, refunded: Int64) -> JSON {
    let seller = sellers[order.sellerID]
    let inSale = order.entries.lazy.compactMap(\.refundID).first.flatMap { alibabaRefunds[$0] }
    let after = order.entries.lazy.compactMap(\.afterSaleRefundID).first.flatMap { alibabaRefunds[$0] }
    func field(_ name: String) -> JSON { .text(order.address[name]?.scalarText) }
    let place = ["provinceText", "cityText", "areaText", "townText", "address"].compactMap {
      order.address[$0]?.scalarText
    }
    return [
      "id": .idNumber(order.id), "idOfStr": .string(order.id), "outOrderId": .text(order.outOrderID),
      "status": statusShown(order.id, order.status.rawValue), "totalAmount": .yuan(order.amount),
      "shippingFee": .yuan(order.carriage), "sumProductPayment": .yuan(order.goodsFee), "refund": .yuan(refunded),
      "discount": 0, "refundPayment": .integer(refunded), "currency": "RMB",
      "refundStatus": .text(inSale?.status.rawValue), "refundStatusForAs": .text(after?.status.rawValue),
      "refundId": .text(inSale?.id ?? after?.id), "closeReason": .text(order.closeReason),
      "createTime": .compactTime(order.createdAt), "modifyTime": .compactTime(order.modifiedAt),
      "payTime": .compactTime(order.paidAt), "allDeliveredTime": .compactTime(order.shippedAt),
      "receivingTime": .compactTime(order.receivedAt), "completeTime": .compactTime(order.completedAt),
      "tradeType": "50060", "businessType": "cn", "remark": .text(order.remark), "buyerID": .string(distributorID),
      "buyerLoginId": "ebb-buyer", "sellerID": .string(order.sellerID), "sellerLoginId": .text(seller?.nick),
      "alipayTradeId": order.paidAt == nil ? .null : .string("UNDEFINED-\(order.id.suffix(8))"),
      "receiverInfo": [
        "toFullName": field("fullName"), "toMobile": field("mobile"), "toPhone": field("phone"),
        "toPost": field("postCode"), "toArea": .string(place.joined(separator: " ")),
      ],
    ]
  }

  private func nativeLogistics(_ order: AlibabaOrder) -> JSON {
    func field(_ name: String) -> JSON { .text(order.address[name]?.scalarText) }
    return [
      "contactPerson": field("fullName"), "mobile": field("mobile"), "telephone": field("phone"),
      "province": field("provinceText"), "city": field("cityText"), "area": field("areaText"),
      "town": field("townText"), "address": field("address"), "zip": field("postCode"),
    ]
  }

  private func entryAnswer(_ entry: AlibabaOrderEntry, of order: AlibabaOrder) -> JSON {
    let refund = entry.refundID.flatMap { alibabaRefunds[$0] }
    let after = entry.afterSaleRefundID.flatMap { alibabaRefunds[$0] }
    let paidBack = [refund, after].compactMap(\.self).filter { $0.status == .succeeded }
    let property = entry.variant.property
    return [
      "subItemID": .idNumber(entry.id), "productID": .idNumber(entry.product.id), "skuID": .idNumber(entry.variant.id),
      "specId": .string(entry.variant.specID), "name": .string(entry.product.title),
      "skuInfos": [["name": .string(property.name), "value": .string(property.value)]],
      "productImgUrl": [.string(entry.product.image)], "quantity": .integer(entry.quantity), "unit": "件",
      "price": .yuan(entry.variant.price), "itemAmount": .yuan(entry.amount),
      "sharePostage": .yuan(entry.id == order.entries.first?.id ? order.carriage : 0),
      "refund": .yuan(min(entry.amount, paidBack.reduce(0) { $0 + $1.payment })), "entryDiscount": 0,
      "status": .string(order.status.rawValue), "statusStr": .string(order.status.chinese),
      "refundStatus": .text((refund ?? after)?.status.lineWord), "refundId": .text(entry.refundID),
      "refundIdForAs": .text(entry.afterSaleRefundID), "closeReason": .text(order.closeReason),
      "logisticsStatus": .integer(order.logisticsStatus),
    ]
  }

  /// An order as a list that lags shows it; nil where the list does not have it yet.
  func listed(_ order: AlibabaOrder, lag: Int64) -> AlibabaOrder? {
    guard lag > 0 else { return order }
    guard order.createdAt <= now - lag else { return nil }
    guard let earlier = earlierAlibabaOrders[order.id], earlier.modifiedAt <= now - lag, order.modifiedAt > now - lag
    else { return order }
    return earlier
  }
}

extension AlibabaOrder {
  /// Every refund on it, each once.
  var refundIDs: [String] {
    entries.reduce(into: []) { ids, entry in
      for id in [entry.refundID, entry.afterSaleRefundID].compactMap(\.self) where !ids.contains(id) { ids.append(id) }
    }
  }

  /// 1 unpaid, 2 paid, 4 fully refunded, 6 seller received, 8 cancelled before payment (upstream.md 6.6).
  var payStatus: String {
    switch status {
    case .waitingForPayment: "1"
    case .waitingForShipment, .waitingForReceipt, .received: "2"
    case .succeeded: "6"
    case .cancelled: "8"
    case .terminated: "4"
    }
  }

  /// 1 not shipped, 2 shipped, 3 received, 4 returned (upstream.md 6.6).
  var logisticsStatus: Int64 {
    switch status {
    case .waitingForPayment, .waitingForShipment, .cancelled: 1
    case .waitingForReceipt: 2
    case .received, .succeeded: 3
    case .terminated: shippedAt == nil ? 1 : 4
    }
  }

  var receivedAt: Int64? { status == .received || status == .succeeded ? modifiedAt : nil }
  var completedAt: Int64? { status == .succeeded || status == .terminated ? modifiedAt : nil }
}

extension AlibabaOrderStatus {
  var chinese: String {
    switch self {
    case .waitingForPayment: "等待买家付款"
    case .waitingForShipment: "等待卖家发货"
    case .waitingForReceipt: "等待买家收货"
    case .received: "已收货"
    case .succeeded: "交易成功"
    case .cancelled: "交易取消"
    case .terminated: "交易终止"
    }
  }
}

extension JSON {
  /// An instant in the 1688 form, or null.
  static func compactTime(_ instant: Int64?) -> JSON { .text(instant.map(CivilTime.beijingCompact)) }
}

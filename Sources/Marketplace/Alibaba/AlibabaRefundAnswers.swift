import JSON

extension World {
  /// A 1688 refund as `get` shows it: upstream.md 4.1, amounts in fen.
  func answer(_ refund: AlibabaRefund, timeOut: Bool, operations: Bool) -> JSON {
    let order = alibabaOrders[refund.orderID]
    let entries = order?.entries.filter { refund.entryIDs.contains($0.id) } ?? []
    let seller = sellers[refund.sellerID]
    let succeeded = refund.status == .succeeded
    let received = refund.goodsStatus.hasSuffix("BuyerReceived")
    var answer: JSONObject = [
      "id": .idNumber(refund.number), "createTime": .compactTime(refund.appliedAt),
      "updateTime": .compactTime(refund.modifiedAt), "remark": .null, "refundId": .string(refund.id),
      "orderId": .idNumber(refund.orderID), "orderEntryIdList": .array(refund.entryIDs.map(JSON.idNumber)),
      "orderEntryCountMap": .object(JSONObject(entries.map { (key: $0.id, value: .integer($0.quantity)) })),
      "status": statusShown(refund.id, refund.status.rawValue), "productName": .text(entries.first?.product.title),
      "applyPayment": .integer(refund.payment), "applyCarriage": .integer(refund.carriage),
      "applyExpect": .integer(refund.payment + refund.carriage), "canRefundPayment": .integer(refund.maximum),
      "refundPayment": .integer(succeeded ? refund.payment : 0),
      "refundCarriage": .integer(succeeded ? refund.carriage : 0),
      "frozenFund": .integer(refund.status.isTerminal ? 0 : refund.payment + refund.carriage),
      "applyReason": .string(AlibabaRefundReason.name(refund.reasonID)), "applyReasonId": .integer(refund.reasonID),
      "rejectReason": .text(refund.rejectReason), "rejectTimes": .integer(Int64(refund.rejections)),
      "disputeRequest": refund.returning ? 3 : 1, "disputeType": refund.afterSale ? 2 : 1,
      "onlyRefund": .bool(!refund.returning), "refundGoods": .bool(refund.returning), "goodsReceived": .bool(received),
      "goodsStatus": .integer(refund.waybill != nil ? 3 : received ? 2 : 1),
      "buyerSendGoods": .bool(refund.waybill != nil), "newRefundReturn": .bool(refund.returning),
      "gmtApply": .compactTime(refund.appliedAt), "gmtCreate": .compactTime(refund.appliedAt),
      "gmtModified": .compactTime(refund.modifiedAt), "gmtCompleted": .compactTime(refund.completedAt),
    ]
    if timeOut, !refund.status.isTerminal {
      answer["gmtTimeOut"] = .compactTime(refund.deadline)
      answer["timeOutOperateType"] = .string(refund.atDeadline)
      answer["timeOutFreeze"] = false
    }
    let agreed = refund.returning && ![.waitingForSeller, .waitingForModification].contains(refund.status)
    if agreed, let address = addressShown(refund.id, of: refund.sellerID) {
      answer["sellerRealName"] = .string(address.receiver)
      answer["sellerMobile"] = .string(address.phone)
      answer["sellerReceiveAddress"] = .string(address.detail)
    }
    answer["buyerLogisticsName"] = .text(refund.carrier?.name)
    answer["freightBill"] = .text(refund.waybill)
    answer["buyerMemberId"] = .string(distributorID)
    answer["buyerLoginId"] = "ebb-buyer"
    answer["sellerMemberId"] = .string(refund.sellerID)
    answer["sellerLoginId"] = .text(seller?.nick)
    answer["extInfo"] = ["payMode": "alipay"]
    if operations {
      answer["refundOperationList"] = .array(
        refund.operations.enumerated().map { operationAnswer($1, index: $0, of: refund) })
    }
    return .object(answer)
  }

  private func operationAnswer(_ operation: AlibabaRefund.Operation, index: Int, of refund: AlibabaRefund) -> JSON {
    let sent = operation.type == 10
    return [
      "id": .integer((Int64(refund.number.suffix(12)) ?? 0) * 100 + Int64(index)),
      "operateTypeInt": .integer(operation.type), "operateRemark": .string(operation.remark),
      "discription": .string(operation.remark), "operatorRoleId": .integer(operation.role),
      "operatorLoginId": .text(operation.role == 1 ? "ebb-buyer" : sellers[refund.sellerID]?.nick),
      "beforeOperateStatus": .string(operation.before.rawValue),
      "afterOperateStatus": .string(operation.after.rawValue),
      "rejectReason": .text(operation.type == 15 ? refund.rejectReason : nil), "refundAddress": .null,
      "freightBill": .text(sent ? refund.waybill : nil),
      "logisticsCompany": sent ? refund.carrier?.answer(id: 101) ?? .null : .null,
      "vouchers": .array(operation.type == 1 ? refund.vouchers.map(JSON.string) : []), "msgType": 7,
      "messageStatus": 1, "gmtCreate": .compactTime(operation.time),
    ]
  }
}

extension AlibabaRefund {
  /// What the system does at the deadline; the words of the live API are unknown.
  var atDeadline: String {
    switch status {
    case .waitingForSeller: returning ? "SYSTEM_AGREE_REFUND_PROTOCOL" : "SYSTEM_AGREE_REFUND"
    case .waitingForReceipt: "SYSTEM_AGREE_REFUND"
    case .waitingForReturn, .waitingForModification: "CRM_APPLY_TIMEOUT_CLOSE"
    case .succeeded, .closed: ""
    }
  }
}

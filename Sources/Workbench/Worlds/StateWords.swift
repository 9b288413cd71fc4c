import Marketplace

/// The words that tests, and `ebb.aftersales`, have for states of both marketplaces.
enum StateWords {
  static let reverseOrders: [String: RefundStatus] = [
    "waiting_seller": .waitingForSeller, "waiting_return": .waitingForReturn, "waiting_receipt": .returning,
    "refunding": .paying, "refunded": .succeeded, "refused": .refused, "closed": .closed,
  ]
  static let alibabaRefunds: [String: AlibabaRefundStatus] = [
    "waiting_seller": .waitingForSeller, "waiting_return": .waitingForReturn, "waiting_receipt": .waitingForReceipt,
    "refunded": .succeeded, "refused": .waitingForModification, "closed": .closed,
  ]
  static let taobaoOrders: [String: TaobaoOrderStatus] = [
    "waiting_payment": .waitingForPayment, "waiting_shipment": .waitingForShipment,
    "waiting_receipt": .waitingForReceipt, "finished": .finished, "closed": .closed,
  ]
  static let alibabaOrders: [String: AlibabaOrderStatus] = [
    "waiting_payment": .waitingForPayment, "waiting_shipment": .waitingForShipment,
    "waiting_receipt": .waitingForReceipt, "finished": .succeeded, "closed": .cancelled,
  ]

  static func word<Status: Equatable>(for status: Status, of words: [String: Status]) -> String? {
    words.first { $0.value == status }?.key
  }
}

import Marketplace

/// What somebody does with an order or a refund besides the playbook: `happens(id, "ship")`.
enum GivenAct {
  /// Lets it happen; complains where there is no such subject or act, or its state does not allow it.
  static func happen(_ word: String, to id: String, in world: inout World) throws(TestProblem) {
    let allowed: Bool
    let state: String?
    if let refund = world.reverseOrder(id: id) {
      state = StateWords.word(for: refund.status, of: StateWords.reverseOrders)
      allowed = world.apply(try act(word, of: reverseOrders), toReverseOrder: id)
    } else if let order = world.taobaoOrder(id: id) {
      state = StateWords.word(for: order.status, of: StateWords.taobaoOrders)
      allowed = world.apply(try act(word, of: taobaoOrders), toTaobaoOrder: id)
    } else if let refund = world.alibabaRefund(id: id) {
      state = StateWords.word(for: refund.status, of: StateWords.alibabaRefunds)
      allowed = world.apply(try act(word, of: alibabaRefunds), toAlibabaRefund: id)
    } else if let order = world.alibabaOrder(id: id) {
      state = StateWords.word(for: order.status, of: StateWords.alibabaOrders)
      allowed = world.apply(try act(word, of: alibabaOrders), toAlibabaOrder: id)
    } else {
      throw TestProblem("happens: there is no order and no refund \(id)")
    }
    guard allowed else { throw TestProblem("happens: nobody can \(word) \(id), which is \(state ?? "something else")") }
  }

  private static func act<Action>(_ word: String, of acts: [String: Action]) throws(TestProblem) -> Action {
    if let action = acts[word] { return action }
    throw TestProblem("happens: there is no \"\(word)\"; there are \(acts.keys.sorted().joined(separator: ", "))")
  }

  private static let reverseOrders: [String: RefundAction] = [
    "agree": .agree, "refuse": .refuse, "ship": .ship, "confirm_return": .confirmReturn,
    "refuse_return": .refuseReturn, "window_ends": .windowEnded, "money_arrives": .moneyArrived, "cancel": .cancel,
  ]
  private static let alibabaRefunds: [String: AlibabaRefundAction] = [
    "agree": .agree, "refuse": .reject, "ship": .ship, "confirm_return": .receiveGoods, "window_ends": .windowEnded,
    "cancel": .cancel,
  ]
  private static let taobaoOrders: [String: TaobaoOrderAction] = [
    "pay": .pay, "ship": .ship, "confirm_receipt": .confirmReceipt, "cancel": .cancel, "expire": .expire,
  ]
  private static let alibabaOrders: [String: AlibabaOrderAction] = [
    "pay": .pay, "ship": .ship, "confirm_receipt": .receive, "finish": .settle, "cancel": .cancel, "expire": .expire,
  ]
}

import JSON
import Marketplace

/// A playbook, the world it runs in, and what must come of it.
struct Workload: Sendable {
  /// What the command line calls it.
  let name: String
  /// The script's file as errors name it.
  let file: String
  /// The script; nil for one that is embedded in Ebb under `file`.
  let source: String?
  /// What the world holds at first.
  let scenario: Scenario
  /// How many runs of it go at once, in one process.
  var runs = 1
  /// The parameters of the run of that number, from 0, from the world as it is at first.
  var parameters: @Sendable (World, Int) -> JSONObject = { _, _ in [:] }
  /// A question that holds this text is answered with no, every other one with yes.
  var rejects: String?
  /// How many writes take effect in undisturbed runs: a workload that quietly does nothing proves nothing.
  let writes: Int
  /// How each run ends.
  var status = "succeeded"
  /// Whether a guard keeps some of its writes from being done.
  var isShort = false
  /// The most money that may move, in fen, where guards limit it.
  var cap: Int64?

  /// All of them.
  static let all = [staleRefunds, branches, messages, orders, questions, refusals, budget, crowd]

  /// Where the time of every world begins: 2026-11-01T00:00:00Z, eight in the morning in the project's zone.
  static let start: Int64 = 1_793_491_200_000

  /// The seed of every world; what differs between trials is where they are ended.
  static let seed: UInt64 = 7
}

extension World {
  /// Stocks the world, with sellers who do nothing by themselves: only the playbook changes anything.
  mutating func stockQuietly() {
    stock()
    for seller in allSellers { setCharacter(.silent, ofSeller: seller.id) }
  }

  /// Adds an order with one reverse order on it; answers the reverse order's id.
  @discardableResult
  mutating func claim(
    _ status: RefundStatus = .waitingForSeller, days: Int64 = 12, fee: Int64 = 5_000, parcel: Bool = false
  ) -> String {
    let day: Int64 = 24 * 3_600_000
    let product = taobaoProducts[allTaobaoOrders.count % taobaoProducts.count]
    let order = addTaobaoOrder(
      [Purchase(productID: product.id, quantity: 200, number: "1")], status: .waitingForReceipt, age: (days + 2) * day,
      number: "sweep-\(allTaobaoOrders.count)")
    guard let order, let line = taobaoOrder(id: order)?.lines.first else { return "" }
    var claim = ReverseOrderSpecification()
    claim.status = status
    claim.kind = status == .waitingForReturn || status == .returning ? .returnAndRefund : .refundOnly
    claim.goodsStatus = claim.kind == .returnAndRefund ? 4 : 3
    claim.age = days * day
    claim.timeLeft = 4 * day
    claim.fee = fee
    claim.hasReturnParcel = parcel
    return addReverseOrder(order: order, line: line.id, claim) ?? ""
  }
}

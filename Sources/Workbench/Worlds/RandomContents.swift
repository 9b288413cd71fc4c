import JSON
import Marketplace

/// What a random world holds, and what goes wrong in it: equal seeds give equal worlds.
///
/// It is written in the words of `given`: a world in which a playbook fails can be copied into a test of its own.
struct RandomContents {
  /// When it begins, in ms since 1970.
  let start: Int64
  /// What `given` is told.
  let contents: JSONObject
  /// What `faults` is told.
  let faults: String

  init(seed: UInt64) {
    var draws = SeededGenerator(seed: seed, subject: "world")
    start = Self.firstStart + draws.draw(0...(40 * 24 * 60)) * 60_000
    var contents = JSONObject()
    let orders = (0..<draws.draw(1...6)).map { _ in Self.order(&draws, alibaba: false) }
    let alibabaOrders = (0..<draws.draw(0...5)).map { _ in Self.order(&draws, alibaba: true) }
    contents["orders"] = .array(orders.map(\.json))
    contents["alibaba_orders"] = .array(alibabaOrders.map(\.json))
    var refunds = (0..<draws.draw(3...12)).map { _ in Self.refund(&draws, alibaba: false) }
    var alibabaRefunds = (0..<draws.draw(0...6)).map { _ in Self.refund(&draws, alibaba: true) }
    // Some lie on lines of the orders above; at most one that is open on each.
    for (place, order) in orders.enumerated() where order.takesClaims && draws.draw(0...2) == 0 {
      refunds.append(Self.claim(&draws, on: place, of: order, alibaba: false))
    }
    for (place, order) in alibabaOrders.enumerated() where order.takesClaims && draws.draw(0...2) == 0 {
      alibabaRefunds.append(Self.claim(&draws, on: place, of: order, alibaba: true))
    }
    contents["refunds"] = .array(refunds)
    contents["alibaba_refunds"] = .array(alibabaRefunds)
    self.contents = contents
    faults = draws.pick(Self.faultPlans) ?? ""
  }

  /// 2026-10-20T00:00:00Z
  private static let firstStart: Int64 = 1_792_454_400_000

  private static let faultPlans = [
    "", "", "flip-scalars", "integer-ids", "long-ids,flip-scalars", "stale-list=20m", "duplicate-rows",
    "rate-limit:0.05,truncate:0.02", "server-error@*.list:0.1", "server-error@*.get:0.1", "reset-after:0.1",
    "reset-before:0.1", "late=20s:0.05", "server-error-after:0.1,html-after:0.05", "truncate:0.05,reset-after:0.05",
    "delay=2s:0.2,duplicate-rows,integer-ids",
  ]

  private static let sellers = SellerCharacter.allCases.map(\.rawValue)

  // MARK: Orders

  private struct Order {
    var json: JSON
    var lines: Int
    var state: String
    var takesClaims: Bool { state == "waiting_shipment" || state == "waiting_receipt" }
  }

  private static func order(_ draws: inout SeededGenerator, alibaba: Bool) -> Order {
    let states = (alibaba ? StateWords.alibabaOrders.keys.sorted() : StateWords.taobaoOrders.keys.sorted())
    let state = draws.pick(states) ?? "waiting_shipment"
    let lines = draws.draw(1...3)
    var fields: JSONObject = ["state": .string(state), "age": minutes(&draws, upToHours: 24 * 15)]
    fields["seller"] = .string(draws.pick(sellers) ?? "silent")
    fields["lines"] = .array((0..<lines).map { _ in ["amount": money(&draws, upTo: 60_000)] })
    if state == "waiting_payment", draws.draw(0...2) == 0 { fields["price"] = money(&draws, upTo: 80_000) }
    if state == "waiting_receipt", draws.draw(0...3) == 0 {
      fields["trace"] = .string(draws.pick(["SIGNED", "REJECTED", "RETURNED", "EXCEPTION", "FAILED"]) ?? "SIGNED")
    }
    if draws.draw(0...19) == 0 { fields["shows"] = alibaba ? "waitsomebody" : "WAIT_SOMEBODY" }
    return Order(json: .object(fields), lines: lines, state: state)
  }

  // MARK: Refunds

  private static func refund(_ draws: inout SeededGenerator, alibaba: Bool) -> JSON {
    let states = (alibaba ? StateWords.alibabaRefunds.keys.sorted() : StateWords.reverseOrders.keys.sorted())
    let state = draws.pick(states) ?? "waiting_seller"
    var fields = basics(&draws, state: state, alibaba: alibaba)
    let isReturn = ["waiting_return", "waiting_receipt"].contains(state) || draws.draw(0...2) == 0
    fields["kind"] = isReturn ? "return" : "refund"
    fields["seller"] = .string(draws.pick(sellers) ?? "silent")
    guard !alibaba else { return .object(fields) }
    fields["goods"] = .integer(isReturn ? 4 : draws.draw(1...4))
    // A waybill on a claim that is not on its way back: a claim that was modified since.
    if isReturn, ["waiting_seller", "refused", "waiting_return"].contains(state), draws.draw(0...3) == 0 {
      fields["waybill"] = true
    }
    return .object(fields)
  }

  private static func claim(
    _ draws: inout SeededGenerator, on place: Int, of order: Order, alibaba: Bool
  ) -> JSON {
    let isShipped = order.state == "waiting_receipt"
    var fields = basics(&draws, state: isShipped ? "refused" : "waiting_seller", alibaba: alibaba)
    fields["order"] = .integer(Int64(place + 1))
    fields["line"] = .integer(Int64(draws.draw(1...order.lines)))
    fields["kind"] = isShipped && draws.draw(0...1) == 0 ? "return" : "refund"
    if !alibaba { fields["goods"] = .integer(isShipped ? 4 : 1) }
    fields["amount"] = nil
    return .object(fields)
  }

  private static func basics(_ draws: inout SeededGenerator, state: String, alibaba: Bool) -> JSONObject {
    var fields: JSONObject = [
      "state": .string(state), "amount": money(&draws, upTo: draws.draw(0...4) == 0 ? 300_000 : 12_000),
      "age": minutes(&draws, upToHours: 24 * 25),
    ]
    let isOver = ["refunded", "closed"].contains(state)
    if !isOver { fields["left"] = minutes(&draws, upToHours: 24 * 6) }
    if state == "refused", draws.draw(0...2) == 0 {
      fields["refusal"] = .string(draws.pick(refusals) ?? "")
      fields["refusals"] = .integer(draws.draw(1...3))
    }
    if draws.draw(0...14) == 0 { fields["shows"] = alibaba ? "waitnobody" : "95" }
    if draws.draw(0...19) == 0 { fields["currency"] = "USD" }
    if draws.draw(0...9) == 0 { fields["address"] = false }
    if !alibaba, !isOver, draws.draw(0...2) == 0 {
      fields["messages"] = .array((0..<draws.draw(1...3)).map { _ in message(&draws) })
    }
    return fields
  }

  private static func message(_ draws: inout SeededGenerator) -> JSON {
    [
      "from": .string(draws.pick(["seller", "buyer", "platform", "system"]) ?? "seller"),
      "text": .string(draws.pick(["请提供照片", "已寄出", "我们会处理", "同意退款 100 元"]) ?? ""),
      "age": minutes(&draws, upToHours: 72),
    ]
  }

  private static let refusals = ["金额不对", "没有凭证", "商品已发出", "超过七天", "影响二次销售", "不同意，涉及侵权，走法律途径"]

  // MARK: Values

  private static func money(_ draws: inout SeededGenerator, upTo fen: Int64) -> JSON {
    let amount = draws.draw(100...fen)
    let cents = amount % 100
    return .string("\(amount / 100).\(cents < 10 ? "0" : "")\(cents) CNY")
  }

  private static func minutes(_ draws: inout SeededGenerator, upToHours hours: Int64) -> JSON {
    .string("\(draws.draw(1...(hours * 60)))m")
  }
}

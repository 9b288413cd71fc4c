import JSON
import Marketplace

/// What is so of an order or a refund, whatever answers say: what `look`, `marketplace` and `history` show.
enum SubjectSight {
  /// The order or refund of that id; null where there is none.
  static func of(_ id: String, in world: World) -> JSON {
    if let refund = world.reverseOrder(id: id) { return sight(refund, in: world) }
    if let order = world.taobaoOrder(id: id) { return sight(order, in: world) }
    if let refund = world.alibabaRefund(id: id) { return sight(refund, in: world) }
    if let order = world.alibabaOrder(id: id) { return sight(order, in: world) }
    return .null
  }

  /// All of them, by kind, oldest first.
  static func all(in world: World) -> JSON {
    [
      "refunds": .array(world.allReverseOrders.map { sight($0, in: world) }),
      "orders": .array(world.allTaobaoOrders.map { sight($0, in: world) }),
      "alibaba_refunds": .array(world.allAlibabaRefunds.map { sight($0, in: world) }),
      "alibaba_orders": .array(world.allAlibabaOrders.map { sight($0, in: world) }),
    ]
  }

  /// What a write is about: the first of its arguments that names a refund, or else an order or a line of one.
  static func subject(of arguments: JSON, in world: World) -> String? {
    var texts: [String] = []
    collect(arguments, into: &texts)
    for text in texts where world.reverseOrder(id: text) != nil || world.alibabaRefund(id: text) != nil { return text }
    for text in texts where world.taobaoOrder(id: text) != nil || world.alibabaOrder(id: text) != nil { return text }
    for text in texts {
      if let order = world.allTaobaoOrders.first(where: { $0.lines.contains { $0.id == text } }) { return order.id }
      if let order = world.allAlibabaOrders.first(where: { $0.entries.contains { $0.id == text } }) { return order.id }
    }
    return nil
  }

  private static func collect(_ value: JSON, into texts: inout [String]) {
    switch value {
    case .object(let members): for (_, member) in members { collect(member, into: &texts) }
    case .array(let elements): for element in elements { collect(element, into: &texts) }
    default: if let text = value.scalarText { texts.append(text) }
    }
  }

  private static func sight(_ refund: ReverseOrder, in world: World) -> JSON {
    [
      "id": .string(refund.id), "market": "taobao", "kind": "refund",
      "state": word(refund.status, StateWords.reverseOrders), "status": .integer(Int64(refund.status.rawValue)),
      "is_return": .bool(refund.kind == .returnAndRefund), "goods": .integer(refund.goodsStatus),
      "fen": .integer(refund.fee), "maximum_fen": .integer(refund.maximumFee),
      "waybill": text(refund.returnParcel?.waybill), "deadline": .integer(refund.deadline),
      "time_left": .integer(refund.deadline - world.now), "applied_at": .integer(refund.appliedAt),
      "refusals": .integer(Int64(refund.refusals)), "order": .string(refund.orderID), "line": .string(refund.lineID),
      "seller": .string(refund.sellerID),
      "messages": .array(
        refund.messages.map { ["role": .integer($0.role), "text": .string($0.content), "at": .integer($0.time)] }),
    ]
  }

  private static func sight(_ refund: AlibabaRefund, in world: World) -> JSON {
    [
      "id": .string(refund.id), "market": "1688", "kind": "refund",
      "state": word(refund.status, StateWords.alibabaRefunds), "status": .string(refund.status.rawValue),
      "is_return": .bool(refund.returning), "goods": .string(refund.goodsStatus),
      "fen": .integer(refund.payment + refund.carriage), "maximum_fen": .integer(refund.maximum),
      "waybill": text(refund.waybill), "deadline": .integer(refund.deadline),
      "time_left": .integer(refund.deadline - world.now), "applied_at": .integer(refund.appliedAt),
      "refusals": .integer(Int64(refund.rejections)), "order": .string(refund.orderID),
      "lines": .array(refund.entryIDs.map(JSON.string)), "seller": .string(refund.sellerID),
    ]
  }

  private static func sight(_ order: TaobaoOrder, in world: World) -> JSON {
    [
      "id": .string(order.id), "market": "taobao", "kind": "order",
      "state": word(order.status, StateWords.taobaoOrders), "status": .string(order.status.rawValue),
      "fen": .integer(order.amount), "is_paid": .bool(order.paidAt != nil), "paid_at": .integer(order.paidAt ?? 0),
      "shipped_at": .integer(order.shippedAt ?? 0), "waybill": text(order.waybill),
      "seller": .string(order.sellerID),
      "lines": .array(
        order.lines.map { line in
          [
            "id": .string(line.id), "fen": .integer(line.productFee),
            "refunds": .array(
              world.allReverseOrders.filter { $0.lineID == line.id }.map { sight($0, in: world) }),
          ]
        }),
    ]
  }

  private static func sight(_ order: AlibabaOrder, in world: World) -> JSON {
    [
      "id": .string(order.id), "market": "1688", "kind": "order",
      "state": word(order.status, StateWords.alibabaOrders), "status": .string(order.status.rawValue),
      "fen": .integer(order.amount), "is_paid": .bool(order.paidAt != nil), "paid_at": .integer(order.paidAt ?? 0),
      "shipped_at": .integer(order.shippedAt ?? 0), "waybill": text(order.waybill),
      "seller": .string(order.sellerID),
      "lines": .array(
        order.entries.map { entry in
          [
            "id": .string(entry.id), "fen": .integer(entry.amount),
            "refunds": .array(
              world.allAlibabaRefunds.filter { $0.orderID == order.id && $0.entryIDs.contains(entry.id) }
                .map { sight($0, in: world) }),
          ]
        }),
    ]
  }

  private static func text(_ text: String?) -> JSON { text.map(JSON.string) ?? .null }

  private static func word<Status: Equatable>(_ status: Status, _ words: [String: Status]) -> JSON {
    .string(StateWords.word(for: status, of: words) ?? "other")
  }
}

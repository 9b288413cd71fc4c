import JSON

/// Carries out one operation on a world and answers the envelope's `data`.
typealias Handler = @Sendable (inout World, Call) throws(Refusal) -> JSON

extension World {
  /// Every operation of the catalogue that is no event, by id.
  static let handlers: [String: Handler] = [
    TaobaoRefundOperations.handlers, TaobaoOrderOperations.handlers, TaobaoGoodsOperations.handlers,
    AlibabaRefundOperations.handlers, AlibabaOrderOperations.handlers, AlibabaGoodsOperations.handlers,
    CartOperations.handlers, AccountOperations.handlers, WarehouseOperations.handlers,
  ].reduce(into: [:]) { $0.merge($1) { first, _ in first } }

  /// What is wrong with lists in one request: how old their rows are, and how many rows pages repeat.
  struct ListFault: Sendable, Hashable {
    var lag: Int64 = 0
    var overlap = 0
  }

  /// Carries out an operation at this world's instant; answers `data`.
  mutating func carryOut(_ call: Call, listFault: ListFault = ListFault()) throws(Refusal) -> JSON {
    guard let handler = World.handlers[call.operation] else { throw .unknown("operation", call.operation) }
    self.listFault = listFault
    defer { self.listFault = ListFault() }
    return try handler(&self, call)
  }

  func existingReverseOrder(_ id: String) throws(Refusal) -> ReverseOrder {
    guard let refund = reverseOrders[id] else { throw .unknown("reverse order", id) }
    return refund
  }

  /// A reverse order as a list that lags shows it; nil where the list does not have it yet.
  func listed(_ refund: ReverseOrder, lag: Int64) -> ReverseOrder? {
    guard lag > 0 else { return refund }
    guard refund.appliedAt <= now - lag else { return nil }
    guard let earlier = earlierReverseOrders[refund.id], earlier.changedAt > now - lag else { return refund }
    return earlier.order
  }
}

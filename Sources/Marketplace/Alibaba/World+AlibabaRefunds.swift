extension World {
  /// What a 1688 refund asks for.
  public struct AlibabaClaim: Sendable, Hashable {
    /// The entries it covers.
    public var entryIDs: [String]
    /// Whether goods go back.
    public var returning: Bool
    /// The input word of upstream.md 6.4.
    public var goodsStatus: String
    /// Goods and freight, in fen.
    public var payment: Int64, carriage: Int64
    /// The reason's id.
    public var reasonID: Int64
    /// The buyer's words.
    public var description: String
    /// Vouchers.
    public var vouchers: [String]

    /// A claim on entries.
    public init(
      entryIDs: [String], returning: Bool = false, goodsStatus: String = "refundWaitSellerSend", payment: Int64,
      carriage: Int64 = 0, reasonID: Int64 = 20_019, description: String = "不想要了", vouchers: [String] = []
    ) {
      self.entryIDs = entryIDs
      self.returning = returning
      self.goodsStatus = goodsStatus
      self.payment = payment
      self.carriage = carriage
      self.reasonID = reasonID
      self.description = description
      self.vouchers = vouchers
    }
  }

  /// Adds a 1688 refund that waits for its seller; answers its id, or nil where the order does not exist.
  @discardableResult
  public mutating func addAlibabaRefund(order orderID: String, _ claim: AlibabaClaim, age: Int64 = 0) -> String? {
    guard let order = alibabaOrders[orderID] else { return nil }
    let number = identifiers.next(.alibabaRefund)
    let id = "TQ" + number
    let afterSale = claim.goodsStatus.hasPrefix("aftersale")
    let entries = order.entries.filter { claim.entryIDs.contains($0.id) }
    var refund = AlibabaRefund(
      id: id, number: number, orderID: orderID, entryIDs: claim.entryIDs, sellerID: order.sellerID,
      returning: claim.returning, afterSale: afterSale, goodsStatus: claim.goodsStatus, payment: claim.payment,
      carriage: claim.carriage, maximum: entries.reduce(order.carriage) { $0 + $1.amount }, reasonID: claim.reasonID,
      description: claim.description, vouchers: claim.vouchers, appliedAt: now - age, deadline: 0)
    refund.deadline = now + window(refund)
    refund.operations.append(
      .init(
        type: 1, role: 1, remark: "退款货品金额：\(claim.payment)分", before: .waitingForSeller, after: .waitingForSeller,
        time: refund.appliedAt))
    alibabaRefunds.insert(refund)
    alibabaOrders.update(orderID) { order in
      for index in order.entries.indices where claim.entryIDs.contains(order.entries[index].id) {
        if afterSale { order.entries[index].afterSaleRefundID = id } else { order.entries[index].refundID = id }
      }
    }
    schedule(alibabaRefund: id)
    return id
  }

  private func window(_ refund: AlibabaRefund) -> Int64 {
    switch refund.status {
    case .waitingForSeller:
      refund.goodsStatus == "refundWaitSellerSend" ? windows.answerUnshipped : windows.answerShipped
    case .waitingForModification: windows.buyerModification
    case .waitingForReturn: windows.buyerReturn
    case .waitingForReceipt: windows.sellerReceipt
    case .succeeded, .closed: 0
    }
  }

  /// Lets an action happen to a 1688 refund, with all that follows from it; answers whether the state allowed it.
  @discardableResult
  public mutating func apply(_ action: AlibabaRefundAction, toAlibabaRefund id: String) -> Bool {
    guard var refund = alibabaRefunds[id],
      let next = AlibabaRefundMachine.next(refund.status, action, returning: refund.returning),
      action != .ship || refund.goodsStatus == "refundWaitSellerSend"
    else { return false }
    let before = refund.status
    refund.status = next
    refund.stamp += 1
    refund.modifiedAt = now
    if next.isTerminal { refund.completedAt = now } else { refund.deadline = now + window(refund) }
    var draws = generator("refund/\(id)", turn: refund.stamp)
    if action == .reject {
      refund.rejections += 1
      refund.rejectReason = draws.pick(Samples.refusals)?.explanation
    }
    let entry = AlibabaRefundMachine.logEntry(action, to: next)
    refund.operations.append(
      .init(type: entry.type, role: entry.role, remark: entry.remark, before: before, after: next, time: now))
    alibabaRefunds.insert(refund)
    tell(ofAlibabaRefund: id)
    schedule(alibabaRefund: id)
    if next == .succeeded { endOrderWhenRefunded(refund.orderID) }
    if action == .ship { apply(.ship, toAlibabaOrder: refund.orderID) }
    return true
  }

  private mutating func endOrderWhenRefunded(_ id: String) {
    guard let order = alibabaOrders[id] else { return }
    let refunded = order.entries.allSatisfy { entry in
      entry.refundID.flatMap { alibabaRefunds[$0] }?.status == .succeeded
    }
    if refunded { apply(.refundInFull, toAlibabaOrder: id) }
  }

  mutating func schedule(alibabaRefund id: String) {
    guard let refund = alibabaRefunds[id], !refund.status.isTerminal else { return }
    let subject = Agenda.Subject.alibabaRefund(id)
    agenda.note(.windowEnded, for: subject, stamp: refund.stamp, at: max(now, refund.deadline))
    guard let plan = sellerPlan(refund) else { return }
    agenda.note(.supplier(plan.action), for: subject, stamp: refund.stamp, at: plan.at)
  }

  private func sellerPlan(_ refund: AlibabaRefund) -> (action: AlibabaRefundAction, at: Int64)? {
    guard refund.status == .waitingForSeller || refund.status == .waitingForReceipt,
      let character = sellers[refund.sellerID]?.character
    else { return nil }
    var draws = generator("refund/\(refund.id)/seller", turn: refund.stamp)
    let receiving = refund.status == .waitingForReceipt
    let yes: AlibabaRefundAction = receiving ? .receiveGoods : .agree
    let left = max(0, refund.deadline - now)
    switch character {
    case .prompt: return (yes, now + min(draws.draw(Span.hour...12 * Span.hour), left * 9 / 10))
    case .slow: return (yes, now + left * draws.draw(60...95) / 100)
    case .refusing:
      return (
        refund.rejections < 2 ? .reject : yes, now + min(draws.draw(2 * Span.hour...36 * Span.hour), left * 9 / 10)
      )
    case .silent: return nil
    case .shipsAnyway:
      let ships = !receiving && refund.goodsStatus == "refundWaitSellerSend"
      return (ships ? .ship : yes, now + min(draws.draw(6 * Span.hour...30 * Span.hour), left * 9 / 10))
    }
  }
}

extension AlibabaRefundMachine {
  /// What the operation log says of an action (upstream.md 6.5; other numbers than those seen there are ours).
  static func logEntry(
    _ action: AlibabaRefundAction, to next: AlibabaRefundStatus
  ) -> (type: Int64, role: Int64, remark: String) {
    switch action {
    case .cancel: (3, 1, "买家撤销退款")
    case .modify: (2, 1, "买家修改退款协议")
    case .sendGoods: (10, 1, "买家已退货")
    case .receiveOrder: (9, 1, "买家确认收货，退款关闭")
    case .agree: next == .succeeded ? (8, 2, "退款成功") : (19, 2, "卖家同意退货，确认退货地址")
    case .reject: (15, 2, "卖家拒绝退款协议")
    case .ship: (11, 2, "卖家发货，退款关闭")
    case .receiveGoods: (8, 2, "卖家确认收到退货，退款成功")
    case .windowEnded: next == .closed ? (12, 4, "超时关闭") : next == .succeeded ? (8, 4, "超时退款成功") : (19, 4, "超时系统同意")
    }
  }
}

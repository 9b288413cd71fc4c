extension World {
  /// How to make a reverse order that already has a history.
  public struct ReverseOrderSpecification: Sendable {
    /// Its state now.
    public var status: RefundStatus = .waitingForSeller
    /// What is asked for.
    public var kind: RefundKind = .refundOnly
    /// Where the goods are (upstream.md 6.3).
    public var goodsStatus: Int64 = 1
    /// The amount in fen; nil: the whole line.
    public var fee: Int64?
    /// When it was applied for, in ms before now.
    public var age: Int64 = 0
    /// What is left of the window of its state, in ms; nil: the whole window.
    public var timeLeft: Int64?
    /// A return waybill that is on it whatever its state.
    public var hasReturnParcel = false
    /// The reason's id.
    public var reasonID: Int64 = 403_769

    /// A fresh claim for money before shipment.
    public init() {}
  }

  /// Adds a reverse order to an order's line, with the messages that its history implies; answers its id.
  ///
  /// Nil where the order or its line does not exist.
  @discardableResult
  public mutating func addReverseOrder(
    order orderID: String, line lineID: String, _ specification: ReverseOrderSpecification
  ) -> String? {
    guard let order = taobaoOrders[orderID], let line = order.lines.first(where: { $0.id == lineID }) else {
      return nil
    }
    let id = identifiers.next(.taobaoRefund)
    var draws = generator("refund/\(id)/history")
    let appliedAt = now - specification.age
    let window = window(specification.status, goodsStatus: specification.goodsStatus)
    let deadline =
      specification.status.isTerminal ? now - specification.age / 4 : now + (specification.timeLeft ?? window)
    var refund = ReverseOrder(
      id: id, orderID: orderID, lineID: lineID, sellerID: order.sellerID, status: specification.status,
      kind: specification.kind, goodsStatus: specification.goodsStatus,
      fee: specification.fee ?? line.productFee, maximumFee: line.productFee, reasonID: specification.reasonID,
      note: "客户申请售后，请尽快处理。", appliedAt: appliedAt, enteredAt: max(appliedAt, min(now, deadline - window)),
      deadline: deadline)
    refund.messages.append(
      RefundMessage(role: 4, nick: "ebb-buyer", content: "申请退款：\(RefundReason.text(refund.reasonID))", time: appliedAt))
    let nick = sellers[order.sellerID]?.nick ?? ""
    if specification.status == .refused {
      refund.refusal = draws.pick(Samples.refusals)
      refund.refusals = 1
      refund.messages.append(
        RefundMessage(role: 1, nick: nick, content: refund.refusal?.explanation ?? "", time: refund.enteredAt))
    }
    if specification.status.isTerminal {
      let shipped = specification.goodsStatus == 2 ? "卖家已发货，退款关闭" : "退款关闭"
      let text = specification.status == .succeeded ? "退款成功" : shipped
      refund.messages.append(RefundMessage(role: 5, nick: "系统", content: text, time: refund.enteredAt))
    }
    if specification.kind == .returnAndRefund, specification.status != .waitingForSeller {
      refund.agreement = draws.pick(Samples.agreements)
    }
    if specification.hasReturnParcel || specification.status == .returning {
      refund.goodsStatus = 5
      let carrier = draws.pick(Carrier.all) ?? Carrier.all[0]
      refund.returnParcel = ReturnParcel(
        waybill: Samples.waybill(carrier, &draws), carrier: carrier, buyerPhone: Samples.phone(&draws), note: "已寄回")
    }
    reverseOrders.insert(refund)
    taobaoOrders.update(orderID) { order in
      for index in order.lines.indices where order.lines[index].id == lineID { order.lines[index].refundID = id }
    }
    schedule(id)
    return id
  }

  /// The length of a state's window, in ms.
  func window(_ status: RefundStatus, goodsStatus: Int64) -> Int64 {
    switch status {
    case .waitingForSeller: goodsStatus == 1 ? windows.answerUnshipped : windows.answerShipped
    case .waitingForReturn: windows.buyerReturn
    case .returning: windows.sellerReceipt
    case .refused: windows.buyerModification
    case .paying: windows.payment
    case .succeeded, .closed: 0
    }
  }

  /// Lets an action happen to a reverse order, with all that follows from it; answers whether the state allowed it.
  @discardableResult
  public mutating func apply(_ action: RefundAction, toReverseOrder id: String) -> Bool {
    guard let before = reverseOrders[id],
      let next = RefundMachine.next(before.status, action, kind: before.kind),
      action != .ship || before.goodsStatus == 1
    else { return false }
    var refund = before
    refund.status = next
    refund.enteredAt = now
    refund.stamp += 1
    if !next.isTerminal { refund.deadline = now + window(next, goodsStatus: refund.goodsStatus) }
    describe(action, on: &refund)
    earlierReverseOrders[id] = Earlier(order: before, changedAt: now)
    reverseOrders.insert(refund)
    tell(ofReverseOrder: id)
    schedule(id)
    if next == .succeeded { closeOrderWhenRefunded(refund.orderID) }
    if action == .ship { ship(taobaoOrder: refund.orderID) }
    return true
  }

  private func describe(_ action: RefundAction, on refund: inout ReverseOrder) {
    let seller = sellers[refund.sellerID]
    var draws = generator("refund/\(refund.id)", turn: refund.stamp)
    func say(_ role: Int64, _ content: String) {
      let nick = role == 1 ? seller?.nick ?? "" : role == 4 ? "ebb-buyer" : "系统"
      refund.messages.append(RefundMessage(role: role, nick: nick, content: content, time: now))
    }
    switch action {
    case .cancel: say(4, "撤销退款申请")
    case .modify: say(4, "修改退款申请：\(refund.fee)分")
    case .submitReturn:
      refund.goodsStatus = 5
      say(4, "已寄回，运单号\(refund.returnParcel?.waybill ?? "")")
    case .confirmReceipt: say(5, "买家确认收货，退款关闭")
    case .agree,
      .windowEnded where refund.status == .waitingForReturn || refund.status == .paying:
      if refund.kind == .returnAndRefund, refund.status == .waitingForReturn {
        refund.agreement = draws.pick(Samples.agreements)
      }
      say(action == .agree ? 1 : 6, action == .agree ? "同意退款申请" : "超时，系统自动处理")
    case .windowEnded: say(6, "超时，系统自动处理")
    case .refuse, .refuseReturn:
      refund.refusals += 1
      refund.refusal = draws.pick(Samples.refusals)
      say(1, refund.refusal?.explanation ?? "")
    case .ship:
      refund.goodsStatus = 2
      say(5, "卖家已发货，退款关闭")
    case .confirmReturn:
      refund.goodsStatus = 6
      say(1, "确认收到退货")
    case .moneyArrived: say(5, "退款成功")
    }
  }

  /// Notes what will happen to a reverse order in its state: the end of its window, and what its seller does.
  mutating func schedule(_ id: String) {
    guard let refund = reverseOrders[id], !refund.status.isTerminal else { return }
    let subject = Agenda.Subject.taobaoRefund(id)
    if refund.status == .paying {
      agenda.note(.moneyArrived, for: subject, stamp: refund.stamp, at: max(now, refund.deadline))
      return
    }
    agenda.note(.windowEnded, for: subject, stamp: refund.stamp, at: max(now, refund.deadline))
    guard let plan = sellerPlan(refund) else { return }
    agenda.note(.seller(plan.action), for: subject, stamp: refund.stamp, at: plan.at)
  }

  /// What a seller of that character does with a reverse order in its state, and when.
  private func sellerPlan(_ refund: ReverseOrder) -> (action: RefundAction, at: Int64)? {
    guard refund.status == .waitingForSeller || refund.status == .returning,
      let character = sellers[refund.sellerID]?.character
    else { return nil }
    var draws = generator("refund/\(refund.id)/seller", turn: refund.stamp)
    let receiving = refund.status == .returning
    let yes: RefundAction = receiving ? .confirmReturn : .agree
    let left = max(0, refund.deadline - now)
    switch character {
    case .prompt: return (yes, now + min(draws.draw(Span.hour...(receiving ? 48 : 12) * Span.hour), left * 9 / 10))
    case .slow: return (yes, now + left * draws.draw(60...95) / 100)
    case .refusing:
      let refuses = refund.refusals < 2
      let action = refuses ? (receiving ? RefundAction.refuseReturn : .refuse) : yes
      return (action, now + min(draws.draw(2 * Span.hour...36 * Span.hour), left * 9 / 10))
    case .silent: return nil
    case .shipsAnyway:
      let ships = !receiving && refund.goodsStatus == 1
      return (ships ? .ship : yes, now + min(draws.draw(6 * Span.hour...30 * Span.hour), left * 9 / 10))
    }
  }
}

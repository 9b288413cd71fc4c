/// What people and upstreams do apart from the buyer's operations, for whoever arranges a world.
extension World {
  /// Changes the amount of a reverse order without a word, as an upstream correction would; in fen.
  ///
  /// - Returns: whether there is such a reverse order.
  @discardableResult
  public mutating func setFee(_ fen: Int64, ofReverseOrder id: String) -> Bool {
    reverseOrders.update(id) { $0.fee = fen }
  }

  /// Puts a message on a reverse order; they stay in the order of their time.
  ///
  /// - Returns: whether there is such a reverse order.
  @discardableResult
  public mutating func add(_ message: RefundMessage, toReverseOrder id: String) -> Bool {
    reverseOrders.update(id) { refund in
      let place = refund.messages.firstIndex { $0.time > message.time } ?? refund.messages.endIndex
      refund.messages.insert(message, at: place)
    }
  }

  /// Puts words into the mouth of a seller who refused, and says how often it was so far.
  ///
  /// - Returns: whether there is such a refund of either marketplace.
  @discardableResult
  public mutating func setRefusal(_ words: String?, times: Int?, ofRefund id: String) -> Bool {
    if reverseOrders[id] != nil {
      return reverseOrders.update(id) { refund in
        if let words { refund.refusal = (words, words) }
        if let times { refund.refusals = times }
      }
    }
    return alibabaRefunds.update(id) { refund in
      if let words { refund.rejectReason = words }
      if let times { refund.rejections = times }
    }
  }

  /// Lets a seller ask another price for an unpaid order, in fen, freight included.
  ///
  /// - Returns: whether there is such an order of either marketplace, unpaid.
  @discardableResult
  public mutating func setPrice(_ fen: Int64, ofOrder id: String) -> Bool {
    if taobaoOrders[id]?.status == .waitingForPayment {
      return taobaoOrders.update(id) { order in
        order.adjustment += fen - order.amount
        order.modifiedAt = now
      }
    }
    guard alibabaOrders[id]?.status == .waitingForPayment else { return false }
    alibabaOrders.update(id) { order in
      order.adjustment += fen - order.amount
      order.modifiedAt = now
    }
    tell(ofPriceOfAlibabaOrder: id)
    return true
  }

  /// Sets a window's end, in ms since 1970; what was planned for the old one is void.
  ///
  /// - Returns: whether there is such a refund of either marketplace, still open.
  @discardableResult
  public mutating func setDeadline(_ instant: Int64, ofRefund id: String) -> Bool {
    if reverseOrders[id]?.status.isTerminal == false {
      reverseOrders.update(id) { refund in
        refund.deadline = instant
        refund.stamp += 1
      }
      schedule(id)
      return true
    }
    guard alibabaRefunds[id]?.status.isTerminal == false else { return false }
    alibabaRefunds.update(id) { refund in
      refund.deadline = instant
      refund.stamp += 1
    }
    schedule(alibabaRefund: id)
    return true
  }

  /// Puts a waybill on a 1688 refund whose goods are on their way back.
  ///
  /// - Returns: whether there is such a refund.
  @discardableResult
  public mutating func setReturnParcel(ofAlibabaRefund id: String) -> Bool {
    guard alibabaRefunds[id]?.status == .waitingForReceipt else { return false }
    var draws = generator("refund/\(id)/parcel")
    let carrier = draws.pick(Carrier.all) ?? Carrier.all[0]
    let waybill = Samples.waybill(carrier, &draws)
    return alibabaRefunds.update(id) { refund in (refund.carrier, refund.waybill) = (carrier, waybill) }
  }
}

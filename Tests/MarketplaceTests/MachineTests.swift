import Testing

@testable import Marketplace

/// The transition tables, written out by hand from upstream.md 7; what is not listed is refused.
@Suite struct MachineTests {
  typealias Step<State, Action> = (from: State, action: Action, to: State)

  static let taobao: [RefundKind: [Step<RefundStatus, RefundAction>]] = {
    let shared: [Step<RefundStatus, RefundAction>] = [
      (.waitingForSeller, .refuse, .refused), (.waitingForSeller, .cancel, .closed),
      (.waitingForSeller, .ship, .closed),
      (.waitingForSeller, .confirmReceipt, .closed), (.waitingForSeller, .modify, .waitingForSeller),
      (.waitingForReturn, .submitReturn, .returning), (.waitingForReturn, .cancel, .closed),
      (.waitingForReturn, .windowEnded, .closed), (.returning, .confirmReturn, .paying),
      (.returning, .windowEnded, .paying), (.returning, .refuseReturn, .refused),
      (.refused, .modify, .waitingForSeller),
      (.refused, .cancel, .closed), (.refused, .windowEnded, .closed), (.paying, .moneyArrived, .succeeded),
      (.paying, .windowEnded, .succeeded),
    ]
    return [
      .refundOnly: shared + [
        (.waitingForSeller, .agree, .paying), (.waitingForSeller, .windowEnded, .paying),
      ],
      .returnAndRefund: shared + [
        (.waitingForSeller, .agree, .waitingForReturn), (.waitingForSeller, .windowEnded, .waitingForReturn),
      ],
    ]
  }()

  @Test(arguments: RefundKind.allCases, RefundStatus.allCases)
  func reverseOrders(_ kind: RefundKind, _ status: RefundStatus) throws {
    for action in RefundAction.allCases {
      let expected = MachineTests.taobao[kind]?.first { $0.from == status && $0.action == action }?.to
      #expect(RefundMachine.next(status, action, kind: kind) == expected, "\(status) \(action)")
    }
  }

  static func alibaba(returning: Bool) -> [Step<AlibabaRefundStatus, AlibabaRefundAction>] {
    var steps: [Step<AlibabaRefundStatus, AlibabaRefundAction>] = [
      (.waitingForSeller, .agree, returning ? .waitingForReturn : .succeeded),
      (.waitingForSeller, .windowEnded, returning ? .waitingForReturn : .succeeded),
      (.waitingForSeller, .reject, .waitingForModification), (.waitingForSeller, .ship, .closed),
      (.waitingForModification, .modify, .waitingForSeller), (.waitingForModification, .windowEnded, .closed),
      (.waitingForReturn, .sendGoods, .waitingForReceipt), (.waitingForReturn, .windowEnded, .closed),
      (.waitingForReceipt, .receiveGoods, .succeeded), (.waitingForReceipt, .windowEnded, .succeeded),
      (.waitingForReceipt, .reject, .waitingForModification),
    ]
    for open in AlibabaRefundStatus.allCases where open != .succeeded && open != .closed {
      steps += [(open, .cancel, .closed), (open, .receiveOrder, .closed)]
    }
    return steps
  }

  @Test(arguments: [true, false], AlibabaRefundStatus.allCases)
  func alibabaRefunds(_ returning: Bool, _ status: AlibabaRefundStatus) {
    for action in AlibabaRefundAction.allCases {
      let table = MachineTests.alibaba(returning: returning)
      let expected = table.first { $0.from == status && $0.action == action }?.to
      #expect(AlibabaRefundMachine.next(status, action, returning: returning) == expected, "\(status) \(action)")
    }
  }

  @Test(arguments: TaobaoOrderStatus.allCases) func taobaoOrders(_ status: TaobaoOrderStatus) {
    let table: [Step<TaobaoOrderStatus, TaobaoOrderAction>] = [
      (.building, .built, .waitingForPayment), (.building, .cancel, .closed),
      (.waitingForPayment, .pay, .waitingForShipment), (.waitingForPayment, .cancel, .closed),
      (.waitingForPayment, .expire, .closed), (.waitingForShipment, .ship, .waitingForReceipt),
      (.waitingForShipment, .refundInFull, .closed), (.waitingForReceipt, .confirmReceipt, .finished),
      (.waitingForReceipt, .refundInFull, .closed), (.finished, .refundInFull, .closed),
    ]
    for action in TaobaoOrderAction.allCases {
      let expected = table.first { $0.from == status && $0.action == action }?.to
      #expect(TaobaoOrderMachine.next(status, action) == expected, "\(status) \(action)")
    }
  }

  @Test(arguments: AlibabaOrderStatus.allCases) func alibabaOrders(_ status: AlibabaOrderStatus) {
    let table: [Step<AlibabaOrderStatus, AlibabaOrderAction>] = [
      (.waitingForPayment, .pay, .waitingForShipment), (.waitingForPayment, .cancel, .cancelled),
      (.waitingForPayment, .expire, .cancelled), (.waitingForShipment, .ship, .waitingForReceipt),
      (.waitingForShipment, .refundInFull, .terminated), (.waitingForReceipt, .receive, .received),
      (.waitingForReceipt, .refundInFull, .terminated), (.received, .settle, .succeeded),
    ]
    for action in AlibabaOrderAction.allCases {
      let expected = table.first { $0.from == status && $0.action == action }?.to
      #expect(AlibabaOrderMachine.next(status, action) == expected, "\(status) \(action)")
    }
  }
}

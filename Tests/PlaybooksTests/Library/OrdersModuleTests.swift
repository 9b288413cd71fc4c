import JSON
import PandaPon
import Testing

@testable import Playbooks

/// `ebb.orders` against the simulated marketplaces: what a playbook sees is what is so.
@Suite struct OrdersModuleTests {
  @Test(arguments: [
    ("BULIDING", "waiting_payment"), ("WAIT_BUYER_PAY", "waiting_payment"), ("12", "waiting_payment"),
    ("WAIT_SELLER_SEND_GOODS", "waiting_shipment"), ("10", "waiting_shipment"),
    ("WAIT_BUYER_CONFIRM_GOODS", "waiting_receipt"), ("TRADE_FINISHED", "finished"), ("TRADE_CLOSED", "closed"),
    ("TRADE_CLOSED_BY_TAOBAO", "closed"), ("WAIT_SOMEBODY", "unknown"), ("waitsellersend", "unknown"),
  ])
  func taobaosStates(_ status: String, _ state: String) async throws {
    let source = "return require('ebb.orders').order({ orderId = 1, status = '\(status)' }).state"
    #expect(try await Stage().result(source) == .string(state))
  }

  @Test(arguments: [
    ("waitbuyerpay", "waiting_payment"), ("waitsellersend", "waiting_shipment"),
    ("waitlogisticstakein", "waiting_receipt"), ("waitbuyerreceive", "waiting_receipt"),
    ("signinsuccess", "waiting_receipt"), ("confirm_goods", "finished"), ("success", "finished"),
    ("cancel", "closed"), ("terminated", "closed"), ("waitsomebody", "unknown"),
  ])
  func alibabasStates(_ status: String, _ state: String) async throws {
    let source = "return require('ebb.orders').order({ baseInfo = { id = 1, status = '\(status)' } }).state"
    #expect(try await Stage().result(source) == .string(state))
  }

  /// As lines of both marketplaces spell them, text or number.
  @Test(arguments: [
    ("'0'", "none"), ("0", "none"), ("nil", "none"), ("''", "none"), ("'-20'", "closed"), ("-20", "closed"),
    ("10", "waiting_seller"), ("'100'", "refunded"), ("'WAIT_SELLER_AGREE'", "waiting_seller"),
    ("'waitbuyermodify'", "refused"), ("'REFUND_SUCCESS'", "refunded"), ("'REFUND_CLOSED'", "closed"),
    ("'95'", "unknown"),
  ])
  func claimsOfLines(_ status: String, _ state: String) async throws {
    #expect(try await Stage().result("return require('ebb.aftersales').state_of(\(status))") == .string(state))
  }

  @Test(arguments: [
    ("orders.order(5)", "argument 1 must be an answer or a row"),
    ("orders.order({})", "holds no order that orders knows"),
    ("orders.reread({})", "there is no order id in this table"),
    ("orders.reread('1', 'ebay')", "the market is taobao or 1688, not ebay"),
  ])
  func mistakesAreNamed(_ call: String, _ words: String) async throws {
    let failure = try await Stage().failure("local orders = require('ebb.orders') return \(call)")
    #expect(failure.message.contains(words), "\(failure.message)")
  }

  /// Whatever stands for an order, it is read afresh from its marketplace.
  @Test(arguments: [
    ("'7'", "taobao.orders.get"), ("'7', '1688'", "alibaba.orders.get"),
    ("{ orderId = 7, status = 'x' }", "taobao.orders.get"),
    ("{ baseInfo = { idOfStr = '7' } }", "alibaba.orders.get"), ("{ market = '1688', id = '7' }", "alibaba.orders.get"),
    ("{ kind = 'alibaba.events.orderPriceChanged', body = { orderId = 7 } }", "alibaba.orders.get"),
    ("{ kind = 'taobao.events.orderStatusChanged', body = { purchaseId = '7' } }", "taobao.orders.get"),
  ])
  func rereads(_ item: String, _ operation: String) async throws {
    let api = ScriptedAPI(read: { call in
      call.operation.hasPrefix("alibaba")
        ? .answer(["baseInfo": ["id": 7, "status": "cancel"]]) : .answer(["orderId": "7", "status": "TRADE_CLOSED"])
    })
    let stage = Stage(api: api)
    #expect(try await stage.result("return require('ebb.orders').reread(\(item)).state") == "closed")
    #expect(api.calls.map(\.operation) == [operation])
    #expect(api.calls.first?.arguments["orderId"]?.scalarText == "7")
  }
}

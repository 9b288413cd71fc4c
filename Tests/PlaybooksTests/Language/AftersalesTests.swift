import JSON
import Journal
import Lua
import PandaPon
import Testing

@testable import Playbooks

@Suite struct AftersalesTests {
  /// What `aftersales.refund` makes of an answer: the fields that scripts compare.
  private static func subject(_ answer: JSON, sourceLocation: SourceLocation = #_sourceLocation) async throws -> JSON {
    let stage = Stage(api: ScriptedAPI(read: { _ in .answer(answer) }))
    let result = try await stage.result(
      """
      local s = require("ebb.aftersales").refund(account.addresses.get {})
      return {
        market = s.market, id = s.id, state = s.state, who = s.who, status = s.status, amount = s.amount and tostring(s.amount),
        waybill = s.waybill, carrier = s.carrier, supplier = s.supplier, order = s.order_id, line = s.line_id, title = s.title,
        refusal = s.refusal, deadline = s.deadline and s.deadline - now(), left = s.time_left, differs = s.clock_differs,
      }
      """, sourceLocation: sourceLocation)
    return try #require(result, sourceLocation: sourceLocation)
  }

  @Test(
    arguments: [
      ("0", "none", nil), ("10", "waiting_seller", "seller"), ("20", "waiting_return", "us"),
      ("30", "waiting_receipt", "seller"),
      ("90", "refunding", "marketplace"), ("100", "refunded", nil), ("-10", "refused", "us"), ("-20", "closed", nil),
      ("40", "unknown", nil), ("ten", "unknown", nil),
    ] as [(String, JSON, JSON?)])
  func taobaoStates(_ status: String, _ state: JSON, _ who: JSON?) async throws {
    for wire in [.string(status), Int64(status).map { .integer($0) }].compactMap(\.self) as [JSON] {
      let subject = try await Self.subject(.refund("7", status: wire))
      #expect(subject["state"] == state && subject["who"] == who)
      #expect(subject["status"] == .string(status) && subject["market"] == "taobao" && subject["id"] == "7")
    }
  }

  @Test(
    arguments: [
      ("waitselleragree", "waiting_seller", "seller"), ("WAIT_SELLER_AGREE", "waiting_seller", "seller"),
      ("waitbuyermodify", "refused", "us"), ("waitbuyersend", "waiting_return", "us"),
      ("waitsellerreceive", "waiting_receipt", "seller"),
      ("refundsuccess", "refunded", nil), ("refundclose", "closed", nil), ("REFUND_CLOSED", "closed", nil),
      ("odd", "unknown", nil),
    ] as [(JSON, JSON, JSON?)])
  func alibabaStates(_ status: JSON, _ state: JSON, _ who: JSON?) async throws {
    let subject = try await Self.subject([
      "result": ["opOrderRefundModelDetail": ["refundId": "TQ1", "status": status, "applyPayment": 1234]]
    ])
    #expect(subject["state"] == state && subject["who"] == who && subject["market"] == "1688")
    #expect(subject["amount"] == "12.34 CNY" && subject["id"] == "TQ1")
  }

  @Test func theFieldsOfBothMarkets() async throws {
    let taobao = try await Self.subject([
      "currency": "CNY",
      "refundOrderAggregate": [
        "refundOrder": [
          "refundId": 110_000_235_001, "refundStatus": "-10", "refundFee": "250", "sellerRefuseReason": "",
          "sellerRefuseReasonDescribe": "no",
        ],
        "purchaseOrderLine": [
          "supplierNick": "甲", "supplierId": "17", "purchaseOrderId": 5, "purchaseOrderLineId": "6", "itemTitle": "t",
        ],
        "logistics": ["logisticsNo": "SF1", "logisticsCompany": ["logisticCompanyCode": "SF"]],
      ],
    ])
    #expect(
      taobao["id"] == "110000235001" && taobao["amount"] == "2.50 CNY" && taobao["waybill"] == "SF1"
        && taobao["carrier"] == "SF")
    #expect(
      taobao["supplier"] == "甲" && taobao["order"] == "5" && taobao["line"] == "6" && taobao["title"] == "t"
        && taobao["refusal"] == "no")
    let alibaba = try await Self.subject([
      "refundId": "TQ1", "status": "waitbuyersend", "applyPayment": 5, "freightBill": "YT1", "buyerLogisticsName": "圆通",
      "sellerLoginId": "乙", "orderId": 9,
      "rejectReason": "late",
    ])
    #expect(
      alibaba["waybill"] == "YT1" && alibaba["carrier"] == "圆通" && alibaba["supplier"] == "乙" && alibaba["order"] == "9"
        && alibaba["refusal"] == "late")
  }

  @Test(arguments: ["", nil] as [JSON])
  func anEmptyWaybillIsNone(_ waybill: JSON) async throws {
    var answer = JSON.refund("1")
    answer.set(["logisticsNo": waybill], at: "/refundOrderAggregate/logistics")
    #expect(try await Self.subject(answer)["waybill"] == nil)
  }

  private static let hour: Int64 = 3_600_000

  @Test(
    arguments: [
      (48, 48, 48, 48, false), (48, 20, 48, 20, true), (20, 48, 20, 20, true), (48, nil, 48, 48, false),
      (nil, 20, 20, 20, false), (nil, nil, nil, nil, false),
      (-5, nil, -5, -5, false), (48, 0, 48, 0, true),
    ] as [(Int64?, Int64?, Int64?, Int64?, Bool)])
  func bothClocks(_ date: Int64?, _ remaining: Int64?, _ deadline: Int64?, _ left: Int64?, _ differs: Bool) async throws
  {
    let subject = try await Self.subject(
      .refund("1", timeout: date.map { Stage.start + $0 * Self.hour }, remaining: remaining.map { $0 * Self.hour }))
    #expect(subject["deadline"]?.integer == deadline.map { $0 * Self.hour })
    #expect(subject["left"]?.integer == left.map { $0 * Self.hour })
    #expect(subject["differs"] == .bool(differs))
  }

  @Test(arguments: ["0", "soon", "", nil] as [JSON])
  func anUnreadableDeadlineIsNone(_ date: JSON) async throws {
    var answer = JSON.refund("1")
    answer.set(date, at: "/refundOrderAggregate/refundOrder/timeoutDate")
    let subject = try await Self.subject(answer)
    #expect(subject["deadline"] == nil && subject["left"] == nil)
  }

  @Test(
    arguments: [
      "2026-11-02 08:00:00", "20261102080000000+0800", "2026-11-02T00:00:00Z", "1793577600000", 1_793_577_600_000,
    ] as [JSON])
  func everySpellingOfADate(_ date: JSON) async throws {
    let subject = try await Self.subject(["refundId": "TQ1", "status": "waitselleragree", "gmtTimeOut": date])
    #expect(subject["left"] == .integer(24 * Self.hour))
  }

  @Test(arguments: [
    ("'7'", "taobao.refunds.get", "7"), ("7", "taobao.refunds.get", "7"), ("{ id = '7' }", "taobao.refunds.get", "7"),
    ("{ refundId = 7 }", "taobao.refunds.get", "7"),
    ("{ refundOrder = { refundId = '7' } }", "taobao.refunds.get", "7"),
    ("{ refundOrderAggregate = { refundOrder = { refundId = '7' } } }", "taobao.refunds.get", "7"),
    ("{ messageBody = { refundId = '7' } }", "taobao.refunds.get", "7"),
    ("{ id = 'TQ7' }", "alibaba.refunds.get", "TQ7"), ("'TQ7'", "alibaba.refunds.get", "TQ7"),
    ("{ id = '7', market = '1688' }", "alibaba.refunds.get", "7"),
  ])
  func rereadsWhateverStandsForIt(_ item: String, _ operation: String, _ id: JSON) async throws {
    let api = ScriptedAPI(read: { call in
      call.operation == "taobao.refunds.get"
        ? .answer(.refund(call.arguments.refundID))
        : .answer(["refundId": .string(call.arguments.refundID), "status": "waitbuyersend"])
    })
    let result = try await Stage(api: api).result("return require('ebb.aftersales').reread(\(item)).id")
    #expect(result == id && api.calls.map(\.operation) == [operation])
  }

  @Test(arguments: ["{}", "nil", "{ refundOrder = {} }"])
  func whatStandsForNoneIsRefused(_ item: String) async throws {
    let stage = Stage()
    let failure = try await stage.failure("require('ebb.aftersales').reread(\(item))")
    #expect(failure.code == .invalid && stage.api.calls.isEmpty)
  }
}

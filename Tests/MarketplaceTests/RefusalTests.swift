import Catalogue
import JSON
import Testing

@testable import Marketplace

@Suite struct RefusalTests {
  /// The names of ids that nothing has to know: of people outside, or that are only echoed.
  static let free: Set<String> = ["outMemberId", "userId", "tmallOrderId"]

  @Test func missingArgumentsAreNamed() async throws {
    for operation in OperationTests.operations {
      let required = operation.parameters.filter { $0.isRequired && $0.location == .query }.map(\.name)
      let members = operation.body?.properties.filter(\.isRequired).map(\.name) ?? []
      for name in required + members where !["timestamp", "sign"].contains(name) {
        try await Harness.with(.memory, SimulatorOptions()) { client in
          var call = try await client.marketplace.withWorld { try $0.validCall(operation.id) }
          call.query[name] = nil
          call.body?[name] = nil
          let answer = try await call.request(operation, client)
          #expect(answer.code == 400, "\(operation.id) without \(name): \(answer.body)")
          #expect(answer.data == .null)
        }
      }
    }
  }

  @Test func unknownIDsAreNotFound() async throws {
    for operation in OperationTests.operations {
      let parameters = operation.parameters.filter { $0.isRequired && $0.schema.isID }.map(\.name)
      let members =
        operation.body?.properties.filter { $0.isRequired && ($0.schema.isID || $0.schema.items?.isID == true) }.map(
          \.name)
        ?? []
      for name in parameters + members where !RefusalTests.free.contains(name) {
        try await Harness.with(.memory, SimulatorOptions()) { client in
          var call = try await client.marketplace.withWorld { try $0.validCall(operation.id) }
          if call.path[name] != nil { call.path[name] = "999999" }
          if call.query[name] != nil { call.query[name] = 999_999 }
          if call.body?[name]?.array != nil {
            call.body?[name] = [999_999]
          } else if call.body?[name] != nil {
            call.body?[name] = 999_999
          }
          let answer = try await call.request(operation, client)
          let expected: [Int64] = name == "applyReasonId" ? [400] : [404]
          #expect(expected.contains(answer.code ?? 0), "\(operation.id) with unknown \(name): \(answer.body)")
        }
      }
    }
  }

  struct Refused: Sendable, CustomTestStringConvertible {
    let operation: String
    let change: @Sendable (inout World, inout ValidCall) throws -> Void
    let code: Int64
    let note: String
    var testDescription: String { "\(operation): \(note)" }
  }

  static let refused: [Refused] = [
    Refused(
      operation: "taobao.refunds.modify",
      change: { $1.body?["refundId"] = .string(try $0.reverseOrder(.waitingForReturn).id) }, code: 409,
      note: "modify only from 10 and -10"),
    Refused(
      operation: "taobao.refunds.submitReturn",
      change: { $1.body?["refundId"] = .string(try $0.reverseOrder(.returning).id) }, code: 409,
      note: "a return only where one is awaited"),
    Refused(
      operation: "taobao.refunds.submitReturn", change: { $1.body?["logisticsCompanyCode"] = "NOPE" }, code: 400,
      note: "a carrier that is offered"),
    Refused(
      operation: "taobao.refunds.submitReturn",
      change: {
        $1.body?["logisticsNo"] = .string(try #require(try $0.reverseOrder(.returning).returnParcel).waybill)
      }, code: 400, note: "a waybill of one's own"),
    Refused(
      operation: "taobao.refunds.submitReturn", change: { $1.body?["logisticsNo"] = "１２３" }, code: 400,
      note: "a waybill of letters and digits"),
    Refused(
      operation: "taobao.refunds.renderReturn",
      change: { $1.query["refundId"] = .string(try $0.reverseOrder(.refused).id) }, code: 409,
      note: "no return to render"),
    Refused(
      operation: "taobao.refunds.sendMessage",
      change: { $1.body?["refundId"] = .string(try $0.reverseOrder(.closed).id) }, code: 409, note: "closed is closed"),
    Refused(
      operation: "taobao.refunds.sendMessage",
      change: { $1.body?["refundMessage"] = .string(String(repeating: "中", count: 134)) }, code: 400,
      note: "at most 400 bytes"),
    Refused(
      operation: "taobao.refunds.create", change: { $1.body?["refundFee"] = 100_000_000 }, code: 400,
      note: "not more than was paid"),
    Refused(
      operation: "taobao.refunds.create", change: { $1.body?["reasonId"] = 403_713 }, code: 400,
      note: "a reason of this goods status"),
    Refused(
      operation: "taobao.refunds.create",
      change: {
        $1.body?["goodsStatus"] = 4
        $1.body?["reasonId"] = 403_713
      }, code: 400, note: "received before it was shipped"),
    Refused(
      operation: "taobao.refunds.create", change: { $1.body?["images"] = ["a", "b", "c", "d"] }, code: 400,
      note: "at most three images"),
    Refused(
      operation: "taobao.orders.create", change: { $1.body?["purchaseAmount"] = 1 }, code: 409,
      note: "within the budget"),
    Refused(
      operation: "taobao.orders.create", change: { $1.body?["orderLineList"] = "[{" }, code: 400,
      note: "JSON inside the string"),
    Refused(
      operation: "taobao.orders.cancel",
      change: { $1.body?["orderId"] = .string(try $0.taobaoOrder(.finished).id) }, code: 409, note: "too late"),
    Refused(
      operation: "alibaba.refunds.create", change: { $1.body?["applyPayment"] = 1 }, code: 400,
      note: "all of it before shipment"),
    Refused(
      operation: "alibaba.refunds.create", change: { $1.body?["disputeRequest"] = "returnRefund" }, code: 400,
      note: "nothing to send back"),
    Refused(
      operation: "alibaba.refunds.create", change: { $1.body?["goodsStatus"] = "aftersaleBuyerReceived" }, code: 409,
      note: "not after the sale"),
    Refused(
      operation: "alibaba.refunds.create", change: { $1.body?["description"] = "嗯" }, code: 400,
      note: "two characters at least"),
    Refused(
      operation: "alibaba.orders.cancel",
      change: { $1.body?["orderId"] = .string(try $0.alibabaOrder(.cancelled).id) }, code: 409,
      note: "cancelled already"),
    Refused(
      operation: "alibaba.orders.create",
      change: { world, call in
        let seller = world.alibabaProducts[0].sellerID
        let other = try #require(world.alibabaProducts.first { $0.sellerID != seller })
        var cargo = try #require(call.body?["cargoParamList"]?.array)
        cargo.append([
          "offerId": .string(other.id), "specId": .string(other.variants[0].specID), "quantity": 5,
        ])
        call.body?["cargoParamList"] = .array(cargo)
      }, code: 400, note: "one seller"),
  ]

  @Test(arguments: refused) func theStateOrTheArgumentForbids(_ refused: Refused) async throws {
    let operation = try #require(OperationTests.operations.first { $0.id == refused.operation })
    try await Harness.with(.memory, SimulatorOptions()) { client in
      let (call, before) = try await client.marketplace.withWorld { world in
        var call = try world.validCall(refused.operation)
        try refused.change(&world, &call)
        return (call, world.summary)
      }
      let answer = try await call.request(operation, client)
      #expect(answer.code == refused.code, "\(answer.body)")
      let after = await client.marketplace.withWorld { $0.summary }
      #expect(before["taobao"] == after["taobao"])
      #expect(before["alibaba"] == after["alibaba"])
    }
  }
}

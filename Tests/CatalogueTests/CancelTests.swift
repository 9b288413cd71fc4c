import JSON
import Testing

@testable import Catalogue

/// The operation of the main job, on its documented answer.
struct CancelTests {
  let operation: Operation
  let data: JSON

  init() throws {
    operation = try #require(embedded["taobao.refunds.cancel"])
    data = try #require(try JSON(parsing: Fixture.text("cancel-response.json"))["data"])
  }

  @Test func documentedAnswerDecodesWithoutLoss() {
    #expect(operation.decode(data) == data)
    #expect(operation.decode(data).text() == data.text())
  }

  @Test(arguments: [JSON.integer(-20), "-20"])
  func statusIsText(_ status: JSON) {
    var flipped = data
    flipped.set(status, at: "/refundOrderAggregate/refundOrder/refundStatus")
    #expect(operation.decode(flipped) == data)
  }

  @Test func takesItsIDBare() throws {
    for given: JSON in ["110000235001", 110_000_235_001, ["refundId": "110000235001"]] {
      let arguments = try operation.arguments(from: given)
      #expect(arguments.path == ["refundId": "110000235001"])
      #expect(arguments.body == nil)
      #expect(arguments.query.isEmpty)
      #expect(arguments.script == ["refundId": "110000235001"])
      #expect(operation.claims(of: arguments) == [Claim(kind: "taobao.refund", id: "110000235001")])
    }
  }

  @Test(
    arguments: [
      (JSON.bool(true), Judgement.confirmed), ("true", .confirmed), (.null, .hinted), ("maybe", .rejected("")),
      (false, .rejected("")),
    ] as [(JSON, Judgement)])
  func flagDecides(_ flag: JSON, _ expected: Judgement) {
    var answer = data
    answer["cancelSuccess"] = flag
    switch (operation.judge(operation.decode(answer)), expected) {
    case (.rejected, .rejected): break
    case (let found, let expected): #expect(found == expected)
    }
  }

  @Test(
    arguments: [
      (JSON.string("-20"), ReadBack.done), (-20, .done), ("10", .notDone), ("-10", .notDone), (30, .unclear("")),
      ("77", .unclear("")),
      (.null, .unclear("")),
    ] as [(JSON, ReadBack)])
  func readBackDecides(_ status: JSON, _ expected: ReadBack) throws {
    let arguments = try operation.arguments(from: "110000235001")
    #expect(
      operation.readBacks(of: arguments) == [
        ReadRequest(operation: "taobao.refunds.get", arguments: ["refundId": "110000235001"])
      ])
    var answer = data
    answer.set(status, at: "/refundOrderAggregate/refundOrder/refundStatus")
    switch (operation.judgeReadBack(of: arguments, data: answer), expected) {
    case (.unclear, .unclear): break
    case (let found, let expected): #expect(found == expected)
    }
  }

  @Test func amountIsTheRefundsFee() throws {
    let arguments = try operation.arguments(from: "110000235001")
    #expect(operation.amount(in: data) == Fen(4))
    #expect(operation.before?.direction == .forgone)
    #expect(operation.amount(in: [data], arguments: arguments) == Fen(4))
    var broken = data
    broken.set("4.5", at: "/refundOrderAggregate/refundOrder/refundFee")
    #expect(operation.amount(in: broken) == nil)
  }

  @Test func planShowsTheRefundClosed() throws {
    let arguments = try operation.arguments(from: "110000235001")
    var open = data
    open.set("10", at: "/refundOrderAggregate/refundOrder/refundStatus")
    let planned = try #require(operation.plannedAnswer(to: arguments, before: open, placeholder: "plan:1"))
    #expect(planned["cancelSuccess"] == true)
    let read = ReadRequest(operation: "taobao.refunds.get", arguments: ["refundId": "110000235001"])
    let shown = operation.overlay(on: open, of: read, arguments: arguments, answer: planned)
    #expect(shown[pointer: "/refundOrderAggregate/refundOrder/refundStatus"] == "-20")
    let other = ReadRequest(operation: "taobao.refunds.get", arguments: ["refundId": "2"])
    #expect(operation.overlay(on: open, of: other, arguments: arguments, answer: planned) == open)
  }
}

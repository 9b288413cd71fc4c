import Catalogue
import JSON
import Journal
import Testing

@testable import Playbooks

/// What later reads show of captured writes, and what a plan keeps of each.
@Suite struct PlanWorldTests {
  private static func operation(_ id: String) throws -> Operation { try #require(catalogue[id]) }

  private static func request(_ id: String, _ arguments: JSON) -> ReadRequest {
    ReadRequest(operation: id, arguments: arguments)
  }

  /// Captures a cancel of a Taobao refund that was read as given.
  @discardableResult
  private static func cancel(
    _ id: String, at path: StepPath, in world: inout PlanWorld, reading data: JSON, isSeen: Bool = true
  ) throws -> JSON {
    let operation = try operation("taobao.refunds.cancel")
    let request = request("taobao.refunds.get", ["refundId": .string(id)])
    let shown = world.shown(data, of: request)
    return world.capture(
      PlanWorld.Capture(
        operation: operation, arguments: try operation.arguments(from: .string(id)), path: path,
        befores: [(request, shown.data, shown.by)], resources: ["taobao.refund:\(id)"],
        charge: Charge(minorUnits: 100, currency: "CNY", direction: .forgone),
        act: PendingStep.Act(subject: Subject(JSON.object(["id": .string(id)])), reason: "too old")),
      isSeen: isSeen)
  }

  private static let status: JSONPointer = "/refundOrderAggregate/refundOrder/refundStatus"

  @Test func aCapturedCancelIsSeenByTheSameReadAlone() throws {
    var world = PlanWorld()
    let answer = try Self.cancel("1", at: StepPath([2]), in: &world, reading: .refund("1"))
    #expect(answer["cancelSuccess"] == true)
    let same = world.shown(.refund("1"), of: Self.request("taobao.refunds.get", ["refundId": 1]))
    #expect(same.data[pointer: Self.status] == "-20" && same.by == [StepPath([2])])
    let other = world.shown(.refund("2"), of: Self.request("taobao.refunds.get", ["refundId": "2"]))
    #expect(other.data == .refund("2") && other.by.isEmpty)
  }

  @Test func rowsOfAListShowIt() throws {
    var world = PlanWorld()
    try Self.cancel("1", at: StepPath([2]), in: &world, reading: .refund("1"))
    let list: JSON = ["data": [.row("1"), .row("2")]]
    let shown = world.shown(list, of: Self.request("taobao.refunds.list", ["pageNo": 1])).data
    #expect(shown[pointer: "/data/0/refundOrder/refundStatus"] == "-20")
    #expect(shown[pointer: "/data/1"] == .row("2"))
  }

  @Test func whatWaitsForAPersonIsKeptAndNotShown() throws {
    var world = PlanWorld()
    try Self.cancel("1", at: StepPath([2]), in: &world, reading: .refund("1"), isSeen: false)
    #expect(world.effects.count == 1)
    #expect(
      world.shown(.refund("1"), of: Self.request("taobao.refunds.get", ["refundId": "1"])).data == .refund("1"))
  }

  @Test func anEffectSaysOnWhatItStandsAndWhatItChanges() throws {
    var world = PlanWorld()
    try Self.cancel("1", at: StepPath([2]), in: &world, reading: .refund("1", fee: 700))
    let effect = try #require(world.effects.first)
    let fields = try #require(effect.readings.first).fields
    #expect(fields.contains(PlannedEffect.Field(Self.status, "10")))
    #expect(fields.contains(PlannedEffect.Field("/refundOrderAggregate/logistics/logisticsNo", .null)))
    #expect(effect.changes == [PlannedChange(field: Self.status, before: "10", after: "-20")])
    #expect(effect.subject == ["id": "1"] && effect.reason == "too old" && effect.after.isEmpty)
  }

  @Test func aSecondWriteOnAResourceSeesTheFirstAndStandsOnIt() throws {
    var world = PlanWorld()
    try Self.cancel("1", at: StepPath([2]), in: &world, reading: .refund("1"))
    try Self.cancel("2", at: StepPath([3]), in: &world, reading: .refund("2"))
    try Self.cancel("1", at: StepPath([4]), in: &world, reading: .refund("1"))
    #expect(world.effects.map(\.after) == [[], [], [StepPath([2])]])
    #expect(world.effects[2].readings[0].fields.contains(PlannedEffect.Field(Self.status, "-20")))
    #expect(world.effects[2].changes.isEmpty)
  }

  @Test func anIdThatWouldBeCreatedIsAPlaceholder() throws {
    var world = PlanWorld()
    let submit = try Self.operation("taobao.refunds.create")
    let given: JSON = [
      "purchaseOrderLineId": "900", "refundType": 1, "goodsStatus": 1, "reasonId": 1, "refundFee": 100,
    ]
    let answer = world.capture(
      PlanWorld.Capture(
        operation: submit, arguments: try submit.arguments(from: given), path: StepPath([1]), befores: [],
        resources: ["taobao.order_line:900"], charge: nil))
    #expect(answer["refundId"] == "plan:1/refundId")
    let effect = try #require(world.effects.first)
    #expect(Set(effect.creates.keys) == ["plan:1/refundId"])
    #expect(effect.creates["plan:1/refundId"]?.contains("/refundId") == true)

    // It cannot be read; what is known of it is what its write answers.
    let get = try Self.operation("taobao.refunds.get")
    let named: JSON = ["refundId": "plan:1/refundId"]
    #expect(world.isOnlyPlanned(named) && !world.isOnlyPlanned(["refundId": "1"]))
    #expect(world.known(of: get, named)?[pointer: Self.status] == "10")
    let order = try Self.operation("taobao.orders.get")
    #expect(world.known(of: order, ["orderId": "plan:1/refundId"]) == nil)

    // A later write that uses it stands on it.
    let cancel = try Self.operation("taobao.refunds.cancel")
    let arguments = try cancel.arguments(from: named, admitting: Set(world.placeholders.keys))
    _ = world.capture(
      PlanWorld.Capture(
        operation: cancel, arguments: arguments, path: StepPath([2]), befores: [],
        resources: ["taobao.refund:plan:1/refundId"], charge: nil))
    #expect(world.effects[1].after == [StepPath([1])])
    #expect(world.known(of: get, named)?[pointer: Self.status] == "-20")
  }
}

/// What counts as drift.
@Suite struct DriftTests {
  private static let fields = [
    "/refundOrderAggregate/refundOrder/refundStatus", "/refundOrderAggregate/refundOrder/refundFee",
    "/refundOrderAggregate/logistics/logisticsNo",
  ]

  private static func drift(from planned: JSON, to now: [JSON]) throws -> [Drift] {
    let cancel = try #require(catalogue["taobao.refunds.cancel"])
    let reading = PlannedEffect.Reading(
      operation: "taobao.refunds.get", arguments: ["refundId": "1"],
      fields: cancel.watchedFields(in: planned).map { PlannedEffect.Field($0.pointer, $0.value) })
    return Expectation(readings: [reading], charge: nil).drift(of: cancel, in: now)
  }

  @Test(arguments: [
    (JSON.refund("1"), [String]()),
    (.refund("1", status: 10), []),
    (.refund("1", timeout: 5, remaining: 7), []),
    (.refund("1", status: "30"), ["/refundOrderAggregate/refundOrder/refundStatus"]),
    (.refund("1", fee: 99), ["/refundOrderAggregate/refundOrder/refundFee"]),
    (.refund("1", waybill: "SF1"), ["/refundOrderAggregate/logistics/logisticsNo"]),
    (.refund("1", status: "30", waybill: "SF1"), [fields[0], fields[2]]),
  ])
  func onlyTheListedFieldsCount(_ now: JSON, _ expected: [String]) throws {
    #expect(try Self.drift(from: .refund("1"), to: [now]).map(\.field.description) == expected)
  }

  @Test func whatWasThereAndIsGoneIsADrift() throws {
    let drift = try Self.drift(from: .refund("1", waybill: "SF1"), to: [.refund("1")])
    #expect(
      drift == [
        Drift(
          operation: "taobao.refunds.get", field: JSONPointer(stringLiteral: Self.fields[2]), planned: "SF1", now: .null
        )
      ])
  }

  @Test func aReadThatIsMissingIsADriftOfAllThatWasRead() throws {
    #expect(try Self.drift(from: .refund("1"), to: []).map(\.now) == [.null, .null])
  }
}

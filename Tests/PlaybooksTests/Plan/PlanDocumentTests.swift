import Catalogue
import JSON
import Journal
import Testing

@testable import Playbooks

@Suite struct PlanDocumentTests {
  private static func document() -> PlanDocument {
    let effect = PlannedEffect(
      path: StepPath([5, 2]), operation: "taobao.refunds.cancel", arguments: ["refundId": "1"],
      subject: ["id": "1", "amount": ["fen": 100, "currency": "CNY"]], reason: "too old", line: "scripts/x.lua:3",
      resources: ["taobao.refund:1"],
      readings: [
        PlannedEffect.Reading(
          operation: "taobao.refunds.get", arguments: ["refundId": "1"],
          fields: [PlannedEffect.Field("/a/b~1c", "10"), PlannedEffect.Field("/d", .null)])
      ],
      changes: [PlannedChange(field: "/a/b~1c", before: "10", after: "-20")],
      charge: Charge(minorUnits: 100, currency: "CNY", direction: .forgone), approval: "100.00 CNY and more",
      waits: Stage.start + 1000, creates: ["plan:5/2/refundId": ["/refundId", "/x/0/refundId"]],
      after: [StepPath([4])])
    let bare = PlannedEffect(path: StepPath([6]), operation: "taobao.cart.add", arguments: [:])
    return PlanDocument(
      playbook: "x", title: "X", file: "scripts/x.lua", version: "abc",
      shop: PlanDocument.Shop(name: "shop1", baseURL: "https://api.pandapon.com", userID: nil),
      parameters: ["limit": 5], guards: ["stop_after": 3], created: Stage.start, by: "li@desk",
      effects: [effect, bare],
      approvals: [PlannedApproval(path: StepPath([1]), title: "May it?", items: [["id": "1"]])],
      tally: ["planned": 2])
  }

  @Test func readsWhatItWrites() throws {
    let document = Self.document()
    for text in [document.json.text(.pretty), document.json.text(.compact)] {
      #expect(try PlanDocument(parsing: JSON(parsing: text)) == document)
    }
    #expect(document.expires == Stage.start + 86_400_000)
    #expect(document.record.digest == document.digest && document.record.expires == document.expires)
    #expect(document.run.text == "apply-\(document.digest.prefix(16))")
  }

  @Test func theDigestDoesNotDependOnTheOrderOfMembers() throws {
    let members = try #require(Self.document().json.object)
    let turned = JSON.object(JSONObject(members.reversed().map { (key: $0.key, value: $0.value) }))
    #expect(try PlanDocument(parsing: turned).digest == Self.document().digest)
  }

  @Test(arguments: [
    "/effects/0/arguments/refundId", "/effects/0/before/0/fields/0/value", "/effects/0/amount/fen", "/expires",
    "/profile/base_url", "/guards/stop_after", "/digest", "/tally/planned", "/effects/0/reason",
  ])
  func anyChangeIsFound(_ place: String) throws {
    var json = Self.document().json
    let isChanged = json.set("2", at: JSONPointer(stringLiteral: place))
    #expect(isChanged)
    #expect(throws: PlanProblem.edited) { try PlanDocument(parsing: json) }
  }

  @Test(arguments: [
    (JSON.null, "no_plan"), (JSON.array([]), "no_plan"), (JSON.object(["ebb_plan": "1"]), "no_plan"),
    (JSON.object(["ebb_plan": 2]), "plan_format"), (JSON.object(["ebb_plan": 1]), "plan_edited"),
  ])
  func refusesWhatIsNoPlan(_ json: JSON, _ label: String) throws {
    let problem = try #require(throws: PlanProblem.self) { try PlanDocument(parsing: json) }
    #expect(problem.label == label)
  }

  @Test func totalsAreByDirectionAndCurrency() {
    func effect(_ minorUnits: Int64, _ currency: String, _ direction: Charge.Direction) -> PlannedEffect {
      PlannedEffect(
        path: StepPath([1]), operation: "o", arguments: [:],
        charge: Charge(minorUnits: minorUnits, currency: currency, direction: direction))
    }
    let totals = PlanTotal.sums(of: [
      effect(5, "CNY", .forgone), effect(7, "USD", .out), effect(3, "CNY", .out), effect(4, "CNY", .out),
      PlannedEffect(path: StepPath([2]), operation: "o", arguments: [:]),
    ])
    #expect(totals.map(\.amount.description) == ["0.07 CNY", "0.07 USD", "0.05 CNY"])
    #expect(totals.map(\.direction) == [.out, .out, .forgone] && totals.map(\.count) == [2, 1, 1])
  }

  @Test func theClockOfAPlanIsWhereItSleptTo() async throws {
    let base = VirtualClock(1000)
    let clock = PlanClock(over: base)
    try await clock.sleep(until: 90_000)
    try await clock.sleep(until: 5000)
    #expect(clock.now() == 90_000 && base.now() == 1000)
    base.advance(by: 10)
    #expect(clock.now() == 90_010)
  }

  @Test(arguments: [
    "{}", #"{"writes": []}"#, #"{"writes": ["taobao.refunds.cancel"], "stop_after": 3}"#,
    #"{"max_writes": {"run": 5}}"#,
    #"{"max_amount": {"run": {"fen": 5, "currency": "USD"}, "day": {"fen": 9, "currency": "USD"}}}"#,
    #"{"require_approval": {"amount": {"fen": 100, "currency": "CNY"}, "count": 2}, "quiet_hours": "23:00-08:00"}"#,
    #"{"quiet_hours": ["23:00-08:00", {"hours": "12:00-13:00", "zone": "Europe/Berlin"}], "same_subject": {"every": 86400000}}"#,
    #"{"require_approval": {"count": 0, "expires": 1000}, "same_subject": {"times": 3}}"#,
  ])
  func guardsReadWhatTheyWrite(_ text: String) throws {
    let json = try JSON(parsing: text)
    let guards = try Guards(parsing: json)
    #expect(guards.json == json)
    #expect(try Guards(parsing: guards.json) == guards)
  }
}

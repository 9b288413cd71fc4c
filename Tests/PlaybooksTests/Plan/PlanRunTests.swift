import Catalogue
import JSON
import Journal
import PandaPon
import Redaction
import Testing

@testable import Playbooks

/// What a script sees while it only plans, and what comes of it.
@Suite struct PlanRunTests {
  private static let cancels = """
    each({ "1", "2" }, function(id)
      act({ id = id }, "too old", taobao.refunds.cancel, { refundId = id })
    end)
    """

  @Test func writesAreCapturedAndNotSent() async throws {
    let refunds = Refunds(["1": 100, "2": 250])
    let stage = Stage(api: refunds.api)
    let (report, plan) = try await stage.plan(Self.cancels)
    #expect(stage.api.count("taobao.refunds.cancel") == 0)
    #expect(refunds.status("1") == "10")
    #expect(report.status == .succeeded && report.failure == nil)
    #expect(report.lines == ["1 planned too old", "2 planned too old"])
    #expect(report.outcomes == ["taobao.refund:1 planned", "taobao.refund:2 planned"])
    #expect(plan.effects.map(\.resources) == [["taobao.refund:1"], ["taobao.refund:2"]])
    #expect(plan.effects.map(\.charge?.minorUnits) == [100, 250])
    #expect(plan.totals.map(\.amount.minorUnits) == [350] && plan.totals.map(\.direction) == [.forgone])
    #expect(plan.effects.first?.changes.map(\.after) == ["-20"])
    #expect(plan.effects.first?.line == "scripts/test.lua:2")
    #expect(plan.playbook == "test" && plan.created == Stage.start)
  }

  @Test func aPlanHoldsNoWriter() async throws {
    let surroundings = RunSurroundings(
      planning: catalogue,
      reader: ReadingClient(
        profile: try Profile(name: "shop", baseURL: BaseURL(parsing: "http://127.0.0.1:1")),
        credentials: FixedCredentials(
          try Credentials(accessKey: "key-of-nobody", secret: SecretBytes("m00nlit-tide-5kz2qx".utf8))),
        transport: HTTPTransport()),
      journal: MemoryJournal())
    #expect(Self.writers(in: surroundings).isEmpty)
    // The same walk finds the writer of a live run.
    #expect(!Self.writers(in: Stage().surroundings).isEmpty)
  }

  /// Everything reachable by stored properties that can write.
  private static func writers(in value: Any, depth: Int = 0) -> [String] {
    if depth > 8 { return [] }
    if value is any Writer { return ["\(type(of: value))"] }
    return Mirror(reflecting: value).children.flatMap { writers(in: $0.value, depth: depth + 1) }
  }

  @Test func laterReadsShowWhatIsPlanned() async throws {
    let api = ScriptedAPI(
      read: { call in
        call.operation == "taobao.refunds.list"
          ? .answer(["data": [.row("1"), .row("2")]]) : .answer(.refund(call.arguments.refundID))
      })
    let script = """
      local function status(answer) return answer.refundOrder.refundStatus end
      local answer = taobao.refunds.cancel "1"
      local rows = taobao.refunds.list { pageSize = 5 }.data
      return { answer.cancelSuccess, status(taobao.refunds.get "1".refundOrderAggregate),
        status(taobao.refunds.get "2".refundOrderAggregate), status(rows[1]), status(rows[2]) }
      """
    let (report, _) = try await Stage(api: api).plan(script)
    #expect(report.failure == nil)
    #expect(report.result == [true, "-20", "10", "-20", "10"])
  }

  @Test func placeholdersGoThroughDependentWrites() async throws {
    let api = ScriptedAPI(read: { _ in .answer(["saleFlag": true]) })
    let script = """
      local made = taobao.refunds.create {
        purchaseOrderLineId = "900", refundType = 1, goodsStatus = 1, reasonId = 1, refundFee = 100 }
      local seen = taobao.refunds.get(made.refundId)
      taobao.refunds.sendMessage { refundId = made.refundId, refundMessage = "about " .. made.refundId }
      return { made.refundId, seen.refundOrderAggregate.refundOrder.refundStatus }
      """
    let stage = Stage(api: api)
    let (report, plan) = try await stage.plan(script)
    #expect(report.failure == nil)
    #expect(report.result == ["plan:1/refundId", "10"])
    #expect(plan.effects.map(\.operation) == ["taobao.refunds.create", "taobao.refunds.sendMessage"])
    #expect(plan.effects[1].after == [plan.effects[0].path])
    #expect(plan.effects[1].arguments["refundMessage"] == "about plan:1/refundId")
    #expect(plan.effects[1].readings.isEmpty)
    #expect(stage.api.count("taobao.refunds.get") == 0, "what is only planned is not asked for")
  }

  @Test func whatIsOnlyPlannedAndNotKnownIsNotFound() async throws {
    let script = """
      local made = taobao.refunds.create {
        purchaseOrderLineId = "900", refundType = 1, goodsStatus = 1, reasonId = 1, refundFee = 100 }
      local ok, err = pcall(taobao.refunds.messages, { refundId = made.refundId, pageNo = 1, pageSize = 10 })
      return { ok, err.code }
      """
    let (report, _) = try await Stage(api: ScriptedAPI(read: { _ in .answer([:]) })).plan(script)
    #expect(report.result == [false, "not_found"])
  }

  @Test func aSecondWriteSeesTheFirst() async throws {
    let refunds = Refunds(["1": 100])
    let script = """
      taobao.refunds.cancel "1"
      taobao.refunds.cancel "1"
      """
    let (_, plan) = try await Stage(api: refunds.api).plan(script)
    let status: JSONPointer = "/refundOrderAggregate/refundOrder/refundStatus"
    let seen = plan.effects.map { $0.readings[0].fields.first { $0.field == status }?.value }
    #expect(seen == ["10", "-20"])
    #expect(plan.effects[1].after == [plan.effects[0].path] && plan.effects[1].changes.isEmpty)
  }

  @Test func whatAPersonWouldBeAskedIsShown() async throws {
    let script = """
      playbook { guards = { require_approval = { amount = "2 CNY" } } }
      local answer, code = act({ id = "2" }, "too old", taobao.refunds.cancel, { refundId = "2" })
      local after = taobao.refunds.get "2".refundOrderAggregate.refundOrder.refundStatus
      local direct = taobao.refunds.cancel "3"
      return { answer == nil, code, after, direct.cancelSuccess }
      """
    let stage = Stage(api: Refunds(["2": 250, "3": 300]).api)
    let (report, plan) = try await stage.plan(script)
    #expect(report.result == [true, "held", "10", true], "an act is answered as in a run")
    #expect(plan.effects.allSatisfy { $0.approval != nil } && plan.effects.count == 2)
    #expect(report.status == .succeeded && report.decision("2")?.kind == .planned)
  }

  @Test func whatTheGuardsForbidIsRefused() async throws {
    let script = """
      playbook { guards = { writes = { "taobao.refunds.cancel" } } }
      local ok, err = pcall(taobao.refunds.sendMessage, { refundId = "1", refundMessage = "hello" })
      return { ok, err.code }
      """
    let (report, plan) = try await Stage(api: Refunds(["1": 1]).api).plan(script)
    #expect(report.result == [false, "guard"] && plan.effects.isEmpty)
  }

  @Test func theLimitsOfARunEndItsPlan() async throws {
    let script = "playbook { guards = { max_writes = { run = 1 } } }\n" + Self.cancels
    let (report, plan) = try await Stage(api: Refunds(["1": 1, "2": 2]).api).plan(script)
    #expect(report.status == .waiting(.budget) && plan.effects.count == 1)
  }

  @Test func holdsAndFreezesOfTheStoreAreSeen() async throws {
    let store = MemoryJournal()
    await store.hold(Hold(subject: "1", profile: nil, why: "the buyer called", by: "li", since: Stage.start))
    let stage = Stage(api: Refunds(["1": 1, "2": 2]).api)
    let (held, plan) = try await stage.plan(Self.cancels, over: store)
    #expect(held.decision("1")?.kind == .kept && held.decision("1")?.detail == "li holds 1: the buyer called")
    #expect(plan.effects.map(\.resources) == [["taobao.refund:2"]])

    await store.freeze(Freeze(profile: "shop", why: "audit", by: "wang", since: Stage.start))
    let (frozen, none) = try await stage.plan(Self.cancels, over: store)
    #expect(none.effects.isEmpty && frozen.decision("2")?.detail == "wang stopped all writes: audit")
    await store.freeze(Freeze(profile: "other", why: nil, by: "wang", since: Stage.start))
  }

  @Test func whatAnotherRunHasNotSettledIsSeen() async throws {
    let store = MemoryJournal()
    let claim = ClaimKey(profile: "shop", kind: "taobao.refund", id: "1")
    let record = RunRecord(
      id: "run-9", playbook: "p", version: "v", profile: "shop", trigger: .manual, parameters: [:], started: Stage.start
    )
    let started = await store.start(
      record, requiring: [], heldBy: LeaseRequest(worker: "w", instant: Stage.start, length: 1000))
    guard case .started(let lease?) = started else { return unexpected(started) }
    let effect = EffectRecord(
      run: "run-9", path: StepPath([1]), operation: "taobao.refunds.cancel", digest: "d", claims: [claim], charge: nil,
      instant: Stage.start)
    _ = try await store.commit([Entry(.intent(effect, budgets: []), instant: Stage.start)], under: lease)
    let (report, plan) = try await Stage(api: Refunds(["1": 1, "2": 2]).api).plan(Self.cancels, over: store)
    #expect(report.decision("1")?.detail?.contains("run-9") == true)
    #expect(plan.effects.map(\.resources) == [["taobao.refund:2"]])
    let (effects, runs) = (await store.effects(EffectFilter()), await store.runs(RunFilter()))
    #expect(effects.count == 1 && runs.count == 1, "the store is only looked at")
  }

  @Test func sleepsTakeNoTime() async throws {
    let script = """
      local before = now()
      sleep "24h"
      return { now() - before, taobao.refunds.get "1".refundOrderAggregate.refundOrder.refundFee }
      """
    let stage = Stage(api: Refunds(["1": 5]).api)
    let (report, _) = try await stage.plan(script)
    #expect(report.result == [86_400_000, 5] && report.status == .succeeded)
    #expect(stage.clock.now() == Stage.start)
  }

  @Test func timePassesOnlyOnceNothingElseIsLeft() async throws {
    let script = """
      local start, seen = now(), {}
      parallel {
        function() sleep "1h" seen[#seen + 1] = now() - start end,
        function()
          for _ = 1, 5 do taobao.refunds.get "1" end
          seen[#seen + 1] = now() - start
        end,
        function() sleep "30m" seen[#seen + 1] = now() - start end,
      }
      return seen
      """
    let (report, _) = try await Stage(api: Refunds(["1": 5]).api).plan(script)
    #expect(report.result == [0, 1_800_000, 3_600_000])
  }

  @Test func whatTheReadBeforeSaysIsNotWrittenOver() async throws {
    // A refund that cannot be read cannot be planned either.
    let (report, plan) = try await Stage(api: Refunds(["1": 1]).api).plan(Self.cancels)
    #expect(report.decision("2")?.kind == .failed && plan.effects.count == 1)
    #expect(report.status == .failed)
  }

  @Test func questionsAreAnsweredYesAndListed() async throws {
    let script = #"return approve { title = "May it?", items = { { id = "1" } } }"#
    let (report, plan) = try await Stage().plan(script)
    #expect(report.result == true)
    #expect(plan.approvals == [PlannedApproval(path: StepPath([1]), title: "May it?", items: [["id": "1"]])])
  }

  @Test func whatADayHasLeftIsLookedAtAndNotCharged() async throws {
    let store = MemoryJournal()
    let script = "playbook { guards = { max_writes = { day = 2 } } }\n" + Self.cancels
    var stage = Stage(api: Refunds(["1": 1, "2": 2]).api)
    stage.journal = store
    // One of the two writes of the day is made already.
    let first = try await stage.play("playbook { name = 'test' } taobao.refunds.cancel '1'")
    #expect(first.failure == nil)
    stage.api = Refunds(["1": 1, "2": 2]).api
    for _ in 1...2 {
      let (report, plan) = try await stage.plan(script, over: store)
      #expect(report.status == .waiting(.budget) && plan.effects.count == 1)
    }
  }

  @Test func quietHoursAreShown() async throws {
    let script = #"playbook { guards = { quiet_hours = "00:00-08:00" } }"# + "\n" + Self.cancels
    let (report, plan) = try await Stage(api: Refunds(["1": 1, "2": 2]).api).plan(script)
    #expect(plan.effects.map(\.waits) == [Stage.start + 8 * 3_600_000, Stage.start + 8 * 3_600_000])
    #expect(report.decisions.map(\.kind) == [.planned, .planned])
  }
}

import Catalogue
import JSON
import Journal
import PandaPon
import Synchronization
import Testing

@testable import Playbooks

/// A plan that is carried out: exactly what it shows, and only where it still holds.
@Suite struct ApplyTests {
  private static let cancels = """
    playbook { name = "cancels", guards = { writes = { "taobao.refunds.cancel" }, max_writes = { run = 5 } } }
    each({ "1", "2", "3" }, function(id)
      act({ id = id }, "too old", taobao.refunds.cancel, { refundId = id })
    end)
    """

  @Test func allIsCarriedOut() async throws {
    let refunds = Refunds(["1": 100, "2": 250, "3": 1])
    let stage = Stage(api: refunds.api)
    let plan = try await stage.plan(Self.cancels).document
    let report = try await stage.apply(plan)
    #expect(report.failure == nil && report.status == .succeeded)
    #expect(report.run == plan.run && report.playbook == "cancels" && report.trigger == .apply)
    #expect(report.lines == ["1 done too old", "2 done too old", "3 done too old"])
    #expect(report.outcomes.allSatisfy { $0.hasSuffix("confirmed") })
    #expect(report.result == ["effects": 3, "done": 3] && report.refused.isEmpty)
    #expect(["1", "2", "3"].allSatisfy { refunds.status($0) == "-20" })
    #expect(stage.api.count("taobao.refunds.cancel") == 3)
  }

  @Test func whatDriftedIsRefusedAndTheOthersGoOn() async throws {
    let refunds = Refunds(["1": 100, "2": 250, "3": 1])
    let stage = Stage(api: refunds.api)
    let plan = try await stage.plan(Self.cancels).document
    refunds.set("2", status: "30")
    let report = try await stage.apply(plan)
    #expect(report.lines == ["1 done too old", "2 kept it changed since it was planned", "3 done too old"])
    #expect(report.decision("2")?.detail == "refundStatus: planned 10, now 30")
    #expect(stage.api.arguments(of: "taobao.refunds.cancel").map(\.refundID) == ["1", "3"])
    #expect(report.isDrifted && report.status == .succeeded)
    #expect(
      report.refused == [
        [
          "effect": .string(plan.effects[1].path.description), "operation": "taobao.refunds.cancel",
          "resource": "taobao.refund:2", "reason": "drifted",
          "drift": [
            [
              "resource": "taobao.refund:2", "field": "/refundOrderAggregate/refundOrder/refundStatus",
              "planned": "10", "now": "30",
            ]
          ],
        ]
      ])
  }

  @Test func aPlanIsAppliedOnce() async throws {
    let store = MemoryJournal()
    var stage = Stage(api: Refunds(["1": 100, "2": 250, "3": 1]).api)
    stage.journal = store
    let plan = try await stage.plan(Self.cancels).document
    let assignment = try await plan.application(catalogue: catalogue)
    let condition = StartCondition.unapplied(plan: plan.digest, at: Stage.start)
    let unknown = try await RunAdvance.start(assignment, requiring: [condition], in: stage.surroundings)
    guard case .refused(condition) = unknown else { return unexpected(unknown) }
    await store.keep(plan.record)
    let first = try await RunAdvance.start(assignment, requiring: [condition], in: stage.surroundings)
    #expect(first.report?.status == .succeeded)
    #expect(await store.plan(plan.digest)?.appliedBy == plan.run)
    let second = try await RunAdvance.start(assignment, requiring: [condition], in: stage.surroundings)
    guard case .exists(let record) = second else { return unexpected(second) }
    #expect(record.id == plan.run && record.trigger == .apply)
    #expect(stage.api.count("taobao.refunds.cancel") == 3)
  }

  private static let chain = """
    local made = taobao.refunds.create {
      purchaseOrderLineId = "900", refundType = 1, goodsStatus = 1, reasonId = 1, refundFee = 100 }
    taobao.refunds.sendMessage { refundId = made.refundId, refundMessage = "about " .. made.refundId }
    taobao.refunds.cancel "7"
    """

  /// A marketplace in which a refund can be opened, unless the line may not be refunded.
  private static func market(opens: @escaping @Sendable () -> Bool = { true }) -> ScriptedAPI {
    ScriptedAPI(
      read: { call in
        switch call.operation {
        case "taobao.refunds.render": .answer(["saleFlag": true])
        default: .answer(.refund(call.arguments.refundID))
        }
      },
      write: { call in
        switch call.operation {
        case "taobao.refunds.create":
          opens()
            ? .answer([
              "refundId": "5001",
              "refundOrderAggregate": ["refundOrder": ["refundId": "5001", "refundFee": 100, "refundType": 1]],
            ]) : .refusal()
        case "taobao.refunds.cancel":
          .answer(["cancelSuccess": true, "refundOrderAggregate": .row("7", status: "-20")])
        default: .answer([:])
        }
      })
  }

  @Test func placeholdersBecomeTheRealIDs() async throws {
    let stage = Stage(api: Self.market())
    let plan = try await stage.plan(Self.chain).document
    let report = try await stage.apply(plan)
    #expect(report.failure == nil)
    #expect(
      stage.api.arguments(of: "taobao.refunds.sendMessage") == [["refundId": "5001", "refundMessage": "about 5001"]])
    #expect(report.result?["done"] == 3)
  }

  @Test func whatDependsOnARefusedEffectIsRefusedWithIt() async throws {
    let isOpen = Mutex(true)
    let stage = Stage(api: Self.market { isOpen.withLock(\.self) })
    let plan = try await stage.plan(Self.chain).document
    isOpen.withLock { $0 = false }
    let report = try await stage.apply(plan)
    #expect(stage.api.count("taobao.refunds.sendMessage") == 0 && stage.api.count("taobao.refunds.cancel") == 1)
    #expect(report.refused.map { $0["reason"] } == ["depends"] && !report.isDrifted)
    #expect(report.decisions.map(\.kind) == [.failed, .kept, .done])
  }

  @Test func whoeverAppliesApprovesWhatWasShown() async throws {
    let script =
      "playbook { guards = { require_approval = { amount = \"2 CNY\" } } }\n"
      + Self.cancels.split(separator: "\n").dropFirst().joined(separator: "\n")
    let refunds = Refunds(["1": 100, "2": 250, "3": 1])
    let stage = Stage(api: refunds.api)
    let plan = try await stage.plan(script).document
    #expect(plan.effects.map { $0.approval != nil } == [false, true, false])
    let report = try await stage.apply(plan)
    #expect(report.status == .succeeded && refunds.status("2") == "-20")
  }

  @Test func theGuardsOfThePlanHold() async throws {
    var stage = Stage(api: Refunds(["1": 100, "2": 250, "3": 1]).api)
    let plan = try await stage.plan(Self.cancels).document
    stage.guards.maxWrites.run = 2
    let report = try await stage.apply(plan)
    #expect(report.status == .waiting(.budget) && stage.api.count("taobao.refunds.cancel") == 2)
  }

  @Test func aScriptCannotApplyAPlanOfItsOwn() async throws {
    let failure = try await Stage().failure(#"return require "ebb.apply" ()"#)
    #expect(failure.message == "this run applies no plan")
  }

  @Test func goesOnWhereItWasInterrupted() async throws {
    let refunds = Refunds(["1": 100, "2": 250, "3": 1])
    var stage = Stage(api: refunds.api)
    stage.journal = MemoryJournal()
    let plan = try await stage.plan(Self.cancels).document
    let assignment = try await plan.application(catalogue: catalogue)
    // The task that applies it ends while the second cancel is on its way.
    let running = Mutex<Task<Advance, any Error>?>(nil)
    let api = stage.api
    let halting = ScriptedAPI(
      read: { call in
        guard let operation = catalogue[call.operation], let arguments = try? operation.arguments(from: call.arguments)
        else { return .unsent }
        return await api.read(operation, arguments)
      },
      write: { call in
        if call.arguments.refundID == "2" { running.withLock { $0?.cancel() } }
        guard let operation = catalogue[call.operation], let arguments = try? operation.arguments(from: call.arguments)
        else { return .unsent }
        return await api.write(operation, arguments)
      })
    let surroundings = stage.surroundings(reader: halting, writer: halting)
    let task = Task { try await RunAdvance.start(assignment, in: surroundings) }
    running.withLock { $0 = task }
    let first = try await task.value
    // Whether it was cancelled in time depends on the threads; what it leaves is resumed either way.
    if first.report?.status == .paused {
      let again = try await RunAdvance.resume(plan.run, in: stage.surroundings)
      #expect(again.report?.result == ["effects": 3, "done": 3])
    }
    #expect(api.arguments(of: "taobao.refunds.cancel").map(\.refundID) == ["1", "2", "3"])
  }
}

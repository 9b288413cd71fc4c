import JSON
import Journal
import PandaPon
import Testing

@testable import Marketplace
@testable import Playbooks

/// In random worlds, planning and then applying does what a run does.
@Suite struct PlanWorldsTests {
  /// Trials whose faults do not depend on how many requests came before.
  static let trials = CancelStaleRefundsTests.Trial.all.filter { trial in
    ["", "flip-scalars", "integer-ids", "long-ids", "stale-list=2h", "duplicate-rows"].contains(trial.faults)
  }

  @Test(arguments: trials)
  func planThenApplyEqualsRun(_ trial: CancelStaleRefundsTests.Trial) async throws {
    let source = String(
      decoding: try #require(EmbeddedFile.bytes("scripts/cancel_stale_refunds.lua")), as: UTF8.self)

    let ran = try CancelStaleRefundsTests.shop(trial)
    let stage = CancelStaleRefundsTests.stage(trial, run: "run-1")
    let run = try await stage.play(
      try await stage.assignment(source), in: stage.surroundings(reader: ran, writer: ran))

    let planned = try CancelStaleRefundsTests.shop(trial)
    let (report, plan) = try await stage.plan(source, reader: planned)
    #expect(!planned.exchanges.contains { $0.tookEffect } && planned.cancels.isEmpty, "a plan sends no write")
    #expect(Self.subjects(report, .planned) == (Self.subjects(run, .done) + Self.subjects(run, .waiting)).sorted())
    #expect(Self.subjects(report, .kept) == Self.subjects(run, .kept))

    let applied = try await stage.apply(plan, reader: planned, writer: planned)
    #expect(applied.refused.isEmpty && applied.failure == nil)
    #expect(Self.subjects(applied, .done) == Self.subjects(report, .planned))
    #expect(applied.tally.json["amount"] == Self.amount(of: plan))
    let waiting = Set(Self.subjects(run, .waiting))
    let closed = await ran.closed().union(waiting)
    #expect(await planned.closed() == closed, "the worlds are the same afterwards")

    // The world moved on, and so a plan of before is not carried out a second time by accident.
    let again = try await Self.replan(stage, plan, planned)
    #expect(again.refused.count == plan.effects.count && Self.subjects(again, .done).isEmpty)
  }

  /// Applies the same effects once more, as another run.
  private static func replan(_ stage: Stage, _ plan: PlanDocument, _ shop: SimulatedShop) async throws -> RunReport {
    let later = PlanDocument(
      playbook: plan.playbook, title: plan.title, file: plan.file, version: plan.version, shop: plan.shop,
      parameters: plan.parameters, guards: plan.guards, created: plan.created + 1, by: plan.by, effects: plan.effects,
      approvals: plan.approvals, tally: plan.tally)
    return try await stage.apply(later, reader: shop, writer: shop)
  }

  private static func subjects(_ report: RunReport, _ kind: Decision.Kind) -> [String] {
    report.decisions.filter { $0.kind == kind }.map(\.subject).sorted()
  }

  private static func amount(of plan: PlanDocument) -> JSON {
    plan.totals.first?.amount.json ?? Money(minorUnits: 0).json
  }
}

extension SimulatedShop {
  /// The reverse orders that are closed.
  fileprivate func closed() async -> Set<String> {
    await marketplace.withWorld { world in Set(world.reverseOrders.rows.filter { $0.status == .closed }.map(\.id)) }
  }
}

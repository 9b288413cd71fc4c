import JSON
import Journal
import Lua
import PandaPon
import Testing

@testable import Marketplace
@testable import Playbooks

/// The shipped playbook against random worlds in which much goes wrong.
@Suite struct CancelStaleRefundsTests {
  private static let hour: Int64 = 3_600_000

  /// One world: who is in it, what goes wrong, and what the playbook is told.
  struct Trial: Sendable, CustomTestStringConvertible {
    let seed: UInt64
    let faults: String
    let limit: Int64
    let maximum: Int64
    let favourable: Int64
    var testDescription: String { "seed \(seed), \(faults.isEmpty ? "no faults" : faults)" }

    static let faultPlans = [
      "", "flip-scalars", "integer-ids", "long-ids", "stale-list=2h", "duplicate-rows", "rate-limit:0.1",
      "rate-limit-code:0.1",
      "reset-after@taobao.refunds.cancel:0.3", "reset-before@taobao.refunds.cancel:0.3",
      "server-error-after@taobao.refunds.cancel:0.3",
      "truncate@taobao.refunds.cancel:0.3", "html-after@taobao.refunds.cancel:0.2",
      "server-error@taobao.refunds.get:0.1",
      "flip-scalars,stale-list=2h,rate-limit:0.05,reset-after@taobao.refunds.cancel:0.2",
      "reset-after@taobao.refunds.*:0.1,duplicate-rows,long-ids",
    ]

    static let all: [Trial] = (0..<50 as Range<UInt64>).map { seed in
      var draws = SeededGenerator(seed: seed, subject: "trial")
      return Trial(
        seed: seed, faults: faultPlans[Int(seed) % faultPlans.count], limit: draws.draw(0...12),
        maximum: draws.draw(0...900) * 100,
        favourable: draws.draw(0...72) * hour)
    }

    var scenario: Scenario {
      Scenario(name: "trial") { [seed] world in
        world.stock()
        var draws = SeededGenerator(seed: seed, subject: "world")
        var builder = DemoBuilder()
        for _ in 0..<draws.draw(4...9) {
          let status = RefundStatus.allCases[draws.draw(0...(RefundStatus.allCases.count - 1))]
          let group = DemoBuilder.Group(
            status, kind: draws.draw(0...1) == 0 ? .refundOnly : .returnAndRefund, goodsStatus: 4, days: 0...20,
            hoursLeft: 1...100, parcel: draws.draw(0...4) == 0)
          builder.add(draws.draw(1...4), group, to: &world)
        }
      }
    }
  }

  static func stage(_ trial: Trial, run: RunID) -> Stage {
    var stage = Stage()
    stage.file = "scripts/cancel_stale_refunds.lua"
    stage.id = run
    stage.parameters = [
      "limit": .integer(trial.limit), "max_amount": .string("\(trial.maximum) fen"),
      "favourable": .integer(trial.favourable),
    ]
    return stage
  }

  private static func play(_ stage: Stage, in shop: SimulatedShop) async throws -> RunReport {
    let source = try #require(EmbeddedFile.bytes("scripts/cancel_stale_refunds.lua"))
    let assignment = try await stage.assignment(String(decoding: source, as: UTF8.self))
    return try await stage.play(assignment, in: stage.surroundings(reader: shop, writer: shop))
  }

  static func shop(_ trial: Trial) throws -> SimulatedShop {
    var options = SimulatorOptions()
    options.seed = trial.seed
    options.clock = .fixed(Stage.start)
    options.scenario = trial.scenario
    options.faults = try FaultPlan(parsing: trial.faults)
    return try SimulatedShop(options)
  }

  @Test(arguments: Trial.all)
  func cancelsOnlyWhatItMay(_ trial: Trial) async throws {
    let shop = try Self.shop(trial)
    let first = Self.stage(trial, run: "run-1")
    let report = try await Self.play(first, in: shop)

    var sum: Int64 = 0
    for cancel in shop.cancels {
      let seen = try #require(cancel.seen, "a single query comes just before each cancel")
      let order = try #require(seen[pointer: "/refundOrderAggregate/refundOrder"])
      #expect(["10", "20", "-10"].contains(order["refundStatus"]?.scalarText))
      #expect(seen[pointer: "/refundOrderAggregate/logistics/logisticsNo"]?.scalarText ?? "" == "")
      let remaining = order["remainingTime"]?.scalarText.flatMap { Int64($0) }
      if order["refundStatus"]?.scalarText == "10" { #expect((remaining ?? 0) > trial.favourable) }
      sum += try #require(order["refundFee"]?.scalarText.flatMap { Int64($0) })
    }
    let done = report.decisions.filter { $0.kind == .done }
    #expect(done.count <= trial.limit)
    #expect(done.compactMap(\.amount?.minorUnits).reduce(0, +) <= trial.maximum)
    let attempted = shop.cancels.map(\.id)
    #expect(shop.effects.values.allSatisfy { $0 == 1 }, "no refund is cancelled twice")
    #expect(Set(report.decisions.map(\.subject)).count == report.decisions.count, "one decision for each subject")
    if trial.faults.isEmpty { #expect(sum <= trial.maximum && report.status == .succeeded) }
    #expect(report.failure == nil || report.failure?.code == .unavailable, "\(String(describing: report.failure))")
    let effects = try await first.journal.effects(of: "run-1")
    #expect(effects.count == Set(attempted).count)
    #expect(effects.reduce(0) { $0 + $1.attempt } == shop.cancels.count, "each attempt was announced")
    #expect(effects.allSatisfy { [.confirmed, .rejected, .withdrawn, .unknown].contains($0.state) })

    // Every cancel that the run calls done is closed in the world, and nothing else that it touched is lost.
    let summaries = Set(done.map(\.subject))
    let closed = await shop.marketplace.withWorld { world in
      Set(summaries.filter { world.reverseOrders[$0]?.status == .closed })
    }
    #expect(closed == summaries)

    // A second run in the same world and journal, with nothing wrong any more, cancels nothing twice.
    await shop.marketplace.setFaults(.none)
    var second = Self.stage(trial, run: "run-2")
    second.journal = first.journal
    let before = Set(attempted)
    let again = try await Self.play(second, in: shop)
    let more = shop.cancels.dropFirst(attempted.count).map(\.id)
    #expect(again.failure == nil)
    #expect(shop.effects.values.allSatisfy { $0 == 1 })
    for id in more where before.contains(id) {
      let state = effects.first { $0.claims.contains { $0.id == id } }?.state
      #expect(state == .rejected || state == .withdrawn, "only what is known not to have happened is tried again")
    }
    if report.decisions.allSatisfy({ $0.kind == .done || $0.reason != "over this run's limit" && $0.kind == .kept }) {
      #expect(more.isEmpty, "nothing was left over, so nothing is left to do")
    }
  }

  @Test func theDemoIsDoneInOneRun() async throws {
    var options = SimulatorOptions()
    options.clock = .fixed(Stage.start)
    options.scenario = .demo
    let shop = try SimulatedShop(options)
    var stage = Stage()
    stage.file = "scripts/cancel_stale_refunds.lua"
    let report = try await Self.play(stage, in: shop)
    #expect(report.status == .succeeded && report.tally.count(.done) == 200 && shop.cancels.count == 200)
    stage.id = "run-2"
    let again = try await Self.play(stage, in: shop)
    #expect(again.status == .succeeded && again.tally.count(.done) == 0 && shop.cancels.count == 200)
    #expect(
      again.tally.count(.kept) == report.tally.count(.kept) + 200
        || again.tally.count(.kept) == report.tally.count(.kept))
  }
}

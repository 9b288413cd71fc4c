import JSON
import Testing

@testable import Marketplace

@Suite struct ScenarioTests {
  /// What the shipped playbook cancels under its defaults, said again in Swift.
  static func isStaleAndCancellable(_ order: ReverseOrder, at now: Int64) -> Bool {
    guard order.appliedAt <= now - 7 * Span.day, order.returnParcel == nil else { return false }
    switch order.status {
    case .waitingForSeller: return order.deadline - now > 24 * Span.hour
    case .waitingForReturn, .refused: return true
    default: return false
    }
  }

  @Test(arguments: [1, 7, 20_261_101] as [UInt64]) func theDemoWorld(_ seed: UInt64) {
    let world = Scenario.demo.world(seed: seed, now: TimeTests.start)
    let orders = world.allReverseOrders
    let doomed = orders.filter { ScenarioTests.isStaleAndCancellable($0, at: world.now) }
    #expect(orders.count == 440)
    #expect(doomed.count == 200)
    #expect(doomed.reduce(0) { $0 + $1.fee } < 2_000_000)
    #expect(doomed.allSatisfy { $0.fee < 100_000 })
    #expect(orders.contains { $0.appliedAt > world.now - 7 * Span.day })
    for status in RefundStatus.allCases { #expect(orders.contains { $0.status == status }) }
    #expect(orders.contains { $0.status == .refused && $0.returnParcel != nil })
    #expect(Set(orders.map(\.id)).count == orders.count)
    #expect(Set(orders.compactMap(\.returnParcel?.waybill)).count == orders.count { $0.returnParcel != nil })
  }

  @Test func theDemoWorldHoldsWhileTheDemoRuns() {
    var world = Scenario.demo.world(seed: 1, now: TimeTests.start)
    let before = world.allReverseOrders.filter { ScenarioTests.isStaleAndCancellable($0, at: world.now) }.map(\.id)
    world.advance(to: TimeTests.start + 10 * Span.minute)
    let after = world.allReverseOrders.filter { ScenarioTests.isStaleAndCancellable($0, at: world.now) }.map(\.id)
    #expect(before == after)
  }

  @Test func namesLeadToScenarios() {
    for name in Scenario.names { #expect(Scenario(named: name)?.name == name) }
    #expect(Scenario(named: "nonsense") == nil)
  }

  @Test(arguments: Scenario.names) func equalSeedsGiveEqualWorlds(_ name: String) async throws {
    var answers: [[[UInt8]]] = []
    for seed in [5, 5, 6] as [UInt64] {
      var options = SimulatorOptions()
      options.seed = seed
      options.clock = .fixed(TimeTests.start)
      options.scenario = try #require(Scenario(named: name))
      options.account = WireTests.account()
      options.faults = try FaultPlan(parsing: "flip-scalars:0.5,html:0.1")
      let marketplace = try Marketplace(options)
      var signer = Signer(account: WireTests.account())
      signer.clock = { TimeTests.start }
      var bytes: [[UInt8]] = []
      for round in 0..<12 {
        await marketplace.advance(by: 13 * Span.hour)
        signer.clock = { TimeTests.start + Int64(round + 1) * 13 * Span.hour }
        let request = SimulatedRequest(
          method: "POST", path: WireTests.list, headers: signer.headers(nonce: "nonce-\(round)"),
          body: (["pageSize": 20, "pageNo": .integer(Int64(round % 3 + 1))] as JSON).bytes())
        bytes.append(await marketplace.respond(to: request).body)
        bytes.append(await marketplace.summary().bytes(.canonical))
      }
      answers.append(bytes)
    }
    #expect(answers[0] == answers[1])
    #expect(answers[0] != answers[2])
  }

  @Test func equalWorldsAreEqualValues() {
    var left = Scenario.small.world(seed: 9, now: TimeTests.start)
    var right = Scenario.small.world(seed: 9, now: TimeTests.start)
    for _ in 0..<20 { left.advance(to: left.now + Span.day) }
    right.advance(to: TimeTests.start + 20 * Span.day)
    #expect(left.summary == right.summary)
    #expect(left.allReverseOrders == right.allReverseOrders)
    #expect(left.allTaobaoOrders == right.allTaobaoOrders)
    #expect(left.allAlibabaRefunds == right.allAlibabaRefunds)
    let other = Scenario.small.world(seed: 10, now: TimeTests.start)
    #expect(other.allReverseOrders != Scenario.small.world(seed: 9, now: TimeTests.start).allReverseOrders)
  }

  @Test func drawsAreWhatTheyWere() {
    // SplitMix64 of seed 0, as published with the algorithm.
    var draws = SeededGenerator(seed: 0)
    let words = [draws.next(), draws.next()]
    #expect(words == [0xE220_A839_7B1D_CDAF, 0x6E78_9E6A_A1B9_65F4])
    let inside = (0..<1000).map { _ in draws.draw(3...5) as Int }
    #expect(Set(inside) == [3, 4, 5])
    let nothing = draws.pick([Int]())
    #expect(nothing == nil)
  }
}

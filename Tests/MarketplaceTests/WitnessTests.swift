import Foundation
import JSON
import Synchronization
import Testing

@testable import Marketplace

/// Whether a write took effect is known inside the marketplace alone; tests of crashes and lost answers rest on it.
@Suite struct WitnessTests {
  private static let cancel = "/open/order/refund/cancel/"

  private static func options() throws -> (options: SimulatorOptions, refund: String) {
    var options = SimulatorOptions()
    options.clock = .fixed(1_793_491_200_000)
    let world = options.scenario.world(seed: options.seed, now: options.clock.now)
    let refund = try #require(world.allReverseOrders.first { $0.status == .waitingForSeller })
    return (options, refund.id)
  }

  @Test(
    arguments: [
      ("", [true, false]), ("reset-before:1", [false, true]), ("reset-after:1", [true, false]),
      ("truncate:1", [true, false]), ("rate-limit-code:1", [false, true]), ("server-error-after", [true, false]),
    ])
  func theRecordSaysWhatTookEffect(_ faults: String, _ effects: [Bool]) async throws {
    var (options, refund) = try Self.options()
    let path = FileManager.default.temporaryDirectory.appending(path: "ebb-record-\(UUID().uuidString).jsonl").path
    defer { try? FileManager.default.removeItem(atPath: path) }
    options.record = path
    options.faults = try FaultPlan(parsing: faults)
    try await Harness.with(.memory, options) { client in
      for _ in effects { _ = try? await client.call("GET", Self.cancel + refund) }
    }
    let lines = try String(contentsOfFile: path, encoding: .utf8).split(separator: "\n").map {
      try JSON(parsing: $0.utf8)
    }
    #expect(lines.map { $0["took_effect"]?.bool } == effects)
    #expect(lines.allSatisfy { $0["operation"] == "taobao.refunds.cancel" })
  }

  @Test func aWitnessSeesEachRequestTwice() async throws {
    var (options, refund) = try Self.options()
    let seen = Mutex<[WitnessedExchange]>([])
    options.witness = { exchange in seen.withLock { $0.append(exchange) } }
    try await Harness.with(.memory, options) { client in
      _ = try await client.call("GET", Self.cancel + refund)
      _ = try await client.call("GET", "/simulator/state")
    }
    let exchanges = seen.withLock { $0 }
    #expect(exchanges.map(\.moment) == [.arrived, .concluded])
    #expect(exchanges.map(\.tookEffect) == [false, true])
    #expect(exchanges.allSatisfy { $0.isWrite && $0.arguments["refundId"]?.string == refund })
  }

  @Test func aFastClockAgreesBetweenProcesses() {
    let origin = MarketplaceClock.uptime - 2_000_000
    let clock = MarketplaceClock.fast(from: 1_793_491_200_000, at: origin, times: 1000)
    let elapsed = clock.now - 1_793_491_200_000
    #expect((2_000_000...2_600_000).contains(elapsed), "two seconds are 2,000 seconds, give or take the machine's load")
  }
}

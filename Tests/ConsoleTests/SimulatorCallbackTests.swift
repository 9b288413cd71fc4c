import Foundation
import JSON
import Marketplace
import Testing

@testable import Console

/// The simulator's callbacks at the real door: two codes that share nothing have to agree on signature and form.
@Suite(.timeLimit(.minutes(5))) struct SimulatorCallbackTests {
  @Test(arguments: CallbackSigning.allCases)
  func arriveSignedAndAreRecognised(_ signing: CallbackSigning) async throws {
    let account = SimulatedAccount(seed: 1)
    let stage = try await Stage(accessKey: account.accessKey, secret: account.accessSecret)
    let record = FileManager.default.temporaryDirectory.appendingPathComponent("record-\(UUID()).jsonl").path
    defer { try? FileManager.default.removeItem(atPath: record) }
    var options = SimulatorOptions()
    options.clock = try #require(MarketplaceClock(at: "2026-11-01T12:00:00Z"))
    options.callback = "http://127.0.0.1:\(stage.listener.port)/callbacks/hk"
    options.callbackSigning = signing
    // Where the machine is busy an answer may take longer than the vendor waits; its clock would have to move on then.
    options.callbackPatience = .seconds(60)
    options.faults = try FaultPlan(parsing: "duplicate-callback=3")
    options.record = record
    options.account = account
    let simulator = try await SimulatorServer.start(options)
    // Sellers answer, windows end, parcels arrive: two weeks bring callbacks of both marketplaces.
    await simulator.marketplace.advance(by: 14 * 86_400_000)
    try await wait {
      let callbacks = await simulator.marketplace.summary()["callbacks"]
      return callbacks?["pending"] == 0 && callbacks?["acknowledged"] != 0
    }
    let summary = await simulator.marketplace.summary()["callbacks"]
    await simulator.stop()
    let events = stage.sink.events
    #expect(events.count > 5)
    #expect(summary?["acknowledged"]?.integer == Int64(4 * events.count))
    #expect(summary?["lost"] == 0)
    #expect(events.allSatisfy { $0.kind != nil && $0.envelope["messageBody"]?.object != nil })
    #expect(Set(events.compactMap(\.platform)) == [0, 1])
    let base = signing == .body ? "body" : "access-key+body"
    #expect(stage.metric(#"ebb_callback_signatures_total{profile="hk",base="\#(base)"}"#) == String(4 * events.count))
    let lines = try String(contentsOfFile: record, encoding: .utf8).split(separator: "\n").map {
      try JSON(parsing: String($0))
    }
    #expect(lines.count == 4 * events.count)
    #expect(lines.allSatisfy { $0["acknowledged"] == true && $0["callback"]?.string != nil })
    #expect(lines.allSatisfy { $0["headers"]?["authorization"]?.string?.hasPrefix("sha256:") == true })
    await stage.close()
  }
}

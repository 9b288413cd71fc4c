import AsyncHTTPClient
import Testing

@testable import Console
@testable import Marketplace

/// More callbacks than come in a day, with duplicates and bad signatures: every accepted one is stored once.
@Suite struct FloodTests {
  @Test func everyAcceptedOneIsStoredOnce() async throws {
    let account = SimulatedAccount(seed: 1)
    let stage = try await Stage(accessKey: account.accessKey, secret: account.accessSecret)
    let writer = CallbackWriter(account: account, signing: .body)
    // Of twenty, four repeat the one before and one is signed wrong.
    let requests = (0..<2000).map { index -> (body: [UInt8], signature: String, isGood: Bool) in
      let subject = index % 5 == 4 ? index - 1 : index
      let body = Array(#"{"messageType":"9","messagePlatform":0,"messageBody":{"refundId":"\#(subject)"}}"#.utf8)
      let isGood = index % 20 != 7
      return (body, isGood ? writer.signature(over: body) : String(repeating: "0", count: 64), isGood)
    }
    let statuses = try await withThrowingTaskGroup(of: (Int, Int).self) { group in
      var statuses = [Int](repeating: 0, count: requests.count)
      for (index, request) in requests.enumerated() {
        if index >= 40, let (done, status) = try await group.next() { statuses[done] = status }
        group.addTask { (index, try await stage.post(request.body, request.signature).status) }
      }
      for try await (done, status) in group { statuses[done] = status }
      return statuses
    }
    #expect(zip(statuses, requests).allSatisfy { $0 == ($1.isGood ? 200 : 401) })
    #expect(stage.sink.events.count == 1500)
    #expect(Set(stage.sink.events.map(\.key)).count == 1500)
    #expect(stage.metric(#"ebb_callbacks_total{profile="hk",outcome="bad_signature"}"#) == "100")
    #expect(stage.metric(#"ebb_callbacks_total{profile="hk",outcome="stored"}"#) == "1500")
    #expect(stage.metric(#"ebb_callbacks_total{profile="hk",outcome="duplicate"}"#) == "400")
    #expect(stage.metric("ebb_callbacks_in_progress") == "0")
    await stage.close()
  }
}

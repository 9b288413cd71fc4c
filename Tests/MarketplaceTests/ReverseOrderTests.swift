import JSON
import Testing

@testable import Marketplace

@Suite struct ReverseOrderTests {
  @Test(arguments: Road.allCases) func listGetCancel(_ road: Road) async throws {
    var options = SimulatorOptions()
    options.scenario = .demo
    try await Harness.with(road, options) { client in
      let now = await client.marketplace.now
      var ids: [String] = []
      var page: Int64 = 1
      while true {
        let answer = try await client.call(
          "POST", "/open/order/refund/queryList",
          ["pageNo": .integer(page), "pageSize": 100, "refundEndTime": .integer(now - 7 * Span.day)])
        #expect(answer.code == 200)
        ids += (answer.data["data"]?.array ?? []).compactMap { $0["refundOrder"]?["refundId"]?.string }
        guard page < answer.data["totalPage"]?.integer ?? 0 else { break }
        page += 1
      }
      #expect(ids.count == 340)
      #expect(Set(ids).count == ids.count)
      let waiting = try await client.marketplace.withWorld { world in
        try #require(world.reverseOrders.rows.first { $0.status == .refused && $0.returnParcel == nil }).id
      }
      let before = try await client.call("GET", "/open/order/refund/query?refundId=\(waiting)")
      #expect(before.data.at("/refundOrderAggregate/refundOrder/refundStatus") == "-10")
      let cancelled = try await client.call("GET", "/open/order/refund/cancel/\(waiting)")
      #expect(cancelled.code == 200)
      #expect(cancelled.data["cancelSuccess"] == true)
      #expect(cancelled.data.at("/refundOrderAggregate/refundOrder/refundStatus") == "-20")
      let again = try await client.call("GET", "/open/order/refund/cancel/\(waiting)")
      #expect(again.code == 200)
      #expect(again.data["cancelSuccess"] == false)
      let unknown = try await client.call("GET", "/open/order/refund/cancel/1")
      #expect(unknown.code == 404)
      #expect(unknown.data == .null)
    }
  }
}

import JSON
import Synchronization
import Testing

@testable import Marketplace

@Suite struct FaultTests {
  @Test(arguments: [
    ("", []), ("rate-limit:0.05", [FaultRule(.rateLimit(retryAfter: 1), trigger: .rate(0.05))]),
    ("rate-limit=30:5%", [FaultRule(.rateLimit(retryAfter: 30), trigger: .rate(0.05))]),
    (
      "reset-after@taobao.refunds.cancel:2",
      [FaultRule(.resetAfter, operations: "taobao.refunds.cancel", trigger: .first(2))]
    ),
    (
      "delay=2s@taobao.*:every-3, truncate:nth-2",
      [
        FaultRule(.delay(milliseconds: 2000), operations: "taobao.*", trigger: .every(3)),
        FaultRule(.truncate, trigger: .nth(2)),
      ]
    ), ("stale-list", [FaultRule(.staleList(lag: 600_000))]),
    ("html,long-ids", [FaultRule(.html), FaultRule(.longIDs)]),
    ("server-error=502", [FaultRule(.serverError(status: 502))]),
  ]) func plansRead(_ text: String, _ rules: [FaultRule]) throws {
    let plan = try FaultPlan(parsing: text)
    #expect(plan.rules == rules)
    #expect(try FaultPlan(parsing: plan.text) == plan)
  }

  @Test(arguments: [
    "ratelimit", "rate-limit:2.5", "rate-limit:-1", "rate-limit:every-0", "html=3", "delay=soon", "server-error=200",
    "@x",
    "html@", "html,,truncate", "html:", "rate-limit=x",
  ]) func nonsenseIsNoPlan(_ text: String) {
    #expect(throws: FaultPlanError.self) { try FaultPlan(parsing: text) }
  }

  @Test func everyNameReads() throws {
    for name in Fault.names { #expect(try FaultPlan(parsing: name).text.hasPrefix(name)) }
  }

  @Test(arguments: [
    ("*", "a.b", true), ("taobao.*", "taobao.refunds.get", true), ("taobao.*", "alibaba.x", false),
    ("*.cancel", "taobao.refunds.cancel", true), ("*.cancel", "taobao.cancel.get", false), ("a*b*c", "axxbyyc", true),
    ("a*b*c", "axxbyy", false), ("abc", "abc", true), ("abc", "abcd", false), ("", "", true),
  ]) func globs(_ pattern: String, _ text: String, _ expected: Bool) {
    #expect(Glob.matches(pattern, text) == expected)
  }

  struct Case: Sendable {
    let fault: String
    let takesEffect: Bool
    /// The status seen, or nil where the connection breaks.
    let status: Int?
    var code: Int64?
  }

  static let cases = [
    Case(fault: "rate-limit=7", takesEffect: false, status: 429),
    Case(fault: "rate-limit-code", takesEffect: false, status: 200, code: 429),
    Case(fault: "server-error=502", takesEffect: false, status: 502),
    Case(fault: "server-error-after", takesEffect: true, status: 500),
    Case(fault: "reset-before", takesEffect: false, status: nil),
    Case(fault: "reset-after", takesEffect: true, status: nil),
    Case(fault: "truncate", takesEffect: true, status: nil), Case(fault: "html", takesEffect: false, status: 200),
    Case(fault: "html-after", takesEffect: true, status: 200),
    Case(fault: "delay=20ms", takesEffect: true, status: 200, code: 200),
    Case(fault: "flip-scalars", takesEffect: true, status: 200, code: 200),
  ]

  @Test(arguments: Road.allCases, cases) func takesEffectOrNot(_ road: Road, _ fault: Case) async throws {
    var options = SimulatorOptions()
    options.faults = try FaultPlan(parsing: "\(fault.fault)@taobao.refunds.cancel:1")
    try await Harness.with(road, options) { client in
      let id = try await client.marketplace.withWorld { try $0.reverseOrder(.refused).id }
      let path = "/open/order/refund/cancel/\(id)"
      if let status = fault.status {
        let answer = try await client.call("GET", path)
        #expect(answer.status == status)
        #expect(answer.code == fault.code)
        if status == 429 { #expect(answer.headers["retry-after"] == "7") }
        if fault.fault.hasPrefix("html") { #expect(answer.headers["content-type"]?.hasPrefix("text/html") == true) }
      } else {
        await #expect(throws: Broken.self) { _ = try await client.call("GET", path) }
      }
      let now = await client.marketplace.withWorld { $0.reverseOrder(id: id)?.status }
      #expect(now == (fault.takesEffect ? .closed : .refused))
      let next = try await client.call("GET", path)
      #expect(next.code == 200)
      #expect(next.data["cancelSuccess"] == .bool(!fault.takesEffect))
    }
  }

  @Test func whatIsLateIsCarriedOutAtItsTime() async throws {
    var options = SimulatorOptions()
    options.clock = .fixed(1_793_491_200_000)
    options.faults = try FaultPlan(parsing: "late=30s@taobao.refunds.cancel:1")
    let seen = Mutex<[WitnessedExchange]>([])
    options.witness = { exchange in seen.withLock { $0.append(exchange) } }
    try await Harness.with(.memory, options) { client in
      let id = try await client.marketplace.withWorld { try $0.reverseOrder(.refused).id }
      await #expect(throws: Broken.self) { _ = try await client.call("GET", "/open/order/refund/cancel/\(id)") }
      for (step, status) in [(0, RefundStatus.refused), (29_999, .refused), (1, .closed), (60_000, .closed)] {
        await client.marketplace.advance(by: Int64(step))
        #expect(await client.marketplace.withWorld { $0.reverseOrder(id: id)?.status } == status)
      }
    }
    let exchanges = seen.withLock { $0 }
    #expect(exchanges.map(\.tookEffect) == [false, false, true])
    #expect(exchanges.last?.instant == 1_793_491_230_000)
  }

  @Test func aDelayIsKept() async throws {
    var options = SimulatorOptions()
    options.faults = try FaultPlan(parsing: "delay=250ms,delay=50ms")
    let marketplace = try Marketplace(options)
    let headers = Signer(account: marketplace.account).headers()
    let answer = await marketplace.respond(
      to: SimulatedRequest(method: "GET", path: "/open/cart/list", headers: headers))
    #expect(answer.delay == .milliseconds(300))
  }

  @Test func aRateIsKeptAndRepeatable() throws {
    var runs: [[Int]] = []
    for _ in 0..<2 {
      var desk = FaultDesk(plan: try FaultPlan(parsing: "html:0.05"), seed: 11)
      runs.append((0..<10_000).filter { _ in !desk.strike("x").isEmpty })
    }
    #expect(runs[0] == runs[1])
    #expect((400...600).contains(runs[0].count))
    var other = FaultDesk(plan: try FaultPlan(parsing: "html:0.05"), seed: 12)
    let struck = (0..<10_000).filter { _ in !other.strike("x").isEmpty }
    #expect(struck != runs[0])
  }

  @Test func aStaleListShowsWhatWas() async throws {
    var options = SimulatorOptions()
    options.clock = .fixed(TimeTests.start)
    try await Harness.with(.memory, options) { client in
      await client.marketplace.advance(by: Span.minute)
      let id = try await client.marketplace.withWorld { try $0.reverseOrder(.waitingForReturn).id }
      await client.marketplace.setFaults(try FaultPlan(parsing: "stale-list=5m"))
      #expect(try await client.call("GET", "/open/order/refund/cancel/\(id)").data["cancelSuccess"] == true)
      func listed(_ status: Int64) async throws -> [JSON?] {
        let answer = try await client.call("POST", WireTests.list, ["pageSize": 100, "refundStatus": .integer(status)])
        return (answer.data["data"]?.array ?? []).map { $0.at("/refundOrder/refundId") }
      }
      #expect(try await listed(20).contains(.string(id)))
      #expect(try await listed(-20).contains(.string(id)) == false)
      let single = try await client.call("GET", "/open/order/refund/query?refundId=\(id)")
      #expect(single.data.at("/refundOrderAggregate/refundOrder/refundStatus") == "-20")
      await client.marketplace.advance(by: 6 * Span.minute)
      #expect(try await listed(20).contains(.string(id)) == false)
      #expect(try await listed(-20).contains(.string(id)))
    }
  }

  @Test func duplicateRowsRepeatAcrossPages() async throws {
    var options = SimulatorOptions()
    options.faults = try FaultPlan(parsing: "duplicate-rows")
    try await Harness.with(.memory, options) { client in
      var pages: [[JSON]] = []
      for number in 1...2 {
        let answer = try await client.call("POST", WireTests.list, ["pageSize": 4, "pageNo": .integer(Int64(number))])
        pages.append((answer.data["data"]?.array ?? []).map { $0.at("/refundOrder/refundId") })
      }
      #expect(pages[0].last == pages[1].first)
      #expect(pages[1].count == 4)
    }
  }

  @Test func longAndIntegerIDs() async throws {
    var options = SimulatorOptions()
    options.faults = try FaultPlan(parsing: "long-ids,integer-ids")
    try await Harness.with(.memory, options) { client in
      let answer = try await client.call("POST", WireTests.list, ["pageSize": 3])
      let id = answer.data.at("/data/0/refundOrder/refundId")
      #expect(id.kind == "integer")
      #expect(String(id.integer ?? 0).count == 19)
      let single = try await client.call("GET", "/open/order/refund/query?refundId=\(id.integer ?? 0)")
      #expect(single.code == 200)
      #expect(single.data.at("/refundOrderAggregate/refundOrder/refundId") == id)
    }
  }

  @Test func flippedScalarsKeepTheirText() throws {
    let value: JSON = ["a": 1, "b": "22", "c": true, "d": ["e": "x", "f": [3, "04", nil]], "g": "-20"]
    var changed = 0
    for seed in 0..<50 {
      var draws = SeededGenerator(seed: UInt64(seed))
      let flipped = Distortion.flip(value, &draws)
      if flipped != value { changed += 1 }
      for pointer in ["/a", "/b", "/c", "/d/e", "/d/f/0", "/d/f/1", "/d/f/2", "/g"] as [JSONPointer] {
        #expect(flipped.at(pointer).scalarText == value.at(pointer).scalarText)
      }
    }
    #expect(changed > 25)
  }

  @Test func faultsCanBeChangedOverTheWire() async throws {
    try await Harness.with(.memory, SimulatorOptions()) { client in
      let set = try await client.call("POST", "/simulator/faults", ["faults": "html:1"], headers: [])
      #expect(set.body["faults"] == "html:1")
      #expect(try await client.call("GET", "/open/cart/list").code == nil)
      #expect(try await client.call("GET", "/open/cart/list").code == 200)
      #expect(try await client.call("POST", "/simulator/faults", ["faults": "nonsense"], headers: []).status == 400)
      #expect(try await client.call("GET", "/simulator/faults", headers: []).body["faults"] == "html:1")
    }
  }
}

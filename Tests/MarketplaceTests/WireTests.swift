import Foundation
import JSON
import Testing

@testable import Marketplace

@Suite struct WireTests {
  static func account() -> SimulatedAccount {
    SimulatedAccount(accessKey: "key-for-tests", accessSecret: "secret-for-tests", userID: "2100000000007")
  }

  static func options(_ clock: MarketplaceClock = .real) -> SimulatorOptions {
    var options = SimulatorOptions()
    options.account = account()
    options.clock = clock
    return options
  }

  static let list = "/open/order/refund/queryList"
  static let page: JSON = ["pageSize": 5]

  // Computed with coreutils' md5sum.
  @Test(arguments: [
    ("", "D41D8CD98F00B204E9800998ECF8427E"),
    ("key-for-tests1715669977082nonce-1secret-for-tests", "0DE75E22A9AEE6F6F1A0F0A067988C94"),
    ("key-for-tests1715669977082secret-for-tests", "E6AFE0E912B69288C99BC6B7160E4B83"),
  ]) func digests(_ payload: String, _ expected: String) {
    #expect(Gatekeeper.digest(payload) == expected)
    #expect(MD5.hex(payload) == expected)
  }

  enum Flaw: String, CaseIterable, Sendable {
    case none, noKey, otherKey, noTimestamp, noNonce, noSignature, otherSignature, lowerCase, seconds, early, late
    case otherUser, noUser, borderEarly, borderLate
    var isFine: Bool { [.none, .noUser, .borderEarly, .borderLate].contains(self) }
  }

  @Test(arguments: Road.allCases, Flaw.allCases) func signatures(_ road: Road, _ flaw: Flaw) async throws {
    try await Harness.with(road, WireTests.options()) { client in
      let real = Int64(Date().timeIntervalSince1970 * 1000)
      let shift: Int64 =
        switch flaw {
        case .early: -601_000
        case .late: 605_000
        case .borderEarly: -590_000
        case .borderLate: 599_000
        default: 0
        }
      var signer = Signer(account: WireTests.account())
      signer.clock = { flaw == .seconds ? real / 1000 : real + shift }
      var headers = signer.headers()
      func drop(_ name: String) { headers.removeAll { $0.name == name } }
      func set(_ name: String, _ change: (String) -> String) {
        for index in headers.indices where headers[index].name == name {
          headers[index].value = change(headers[index].value)
        }
      }
      switch flaw {
      case .noKey: drop("access-key")
      case .otherKey: set("access-key") { _ in "another-key" }
      case .noTimestamp: drop("timestamp")
      case .noNonce: drop("nonce-str")
      case .noSignature: drop("signature")
      case .otherSignature: set("signature") { String($0.dropLast()) + ($0.hasSuffix("0") ? "1" : "0") }
      case .lowerCase: set("signature") { $0.lowercased() }
      case .otherUser: set("user-id") { _ in "1" }
      case .noUser: drop("user-id")
      default: break
      }
      let answer = try await client.call("POST", WireTests.list, WireTests.page, headers: headers)
      #expect(answer.status == 200)
      #expect(answer.code == (flaw.isFine ? 200 : 401), "\(answer.body["msg"]?.string ?? "")")
      #expect((answer.data == .null) != flaw.isFine)
    }
  }

  @Test(arguments: Road.allCases) func aNonceServesOnce(_ road: Road) async throws {
    try await Harness.with(road, WireTests.options()) { client in
      let headers = Signer(account: WireTests.account()).headers()
      #expect(try await client.call("POST", WireTests.list, WireTests.page, headers: headers).code == 200)
      let again = try await client.call("POST", WireTests.list, WireTests.page, headers: headers)
      #expect(again.code == 401)
      #expect(again.body["msg"]?.string?.contains("nonce-str") == true)
    }
  }

  @Test func aWorldOnAnotherDayTakesBothClocks() async throws {
    let day: Int64 = 1_793_491_200_000
    try await Harness.with(.memory, WireTests.options(.fixed(day))) { client in
      var signer = Signer(account: WireTests.account())
      for (clock, code) in [(nil, 200), (day + 1000, 200), (day + 601_000, 401)] as [(Int64?, Int64)] {
        if let clock { signer.clock = { clock } }
        let answer = try await client.call("POST", WireTests.list, WireTests.page, headers: signer.headers())
        #expect(answer.code == code)
      }
    }
  }

  @Test(arguments: Road.allCases) func theWarehouseGroupSignsItsQuery(_ road: Road) async throws {
    try await Harness.with(road, WireTests.options()) { client in
      let body = try await client.marketplace.withWorld { try $0.validCall("warehouse.freight.preview").body }
      let path = "/open/pp/logistics/orderRenderFreight"
      let signer = Signer(account: WireTests.account())
      #expect(try await client.call("POST", path, body, headers: []).code == 401)
      #expect(try await client.call("POST", path, body, headers: signer.headers()).code == 401)
      #expect(try await client.call("POST", path + "?" + signer.query() + "0", body, headers: []).code == 401)
      #expect(try await client.call("POST", path + "?" + signer.query(), body, headers: []).code == 200)
    }
  }

  @Test(arguments: Road.allCases) func whatIsWrongWithARequestIsSaid(_ road: Road) async throws {
    try await Harness.with(road, WireTests.options()) { client in
      let nowhere = try await client.call("GET", "/open/nowhere")
      #expect(nowhere.status == 404)
      #expect(nowhere.code == 404)
      let method = try await client.call("GET", WireTests.list)
      #expect(method.code == 404)
      let missing = try await client.call("POST", WireTests.list, ["pageNo": 1])
      #expect(missing.code == 400)
      #expect(missing.body["msg"]?.string?.contains("pageSize") == true)
      let large = try await client.call("POST", WireTests.list, ["pageSize": 101])
      #expect(large.code == 400)
      let text = try await client.call("POST", WireTests.list, ["pageSize": "20", "pageNo": "1"])
      #expect(text.code == 200)
    }
  }

  @Test func aBodyThatIsNoJSONIsRefused() async throws {
    let marketplace = try Marketplace(WireTests.options())
    let request = SimulatedRequest(
      method: "POST", path: WireTests.list, headers: Signer(account: WireTests.account()).headers(),
      body: Array("{".utf8))
    let response = await marketplace.respond(to: request)
    #expect(try JSON(parsing: response.body)["code"] == 400)
  }

  @Test(arguments: Road.allCases) func theClockMovesOverTheWire(_ road: Road) async throws {
    try await Harness.with(road, WireTests.options(.fixed(TimeTests.start))) { client in
      let id = try await client.marketplace.withWorld { try $0.reverseOrder(.waitingForReturn).id }
      let moved = try await client.call("POST", "/simulator/clock", ["advance": "48h"], headers: [])
      #expect(moved.body["now"] == "2026-11-03T00:00:00Z")
      let set = try await client.call("POST", "/simulator/clock", ["now": "2026-12-01T00:00:00Z"], headers: [])
      #expect(set.body["now_ms"] == 1_796_083_200_000)
      let nonsense: [JSON] = [
        ["now": "2026-11-01T00:00:00Z"], ["now": 9_223_372_036_854_775_807], ["advance": "-1h"], ["advance": "soon"],
        ["advance": 9_223_372_036_854_775_807], [:], [],
      ]
      for body in nonsense {
        let answer = try await client.call("POST", "/simulator/clock", body, headers: [])
        #expect(answer.status == 400, "\(body)")
        #expect(answer.body["error"]?.string?.isEmpty == false)
      }
      let refund = try await client.call("GET", "/open/order/refund/query?refundId=\(id)")
      #expect(refund.data.at("/refundOrderAggregate/refundOrder/refundStatus") == "-20")
      let state = try await client.call("GET", "/simulator/state", headers: [])
      #expect(state.body["now"] == "2026-12-01T00:00:00Z")
      #expect(state.body.at("/taobao/refunds/20") == .null)
      let log = try await client.call("GET", "/simulator/log?limit=1", headers: [])
      #expect(log.body[0]?["operation"] == "taobao.refunds.get")
      #expect(try await client.call("GET", "/simulator/nothing", headers: []).status == 404)
    }
  }

  @Test func theRecordHoldsNoSecret() async throws {
    let path = FileManager.default.temporaryDirectory.appending(path: "ebb-record-\(UUID().uuidString).jsonl").path
    defer { try? FileManager.default.removeItem(atPath: path) }
    var options = WireTests.options()
    options.record = path
    try await Harness.with(.memory, options) { client in
      let headers = Signer(account: WireTests.account()).headers()
      _ = try await client.call(
        "POST", WireTests.list + "?a=%E4%B8%AD", ["pageSize": 5, "password": "hush"], headers: headers)
      let text = try String(contentsOfFile: path, encoding: .utf8)
      let line = try JSON(parsing: text.split(separator: "\n")[0].utf8)
      #expect(line["method"] == "POST")
      #expect(line["path"] == .string(WireTests.list))
      #expect(line.at("/query/a") == "中")
      #expect(line.at("/body/pageSize") == 5)
      #expect(line.at("/headers/timestamp").string == headers.first { $0.name == "timestamp" }?.value)
      for secret in ["hush", "key-for-tests", headers.first { $0.name == "signature" }?.value ?? ""] {
        #expect(!text.contains(secret))
      }
      #expect(line.at("/headers/signature").string?.hasPrefix("sha256:") == true)
    }
  }

  @Test func aRecordThatCannotBeWrittenStopsTheStart() {
    var options = SimulatorOptions()
    options.record = "/nowhere/at/all.jsonl"
    #expect(throws: SimulatorError.self) { try Marketplace(options) }
  }

  @Test func aPortThatIsTakenStopsTheStart() async throws {
    let first = try await SimulatorServer.start(SimulatorOptions())
    var options = SimulatorOptions()
    options.port = first.port
    await #expect(throws: SimulatorError.self) { _ = try await SimulatorServer.start(options) }
    await first.stop()
  }

  @Test func theAnnouncementSaysHowToReachIt() async throws {
    var options = SimulatorOptions()
    options.seed = 7
    let server = try await SimulatorServer.start(options)
    #expect(server.announcement["base_url"] == .string("http://127.0.0.1:\(server.port)"))
    #expect(server.announcement["access_key"] == "simulated-key-7")
    #expect(server.port > 0)
    await server.stop()
  }
}

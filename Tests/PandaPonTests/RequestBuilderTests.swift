import Catalogue
import JSON
import Testing

@testable import PandaPon

@Suite struct RequestBuilderTests {
  static func request(
    _ id: String, _ arguments: JSON, profile: Profile? = nil
  ) throws -> WireRequest {
    let operation = testOperation(id)
    return try RequestBuilder(profile: profile ?? testProfile()).request(
      for: operation, operation.arguments(from: arguments), by: testCredentials(), now: 1_715_669_977_082,
      nonce: "A1b2C3d4E5f6G7h8I9j0K1l2M3n4O5p6")
  }

  @Test func aGETCarriesTheSystemHeaders() throws {
    let request = try Self.request("taobao.refunds.get", ["refundId": "110000235001"])
    #expect(request.method == "GET")
    #expect(request.url == "http://127.0.0.1:1/open/refund/110000235001")
    #expect(request.body == nil)
    #expect(request.header("Access-Key") == "58c0201dfdf148eca63cbf6bb5e7cf03")
    #expect(request.header("timestamp") == "1715669977082")
    #expect(request.header("nonce-str") == "A1b2C3d4E5f6G7h8I9j0K1l2M3n4O5p6")
    #expect(request.header("user-id") == "2100007341207")
    #expect(request.header("signature") == "9A7C396504CA1F455009674B964E5FCF")
    #expect(request.header("content-type") == nil)
  }

  @Test func aProfileWithoutUserIDSendsNone() throws {
    let request = try Self.request("taobao.refunds.get", ["refundId": "1"], profile: testProfile(userID: ""))
    #expect(request.header("user-id") == nil)
  }

  @Test(arguments: [
    ("\t110000235001", "%09110000235001"), ("a/b", "a%2Fb"), ("逆向", "%E9%80%86%E5%90%91"), ("a b?c#d", "a%20b%3Fc%23d"),
    ("100%", "100%25"), ("..a", "..a"), ("~-._", "~-._"),
  ])
  func aPathValueStaysOneSegment(_ id: String, _ expected: String) throws {
    let request = try Self.request("taobao.refunds.get", ["refundId": .string(id)])
    #expect(request.path == "/open/refund/\(expected)")
  }

  @Test(arguments: ["", ".", ".."])
  func aPathValueCannotLeadElsewhere(_ id: String) throws {
    let failure = try #require(throws: Failure.self) {
      try Self.request("taobao.refunds.get", ["refundId": .string(id)])
    }
    #expect(failure.code == .invalid)
  }

  @Test func aPOSTMayHaveAQueryAndABody() throws {
    let request = try Self.request("taobao.refunds.list", ["page": "1 &=+", "name": "中文", "note": "\"x\""])
    #expect(request.target == "/open/refund/list?page=1%20%26%3D%2B")
    #expect(request.body == Array(#"{"name":"中文","note":"\"x\""}"#.utf8))
    #expect(request.header("content-type") == "application/json")
  }

  @Test func theBaseURLsPrefixIsKept() throws {
    let profile = try testProfile("https://gateway.example:8443/pandapon/")
    let request = try Self.request("taobao.refunds.get", ["refundId": "1"], profile: profile)
    #expect(request.url == "https://gateway.example:8443/pandapon/open/refund/1")
  }

  @Test func theWarehouseGroupSignsInTheQuery() throws {
    let request = try Self.request("warehouse.freight.preview", ["kind": "air", "price": "1"])
    #expect(request.query == "kind=air&timestamp=1715669977082&sign=8A19D88FB4EEB8280DEBFD786F717711")
    #expect(request.header("signature") == nil)
    #expect(request.header("timestamp") == nil)
    #expect(request.header("access-key") != nil)
  }

  @Test func aPathOfTheProfileReplacesTheCatalogues() throws {
    let profile = try testProfile(paths: ["taobao.refunds.get": "/v9/refund/{refundId}/show"])
    #expect(try Self.request("taobao.refunds.get", ["refundId": "7"], profile: profile).path == "/v9/refund/7/show")
    for path in ["/v9/refund", "/v9/{other}/{refundId}"] {
      let profile = try testProfile(paths: ["taobao.refunds.get": path])
      let failure = try #require(throws: Failure.self) {
        try Self.request("taobao.refunds.get", ["refundId": "7"], profile: profile)
      }
      #expect(failure.label == "path_parameter")
      #expect(failure.hint?.contains("/open/refund/{refundId}") == true)
    }
  }

  @Test(arguments: ["open/x", "/", "", "/a?b", "/a/../b", "/a b", "/a//b", "https://x/y"])
  func aProfileRefusesWhatIsNoPath(_ path: String) throws {
    let error = try #require(throws: ProfileError.self) { try testProfile(paths: ["a.b": path]) }
    #expect(error.label == "profile_path")
  }

  @Test func noncesAreThirtyTwoLettersAndDigitsAndNeverTheSame() {
    let surroundings = Surroundings.live
    let nonces = Set((0..<500).map { _ in surroundings.nonce() })
    #expect(nonces.count == 500)
    for nonce in nonces {
      #expect(nonce.utf8.count == 32)
      #expect(nonce.utf8.allSatisfy { $0.isAlphanumeric })
    }
    // Every character of the alphabet turns up, so none was lost to the way they are drawn.
    #expect(Set(nonces.joined()).count == 62)
  }
}

@Suite struct PolicyTests {
  @Test(arguments: [
    ("taobao.refunds.get", [], true), ("taobao.products.search", [], false), ("taobao.orders.cancel", [], false),
    ("taobao.products.search", ["inferred"], true), ("taobao.orders.cancel", ["inferred"], false),
    ("taobao.orders.cancel", ["inferred", "assumed"], true), ("taobao.orders.cancel", ["taobao.orders.cancel"], true),
    ("taobao.products.search", ["taobao.orders.cancel"], false),
  ])
  func onlyDocumentedPathsLeaveUnlessAllowed(_ id: String, _ words: [String], _ expected: Bool) throws {
    let allow = try Allowance(parsing: words)
    let refusal = Policy(profile: try testProfile("https://api.pandapon.com", allow: allow)).refusal(
      of: testOperation(id))
    #expect((refusal == nil) == expected)
    if let refusal {
      #expect(refusal.code == .refusedByPolicy)
      #expect(refusal.hint?.contains("allow: [\(id)]") == true)
      #expect(refusal.hint?.contains("paths: {\(id): ") == true)
      #expect(refusal.message.contains(testOperation(id).evidence.path.rawValue))
    }
  }

  @Test func loopbackAndAPathOfTheProfileAreAllowed() throws {
    let operation = testOperation("taobao.orders.cancel")
    #expect(Policy(profile: try testProfile("http://localhost:1")).refusal(of: operation) == nil)
    let profile = try testProfile("https://api.pandapon.com", paths: [operation.id: "/open/order/abort"])
    #expect(Policy(profile: profile).refusal(of: operation) == nil)
  }

  @Test func eventsAreNeverSent() throws {
    let refusal = Policy(profile: try testProfile()).refusal(of: testOperation("taobao.events.order"))
    #expect(refusal?.code == .invalid)
  }

  @Test(arguments: [("infered", "inferred"), ("asumed", "assumed"), ("everything", "operation ids")])
  func anAllowanceSuggests(_ word: String, _ expected: String) throws {
    let error = try #require(throws: AllowanceError.self) { try Allowance(parsing: [word]) }
    #expect(error.hint.contains(expected))
  }
}

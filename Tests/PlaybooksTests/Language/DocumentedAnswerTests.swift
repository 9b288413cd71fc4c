import Catalogue
import JSON
import Journal
import Lua
import PandaPon
import Redaction
import Synchronization
import Testing

@testable import Playbooks

import struct Foundation.Data
import struct Foundation.URL

/// Answers every request with the same bytes.
private struct Canned: Transport {
  let body: [UInt8]

  func exchange(_ request: WireRequest, deadline: Duration) async throws(TransportError) -> WireResponse {
    WireResponse(status: 200, headers: [("content-type", "application/json")], body: body)
  }
}

@Suite struct DocumentedAnswerTests {
  private static func client(_ body: [UInt8]) throws -> Client {
    Client(
      profile: try Profile(name: "shop", baseURL: BaseURL(parsing: "http://127.0.0.1:1")),
      credentials: FixedCredentials(
        try Credentials(accessKey: "58c0201dfdf148eca63cbf6bb5e7cf03", secret: SecretBytes("documented-answer".utf8))),
      transport: Canned(body: body))
  }

  /// The vendor's example of the cancel answer; the catalogue's tests keep it.
  private static func documented() throws -> JSON {
    let tests = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
      .deletingLastPathComponent()
    return try JSON(parsing: Data(contentsOf: tests.appending(path: "CatalogueTests/Fixtures/cancel-response.json")))
  }

  private static func result(_ source: String, of document: JSON) async throws -> JSON? {
    let client = try client(document.bytes())
    let stage = Stage()
    let assignment = try await stage.assignment(source)
    let report = try await stage.play(assignment, in: stage.surroundings(reader: client, writer: client))
    #expect(report.failure == nil && report.status == .succeeded)
    return report.result
  }

  @Test func theDocumentedCancelAnswerComesBackWithEveryField() async throws {
    let document = try Self.documented()
    let data = try #require(document["data"])
    // The write reads the refund before; every request is given the same answer, whose refund it is.
    let result = try await Self.result("return (taobao.refunds.cancel('110000235001'))", of: document)
    let cancel = try #require(catalogue["taobao.refunds.cancel"])
    #expect(result?.bytes(.canonical) == cancel.decode(data).bytes(.canonical))
    #expect(result == data, "this answer has no scalar of another type than the catalogue's")
    #expect(result?[pointer: "/refundOrderAggregate/logistics/logisticsCompany/logisticsCompanyName"] == "顺丰快递")
  }

  @Test func whatIsHardToKeepIsKept() async throws {
    var document = try Self.documented()
    let hard: JSON = [
      "nineteen": 1_100_002_350_019_876_543, "negative": .integer(.min), "one": 1, "float": 1.0, "nothing": nil,
      "list": [], "map": [:],
      "nested": [[], [:], [nil, [nil]], ["a": nil, "b": []]], "text": "撤销 \u{0} \"\\ 😀 e\u{301}", "empty": "",
      "flags": [true, false], "撤销": ["键": "值"],
    ]
    document.set(hard, at: "/data/refundOrderAggregate/beyond")
    let result = try await Self.result("return (taobao.refunds.get('110000235001'))", of: document)
    #expect(result?[pointer: "/refundOrderAggregate/beyond"]?.bytes(.canonical) == hard.bytes(.canonical))
  }

  @Test func integersBeyond64BitsBecomeText() async throws {
    var document = try Self.documented()
    document.set(.bigInteger("12345678901234567890"), at: "/data/refundOrderAggregate/beyond")
    let result = try await Self.result("return (taobao.refunds.get('1')).refundOrderAggregate.beyond", of: document)
    #expect(result == "12345678901234567890")
  }

  @Test func anIdOfNineteenDigitsIsExactHoweverItIsWritten() async throws {
    for wire in [1_100_002_350_019_876_543, "1100002350019876543"] as [JSON] {
      var document = try Self.documented()
      document.set(wire, at: "/data/refundOrderAggregate/refundOrder/refundId")
      let result = try await Self.result(
        "return require('ebb.aftersales').reread('1').id", of: document)
      #expect(result == "1100002350019876543")
    }
  }
}

import Catalogue
import Foundation
import JSON
import Testing

@testable import ebb

@Suite struct ApiCommandTests {
  /// The vendor's menu as the contract lists it; the fixture is the Catalogue room's.
  private static let menu = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
    .appending(path: "CatalogueTests/Fixtures/operations.csv")

  @Test func listEqualsTheContract() throws {
    let lines = try String(contentsOf: Self.menu, encoding: .utf8).split(whereSeparator: \.isNewline).dropFirst()
    let columns = ["id", "market", "group", "name", "method", "method_evidence", "path", "path_evidence", "effect"]
    let expected = lines.map { line -> JSON in
      let fields = Self.fields(line)
      return .object(JSONObject(zip(columns, fields).map { ($0, .string($1)) }))
    }
    let listed = try #require(try Binary.run(["api", "list", "--json"]).json.array)
    #expect(listed.count == 78)
    #expect(listed == expected)
  }

  /// The fields of a line of CSV; quotes protect commas.
  private static func fields(_ line: Substring) -> [String] {
    var fields = [""]
    var quoted = false
    for character in line {
      switch character {
      case "\"": quoted.toggle()
      case "," where !quoted: fields.append("")
      default: fields[fields.count - 1].append(character)
      }
    }
    return fields
  }

  @Test(arguments: [
    ("逆向单撤销", ["taobao.refunds.cancel"]), ("queryList", ["taobao.refunds.list", "taobao.refunds.messages"]),
    ("no such thing", []), ("WAREHOUSE.freight", ["warehouse.freight.estimate", "warehouse.freight.preview"]),
  ])
  func findsByAnyName(_ word: String, _ ids: [String]) throws {
    let result = try Binary.run(["api", "list", word, "--json"])
    #expect(result.status == 0)
    #expect(try result.json.array?.compactMap { $0["id"]?.string } == ids)
  }

  @Test func showsTheDocumentedOperation() throws {
    let result = try Binary.run(["api", "show", "taobao.refunds.cancel"])
    #expect(result.status == 0)
    for part in [
      "Reverse order cancellation · 逆向单撤销",
      "GET /open/order/refund/cancel/{refundId}  (method documented, path documented)",
      "touches: taobao.refund by /refundId", "read back by: taobao.refunds.get{ refundId = its argument /refundId }",
      "its answer confirms where /cancelSuccess is true", "ebb call taobao.refunds.cancel refundId=110000235001",
    ] {
      #expect(result.output.contains(part), "\(part)")
    }
  }

  @Test func showsTheSameAsADocument() throws {
    let document = try Binary.run(["api", "show", "逆向单撤销", "--json"]).json
    #expect(document["id"] == "taobao.refunds.cancel")
    #expect(document["name_zh"] == "逆向单撤销")
    #expect(document["parameters"]?[0]?["in"] == "path")
    #expect(document["outcome"]?["answer"] == "confirms")
    #expect(document[pointer: "/answer/properties/cancelSuccess/type"] == "boolean")
  }

  @Test func everyOperationHasAPage() throws {
    let terminal = Terminal(environment: [:], output: true, error: false, input: false, columns: 80)
    for operation in try Catalogue.embedded().operations {
      let page = OperationPage(operation, terminal: terminal).text
      #expect(page.contains(operation.id))
      #expect(operation.effect == .event || page.contains("ebb call \(operation.id)"), "\(operation.id)")
      #expect(!page.contains("\n\n\n"))
      if operation.effect == .write { #expect(page.contains("sending it twice"), "\(operation.id)") }
      if operation.evidence.path != .documented && operation.effect != .event {
        #expect(page.contains("not sent to the real API unless"), "\(operation.id)")
      }
      #expect(JSON.object(operation.document.object ?? JSONObject())["answer"] != nil)
    }
  }

  @Test(arguments: [("plain-1.5", "plain-1.5"), ("a b", "'a b'"), ("it's", "'it'\\''s'"), ("", "''"), ("中文", "中文")])
  func quotesForAShell(_ text: String, _ expected: String) {
    #expect(OperationPage.shellQuoted(text) == expected)
  }
}

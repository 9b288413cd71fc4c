import Foundation
import Testing

/// What the tests of shipped playbooks are about; that they pass is for `TestCommandTests`.
@Suite struct ShippedTestsTests {
  private static let folder = URL(filePath: #filePath).appending(path: "../../../../scripts").standardizedFileURL

  private static func texts() throws -> [String: String] {
    var texts: [String: String] = [:]
    for file in try FileManager.default.contentsOfDirectory(atPath: folder.path) where file.hasSuffix(".lua") {
      texts[file] = try String(contentsOf: folder.appending(path: file), encoding: .utf8)
    }
    return texts
  }

  @Test func everyPlaybookHasPropertiesInRandomWorlds() throws {
    let texts = try Self.texts()
    let playbooks = texts.keys.filter { !$0.hasSuffix("_test.lua") }
    #expect(playbooks.count == 17)
    for file in playbooks {
      let tests = try #require(texts[file.dropLast(4) + "_test.lua"], "\(file) has no tests")
      #expect(tests.contains("\nworlds("), "\(file) has no property")
    }
  }

  /// The scenarios that operators' days are made of.
  @Test(arguments: [
    "seller silent to expiry", "refuse twice then agree", "seller ships over claim",
    "address appears then disappears", "waybill rejected", "duplicate callback x3 out of order",
    "callback before create returns", "cancel times out but succeeded", "refund 1 fen short", "unknown status 90",
    "id > 2^53", "string/int flips", "order confirmed while refund open", "two lines, one refused",
    "refund paid in another currency", "list stale vs query",
  ])
  func everyScenarioIsATest(_ name: String) throws {
    let tests = try Self.texts().values.count { $0.contains("\ntest(\"scenario: \(name)\",") }
    #expect(tests == 1)
  }
}

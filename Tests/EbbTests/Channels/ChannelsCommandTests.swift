import Foundation
import JSON
import Testing

@Suite struct ChannelsCommandTests {
  private let vault: VaultProject
  /// What looks like a token; it stands in nothing that is printed or kept in the open.
  private static let token = "71fe08a9c2b45d3e7abc"

  init() throws {
    vault = try VaultProject()
  }

  private func add(_ name: String, _ document: JSON, kind: String = "dingtalk") throws -> Binary.Result {
    try vault.run("channels", "add", name, "--kind", kind, "--from-stdin", input: document.text())
  }

  @Test func aChannelIsSealedListedAndRemoved() throws {
    let address = "https://oapi.dingtalk.com/robot/send?access_token=\(Self.token)"
    let added = try add("ops", ["address": .string(address), "secret": "SEC-of-a-test-1234"])
    #expect(added.status == 0, "\(added.errors)")
    #expect(try add("ops", ["address": .string(address)]).status != 0, "its name is taken")
    let replaced = try vault.run(
      "channels", "add", "ops", "--kind", "dingtalk", "--from-stdin", "--replace", "--keyword", "售后",
      input: JSON.object(["address": .string(address)]).text())
    #expect(replaced.status == 0, "\(replaced.errors)")
    // Where it goes to is told; the token is not.
    let listed = try vault.run("channels", "list", "--json").json
    #expect(
      listed == [
        [
          "channel": "ops", "kind": "dingtalk", "host": "https://oapi.dingtalk.com", "signed": false, "keyword": "售后",
        ]
      ])
    #expect(try vault.run("channels", "remove", "ops").status == 0)
    #expect(try vault.run("channels", "list").output.contains("no channels"))
    #expect(!(try vault.everything()).contains(subsequence: Self.token))
  }

  @Test func whatCannotBeReachedSaysSo() throws {
    #expect(try add("ops", ["address": .string("http://127.0.0.1:1/hook/\(Self.token)")], kind: "http").status == 0)
    let result = try vault.run("channels", "test", "ops")
    #expect(result.status == 7 && result.errors.contains("was not sent"), "\(result.errors)")
    #expect(!(try vault.everything()).contains(subsequence: Self.token))
  }

  @Test(arguments: [
    (#"{"address": "http://example.com/71fe08a9c2b45d3e7abc"}"#, "http"), (#"{"secret": "x"}"#, "address is missing"),
    ("nonsense", "standard input"), (#"{"address": "https://a.example.com/", "addres": 1}"#, "unknown member"),
  ])
  func mistakesAreNamed(_ input: String, _ expected: String) throws {
    let result = try vault.run("channels", "add", "ops", "--kind", "slack", "--from-stdin", input: input)
    #expect(result.status == 2 && result.errors.contains(expected), "\(result.errors)")
    #expect(!(try vault.everything()).contains(subsequence: Self.token))
  }

  @Test func anUnknownChannelIsSuggested() throws {
    #expect(try add("ops", ["address": "https://a.example.com/hook"], kind: "http").status == 0)
    let result = try vault.run("channels", "test", "opps")
    #expect(result.status == 3 && result.errors.contains("ops"), "\(result.errors)")
  }
}

extension [UInt8] {
  fileprivate func contains(subsequence text: String) -> Bool { firstRange(of: Array(text.utf8)) != nil }
}

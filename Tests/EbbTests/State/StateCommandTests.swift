import Foundation
import JSON
import Testing

@testable import ebb

/// `ebb state`: what playbooks remember, for people.
@Suite struct StateCommandTests {
  private static let playbook = """
    local state = require "ebb.state"
    playbook { ebb = 1, name = "counter", title = "Counter" }
    state.set("count", (state.get("count") or 0) + 1)
    return { count = state.get("count"), owner = state.claim("waybill", "SF1", tostring(state.get("count"))) }
    """

  private let project: Project

  init() throws {
    project = try Project(
      files: ["counter.lua": Self.playbook],
      environment: [
        "EBB_BASE_URL": "http://127.0.0.1:9", "EBB_ACCESS_KEY": "an-access-key",
        "EBB_ACCESS_SECRET": "worth-nothing-to-anybody",
      ])
  }

  private func play() throws -> JSON? { try project.run("run", "counter.lua", "--json").json["result"] }

  @Test func aPlaybookRemembersFromRunToRunAndPeopleSeeIt() throws {
    #expect(try play() == ["count": 1, "owner": "1"])
    #expect(try play() == ["count": 2, "owner": "1"])
    #expect(try project.run("plan", "counter.lua", "-o", "plan.json").status == 0)
    let listed = try project.run("state", "list", "counter", "--json").json.array ?? []
    #expect(listed.count == 1 && listed[0]["key"] == "count" && listed[0]["value"] == 2)
    #expect(listed[0]["profile"] == "env" && listed[0]["by"]?.string?.hasPrefix("run-") == true)
    let claims = try project.run("state", "list", "--claims", "--json").json
    #expect(claims[0]?["claim"] == "waybill" && claims[0]?["key"] == "SF1" && claims[0]?["owner"] == "1")
    #expect(try project.run("state", "list", "counter").output.contains("count"))
    #expect(try project.run("state", "get", "counter", "count").output == "2\n")
    #expect(try project.run("state", "get", "counter", "SF1", "--claim", "waybill").output == "\"1\"\n")
    #expect(try project.run("store", "check").status == 0)
  }

  @Test func peopleSetAndForgetIt() throws {
    #expect(try project.run("state", "set", "counter", "count", "41", "--why", "a test").status == 0)
    #expect(try play() == ["count": 42, "owner": "42"])
    #expect(try project.run("state", "set", "counter", "SF1", "7", "--claim", "waybill").status == 0)
    #expect(try play() == ["count": 43, "owner": "7"])
    let set = try project.run("state", "set", "counter", "words", "not JSON", "--json").json
    #expect(set["value"] == "not JSON" && set["key"] == "words")
    #expect(try project.run("state", "delete", "counter", "count").output == "forgotten\n")
    #expect(try play() == ["count": 1, "owner": "7"])
    #expect(try project.run("state", "delete", "counter", "--prefix", "w", "--json").json["forgotten"] == 1)
    #expect(try project.run("state", "delete", "counter", "SF1", "--claim", "waybill").status == 0)
    #expect(try project.run("state", "delete", "counter", "--all").status == 0)
    #expect(try project.run("state", "list", "--json").json == [])
  }

  @Test(
    arguments: [
      (["get", "counter", "coumt"], 1, "did you mean \"count\"?"),
      (["delete", "counter", "none"], 1, "state list counter"),
      (["delete", "counter"], 2, "KEY"), (["delete", "counter", "k", "--all"], 2, "KEY"),
      (["delete", "counter", "--all", "--claim", "n"], 2, "KEY"),
      (["set", "counter", "k", "null"], 2, "`ebb state delete`"),
      (["set", "counter", "", "1"], 2, "1 to 100 bytes"),
      (["set", "counter", String(repeating: "k", count: 101), "1"], 2, "1 to 100 bytes"),
      (["get", "counter", "count", "--profile", "enf"], 3, "did you mean \"env\"?"),
    ] as [([String], Int32, String)])
  func mistakesSayWhatToDo(_ arguments: [String], _ status: Int32, _ hint: String) throws {
    _ = try play()
    let result = try project.run(["state"] + arguments)
    #expect(result.status == status && result.errors.hasPrefix("ebb: "), "\(result)")
    #expect(result.errors.contains(hint))
  }
}

import Foundation
import JSON
import Testing

@testable import ebb

@Suite struct PlaybooksCommandTests {
  private let project: Project

  init() throws { project = try Project() }

  @Test func aPlaybookIsTakenOverAndCompared() throws {
    let listed = try project.run("playbooks", "list", "--json").json
    #expect(listed.array?.contains { $0["playbook"] == "cancel_stale_refunds" } == true)
    #expect(try project.run("playbooks", "add", "cancel_stale_refunds").status == 0)
    #expect(try project.run("test").status == 0)
    let same = try project.run("playbooks", "diff")
    #expect(same.status == 0 && same.output == "nothing differs\n", "\(same.output)")

    let text = try project.read("scripts/cancel_stale_refunds.lua")
    try project.write(
      text.replacing("default = \"7d\"", with: "default = \"9d\""), to: "scripts/cancel_stale_refunds.lua")
    let changed = try project.run("playbooks", "diff", "cancel_stale_refunds")
    #expect(changed.status == 1 && changed.output.contains("- ") && changed.output.contains("default = \"9d\""))
    #expect(try project.run("playbooks", "diff", "--json").json[0]?["differs"] == true)
    // What a person has changed is not overwritten.
    #expect(try project.run("playbooks", "add", "cancel_stale_refunds").status == 2)
  }

  @Test func whatIsNotThereIsSaid() throws {
    let unknown = try project.run("playbooks", "add", "cancel_stale_refund")
    #expect(unknown.status == 2 && unknown.errors.contains("cancel_stale_refunds"), "\(unknown.errors)")
    let none = try project.run("playbooks", "diff")
    #expect(none.status == 2 && none.errors.contains("scripts has no copy of a playbook that Ebb brings"))
  }

  @Test(arguments: [
    ("a\nb\nc\n", "a\nb\nc\n", ""), ("a\nb\nc\n", "a\nx\nc\n", "@@ line 1\n  a\n- b\n+ x\n  c"),
    ("", "a\n", "@@ line 1\n+ a"), ("a\n", "", "@@ line 1\n- a"),
    (
      "1\n2\n3\n4\n5\n6\n7\n8\n9\n10\n", "1\n2\n3\n4\n5\nsix\n7\n8\n9\n10\n",
      "@@ line 3\n  3\n  4\n  5\n- 6\n+ six\n  7\n  8\n  9"
    ),
  ])
  func differencesAreShownLineByLine(_ old: String, _ new: String, _ expected: String) {
    let difference = LineDifference(from: old, to: new)
    #expect(difference.text == expected && difference.isEmpty == expected.isEmpty)
  }
}

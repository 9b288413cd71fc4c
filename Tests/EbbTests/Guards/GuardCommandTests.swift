import Foundation
import JSON
import Journal
import Playbooks
import Testing

@testable import ebb

/// The commands by which people decide, hold and stop, on a store of their own.
@Suite struct GuardCommandTests {
  static let run: RunID = "run-20261123-00000001"

  /// A project whose store holds a run that asks about two refunds.
  static func project() async throws -> Project {
    let project = try Project(
      files: ["ebb.yaml": "profiles:\n  shop1:\n    base_url: http://127.0.0.1:1\n"])
    let folder = project.folder.appending(path: ".ebb")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    let store = try SQLiteStore(path: folder.appending(path: "store.db").path(percentEncoded: false))
    let now = SystemClock().now()
    let record = RunRecord(
      id: run, playbook: "p", version: "v", profile: "shop1", trigger: .manual, parameters: [:], started: now,
      status: .running)
    let request = LeaseRequest(worker: "w", instant: now, length: 60_000)
    guard case .started(let lease?) = try await store.start(record, requiring: [], heldBy: request) else {
      throw JournalError.unknownRun(run)
    }
    let questions = (1...2).map { number in
      Entry(
        .ask(
          ApprovalRequest(
            path: StepPath([number]), title: "taobao.refunds.cancel of taobao.refund:\(number)",
            items: [
              [
                "operation": "taobao.refunds.cancel", "resources": [.string("taobao.refund:\(number)")],
                "amount": ["fen": 123_456, "currency": "CNY", "direction": "forgone"],
                "before": ["/refundOrder/refundStatus": "10"],
              ]
            ], digest: "d\(number)",
            claims: [ClaimKey(profile: "shop1", kind: "taobao.refund", id: "\(number)")], expires: now + 600_000)),
        instant: now)
    }
    let end = Entry(.status(.waiting(.approval), wake: now + 600_000), instant: now)
    _ = try await store.commit(questions + [end, Entry(.release, instant: now)], under: lease)
    return project
  }

  @Test func approvalsAreListedShownAndAnswered() async throws {
    let project = try await Self.project()
    let list = try project.run("approvals", "list")
    #expect(list.status == 0 && list.output.contains("A1") && list.output.contains("taobao.refund:2"))
    let shown = try project.run("approvals", "show", "a1")
    #expect(shown.output.contains("1,234.56 CNY (forgone)") && shown.output.contains("/refundOrder/refundStatus = 10"))
    let document = try project.run("approvals", "show", "A1", "--json").json
    #expect(document["approval"] == "A1" && document["state"] == "pending" && document["digest"] == "d1")
    #expect(document["run"] == .string(Self.run.text) && document["items"]?[0]?["amount"]?["fen"] == 123_456)

    let approved = try project.run("approve", "A1", "--as", "li", "--why", "checked")
    #expect(approved.status == 0 && approved.output.hasSuffix("A1 approved by li\n"))
    #expect(approved.output.contains("1,234.56 CNY"), "what is approved is shown")
    #expect(approved.errors.contains("ebb runs resume \(Self.run)"))
    let again = try project.run("approve", "A1", "--json")
    #expect(again.status == 1)
    #expect(try again.json["error"]?["code"] == "approval_over")
    #expect(again.errors.contains("approved by li"))

    let rejected = try project.run("reject", "--run", "00000001", "--why", "no", "--as", "li", "--json")
    #expect(rejected.status == 0)
    #expect(try rejected.json["approvals"]?.array?.map { $0["approval"] } == ["A2"])
    #expect(try rejected.json["approvals"]?[0]?["state"] == "rejected")
    #expect(try project.run("approvals", "list", "--json").json == [])
    #expect(try project.run("approvals", "list", "--all", "--json").json.array?.count == 2)
  }

  @Test(arguments: [
    (["approve"], "what is answered is not said"), (["approve", "A1", "--run", "x"], "ids and --run exclude"),
    (["approve", "A9"], "there is no approval \"A9\""), (["reject", "A1"], "missing expected argument"),
    (["hold", "1"], "missing expected argument"), (["hold", "1 2", "--why", "x"], "\"1 2\" is no id"),
    (["hold", "1", "--why", " "], "--why is empty"),
    (["hold", "1", "--why", "x", "--until", "soon"], "that is no time"),
    (["hold", "1", "--why", "x", "--until", "2020-01-01"], "that time has passed"), (["freeze"], "missing expected"),
  ])
  func mistakesAreOfTheCommandLine(_ arguments: [String], _ message: String) async throws {
    let project = try await Self.project()
    let result = try project.run(arguments)
    #expect(result.status == 2 && result.errors.contains(message), "\(result.errors)")
  }

  @Test func holdsAndTheSwitch() async throws {
    let project = try await Self.project()
    #expect(try project.run("hold", "77", "--why", "a dispute", "--until", "7d", "--as", "li").status == 0)
    #expect(try project.run("hold", "78", "--why", "a dispute", "--profile", "shop1").status == 0)
    let misspelt = try project.run("hold", "78", "--why", "x", "--profile", "shop2")
    #expect(misspelt.status == 3 && misspelt.errors.contains("did you mean \"shop1\"?"))
    #expect(try project.run("freeze", "--why", "prices are wrong").output.hasPrefix("writes of all shops are stopped"))
    let listed = try project.run("holds", "list", "--json").json
    #expect(listed["holds"]?.array?.map { $0["subject"] } == ["77", "78"])
    #expect(listed["holds"]?[0]?["by"] == "li" && listed["holds"]?[1]?["profile"] == "shop1")
    #expect(listed["freezes"]?[0]?["why"] == "prices are wrong")

    let wrong = try project.run("release", "78")
    #expect(wrong.status == 1 && wrong.errors.contains("--profile shop1"))
    #expect(try project.run("release", "78", "--profile", "shop1").output == "78 is released\n")
    #expect(try project.run("thaw").output == "writes of all shops go on\n")
    #expect(try project.run("thaw").status == 1)
    #expect(try project.run("holds", "list", "--json").json["freezes"] == [])
  }

  @Test(
    arguments: [
      ("90s", "2026-11-23T04:01:30Z"), ("2026-12-01", "2026-11-30T16:00:00Z"),
      ("2026-12-01 09:30", "2026-12-01T01:30:00Z"), ("2026-12-01 09:30:15", "2026-12-01T01:30:15Z"),
      ("2026-12-01T09:30:00Z", "2026-12-01T09:30:00Z"),
    ])
  func timesAreTheZones(_ text: String, _ instant: String) throws {
    let now = try #require(InstantText.milliseconds("2026-11-23T04:00:00Z"))
    let zone = try #require(TimeZone(identifier: "Asia/Shanghai"))
    #expect(try Until.instant(text, now: now, in: zone) == InstantText.milliseconds(instant))
  }
}

import Foundation
import JSON
import Journal
import Playbooks
import Testing

@testable import ebb

/// The service as a process: what it does by itself, and how it ends.
@Suite struct ServeCommandTests {
  private static let tick = """
    local p = playbook {
      ebb = 1, name = "tick", title = "Tick", params = { size = { type = "integer", default = 1 } },
      schedule = { every = "1s", overlap = "allow" },
    }
    taobao.refunds.list { pageSize = p.size }
    return p.size
    """

  private static let sweep = """
    playbook {
      ebb = 1, name = "sweep", title = "Sweep", guards = { writes = { "taobao.refunds.cancel" }, max_amount = { run = "1000 CNY" } },
      schedule = { every = "1s" },
    }
    local rows = require "ebb.pages"(taobao.refunds.list, { refundStatus = 10 })
    local refund = require "ebb.aftersales".refund(rows[1])
    act(refund, "a test", taobao.refunds.cancel, { refundId = refund.id })
    """

  private let simulator: SimulatorProcess
  private let project: Project

  init() throws {
    simulator = try SimulatorProcess(["--seed", "7", "--scenario", "demo"])
    project = try Project(environment: simulator.environment)
    try FileManager.default.createDirectory(
      at: project.folder.appending(path: "scripts"), withIntermediateDirectories: true)
  }

  /// How many occurrences of a schedule became that.
  private func count(_ name: String, _ outcome: String) throws -> Int {
    let result = try project.run("schedule", "show", name, "--outcome", outcome, "--limit", "1000", "--json")
    return result.status == 0 ? try result.json["occurrences"]?.array?.count ?? 0 : 0
  }

  @Test func anEnabledPlaybookRunsByItsScheduleUntilItIsToldToStop() throws {
    try project.write(Self.tick, to: "scripts/tick.lua")
    #expect(try project.run("enable", "tick").status == 0)
    #expect(try project.run("promote", "tick").status == 0)
    let service = try project.start("serve", "--port", "0", "--health-port", "0", "--json", "--log-format", "json")
    try service.wait { try count("tick", "ran") >= 2 }
    service.signal(SIGTERM)
    let end = try service.end()
    #expect(end.status == 0, "\(end.errors)")
    #expect(try end.json["status"] == "serving" && end.json["schedules"] == 1)
    for line in end.errors.split(separator: "\n") { #expect(throws: Never.self) { try JSON(parsing: String(line)) } }

    let runs = try project.run("runs", "list", "--json").json.array ?? []
    #expect(!runs.isEmpty && runs.allSatisfy { $0["trigger"] == "schedule" })
    // What was not finished goes on, and nothing runs twice.
    #expect(try project.run("runs", "resume", "--all").status == 0)
    #expect(Set(runs.map { $0["run"]?.string ?? "" }).count == runs.count)
    #expect(try project.run("why", "tick").output.contains(" ran as run-"))
    #expect(try project.run("store", "check").output == "all rules hold\n")
  }

  @Test func itGoesOnAfterBeingKilled() throws {
    try project.write(Self.tick, to: "scripts/tick.lua")
    _ = try project.run("enable", "tick")
    _ = try project.run("promote", "tick")
    for round in 1...3 {
      let service = try project.start("serve", "--port", "0", "--health-port", "0")
      try service.wait { try count("tick", "ran") >= round * 2 }
      service.signal(SIGKILL)
      _ = try service.end()
    }
    #expect(try project.run("runs", "resume", "--all").status == 0)
    let runs = try project.run("runs", "list", "--json", "--limit", "1000").json.array ?? []
    #expect(runs.allSatisfy { $0["status"] == "succeeded" })
    #expect(try runs.count == count("tick", "ran"))
    // Each second from the first occurrence to the last has its row.
    let shown = try project.run("schedule", "show", "tick", "--limit", "1000", "--json").json
    let instants = try (shown["occurrences"]?.array ?? []).map { row in
      try #require(row["at"]?.string.flatMap(InstantText.milliseconds))
    }
    for (later, earlier) in zip(instants, instants.dropFirst()) { #expect(later - earlier == 1000) }
  }

  @Test func whatIsNotPromotedPlansAndAPersonApplies() throws {
    try project.write(Self.sweep, to: "scripts/sweep.lua")
    #expect(try project.run("enable", "sweep").output.contains("plans"))
    let service = try project.start("serve", "--port", "0", "--health-port", "0")
    let plans = project.folder.appending(path: ".ebb/plans").path
    try service.wait { (try? FileManager.default.contentsOfDirectory(atPath: plans).isEmpty) == false }
    service.signal(SIGTERM)
    #expect(try service.end().status == 0)
    // Nor does anything that was not planned yet act, by whatever command it is taken up.
    let resumed = try project.run("runs", "resume", "--all", "--json")
    #expect(try resumed.json["runs"] == [])
    for run in try resumed.json["skipped"]?.array ?? [] {
      let id = try #require(run["run"]?.string)
      #expect(try project.run("runs", "resume", id).status == 4)
    }
    #expect(try project.run("effects", "list", "--json").output == "[]\n")
    let plan = try #require(try FileManager.default.contentsOfDirectory(atPath: plans).sorted().first)
    let applied = try project.run("apply", ".ebb/plans/\(plan)", "--json")
    #expect(applied.status == 0, "\(applied.errors)")
    #expect(try project.run("effects", "list", "--json").json.array?.count == 1)
    // Who applied it answered the question with that; its run takes note of it.
    let asked = try #require(try project.run("approvals", "list", "--all", "--json").json.array?.last)
    #expect(asked["state"] == "approved")
    let again = try project.start("serve", "--port", "0", "--health-port", "0")
    let planned = try #require(asked["run"]?.string)
    try again.wait { try project.run("runs", "show", planned, "--json").json["status"] == "succeeded" }
    again.signal(SIGTERM)
    #expect(try again.end().status == 0)
    #expect(try applied.json["run"] == project.run("runs", "show", planned, "--json").json["result"]?["applied_by"])
    #expect(try project.run("store", "check").status == 0)
  }

  /// What plans waits as a question; one yes sends exactly what was shown, a no sends nothing.
  @Test func aPlanIsAQuestionThatTheServiceActsUpon() throws {
    try project.write(Self.sweep, to: "scripts/sweep.lua")
    _ = try project.run("enable", "sweep")
    let service = try project.start("serve", "--port", "0", "--health-port", "0")
    func pending() throws -> [JSON] { try project.run("approvals", "list", "--json").json.array ?? [] }
    try service.wait { try !pending().isEmpty }
    let first = try #require(try pending().first)
    #expect(first["title"]?.string?.hasPrefix("plan of sweep for env: 1 write, ") == true)
    let subject = try #require(first["items"]?[1]?["subject"]?.string)
    // Later plans leave alone what is asked about.
    try service.wait { try count("sweep", "ran") >= 3 }
    #expect(try pending().map { $0["approval"] } == [first["approval"]])
    #expect(try project.run("effects", "list", "--json").output == "[]\n")

    let name = try #require(first["approval"]?.string)
    let rejected = try project.run("reject", name, "--why", "not today")
    #expect(rejected.status == 0 && rejected.errors.contains("`ebb serve` does"), "\(rejected.errors)")
    let run = try #require(first["run"]?.string)
    try service.wait { try project.run("runs", "show", run, "--json").json["status"] == "failed" }
    let file = try #require(try project.run("runs", "show", run, "--json").json["result"]?["plan"]?.string)
    let applied = try project.run("apply", file)
    #expect(applied.status == 4 && applied.errors.contains("was rejected"), "\(applied.errors)")
    // The next plan asks again, and can be called off as any run.
    try service.wait { try !pending().isEmpty }
    let off = try #require(try pending().first?["run"]?.string)
    #expect(try project.run("runs", "cancel", off, "--why", "a test").status == 0)
    try service.wait { try project.run("runs", "show", off, "--json").json["status"] == "cancelled" }
    try service.wait { try pending().contains { $0["run"]?.string != off } }
    let second = try #require(try pending().first?["approval"]?.string)
    #expect(second != name)
    #expect(try project.run("approve", second, "--yes").status == 0)
    try service.wait { try project.run("effects", "list", "--json").json.array?.isEmpty == false }
    service.signal(SIGTERM)
    #expect(try service.end().status == 0)
    // Its status tells of plans that wait for a person as well.
    _ = try project.run("runs", "resume", "--all")
    let effects = try project.run("effects", "list", "--json").json.array ?? []
    #expect(effects.map { $0["resources"] } == [[.string("taobao.refund:\(subject)")]])
    #expect(effects.allSatisfy { $0["state"] == "confirmed" && $0["run"]?.string?.hasPrefix("apply-") == true })
    // What waits can be called off also where no service runs.
    for question in try pending() {
      let run = try #require(question["run"]?.string)
      let cancelled = try project.run("runs", "cancel", run, "--why", "a test")
      #expect(cancelled.status == 0 && cancelled.output.contains("is cancelled"), "\(cancelled.output)")
    }
  }

  /// No time is without a row because no service was there when somebody changed the schedule.
  @Test func whatNobodyWasThereForIsAccountedForBeforeAScheduleEnds() throws {
    try project.write(Self.tick, to: "scripts/tick.lua")
    _ = try project.run("enable", "tick")
    let service = try project.start("serve", "--port", "0", "--health-port", "0")
    try service.wait { try count("tick", "ran") >= 1 }
    #expect(try project.run("schedule", "add", "own", "--playbook", "tick", "--every", "1s").status == 0)
    service.signal(SIGKILL)
    _ = try service.end()
    let began = Date()
    while Date().timeIntervalSince(began) < 2.5 { _ = try project.run("why", "own") }
    #expect(try project.run("schedule", "remove", "own").status == 0)
    #expect(try project.run("disable", "tick").status == 0)
    for (name, why) in [("own", "the schedule was removed since"), ("tick", "its playbook was disabled since")] {
      let rows = try project.run("schedule", "show", name, "--limit", "1000", "--json").json["occurrences"]?.array ?? []
      #expect(rows.contains { $0["reason"]?.string?.contains(why) == true }, "\(name)")
      let instants = rows.compactMap { $0["at"]?.string.flatMap(InstantText.milliseconds) }
      for (later, earlier) in zip(instants, instants.dropFirst()) { #expect(later - earlier == 1000) }
    }
  }

  /// `ebb why` has one line for each instant, whatever became of it.
  @Test(arguments: [
    ("allow", "none", "missed", "was missed: "), ("allow", "last", "coalesced", "which ran for it as well"),
    ("skip", "last", "skipped", "was skipped: "),
  ])
  func whySaysWhatBecameOfAnInstant(
    _ overlap: String, _ misfire: String, _ outcome: String, _ words: String
  ) async throws {
    try project.write(#"playbook { ebb = 1, name = "slow", title = "Slow" } sleep("1h")"#, to: "scripts/slow.lua")
    _ = try project.run("enable", "slow")
    // As a service leaves it that was killed three minutes ago.
    let now = SystemClock().now()
    let left = ScheduleRecord(
      key: ScheduleKey("own", profile: "env"), playbook: "slow", origin: .added,
      terms: ["every": "1s", "overlap": .string(overlap), "misfire": .string(misfire)], through: now - 180_000)
    let store = try SQLiteStore(path: project.folder.appending(path: ".ebb/store.db").path)
    #expect(try await store.put(left, replacing: nil, Signature(by: "a test", at: now)))
    try store.close()
    let service = try project.start("serve", "--port", "0", "--health-port", "0")
    try service.wait { try count("own", outcome) >= 1 }
    service.signal(SIGTERM)
    let end = try service.end()
    #expect(end.status == 0, "\(end)")

    let rows = try project.run("schedule", "show", "own", "--outcome", outcome, "--json").json["occurrences"]
    let instant = try #require(rows?[0]?["at"]?.string)
    let why = try project.run("why", "own", instant)
    #expect(why.status == 0 && why.output.contains(words), "\(why.output)")
    #expect(why.output.split(separator: "\n").count == 1)
    let document = try project.run("why", "own", instant, "--json").json
    #expect(document["at"]?.string == instant && document["outcome"]?.string == outcome)
  }

  @Test func itIsReadyWithinASecond() throws {
    try project.write(Self.tick, to: "scripts/tick.lua")
    // The best of three: what else runs on the machine is not the service's.
    let took = try (0..<3).map { _ in
      let began = ContinuousClock.now
      let service = try project.start("serve", "--port", "0", "--health-port", "0", "--json")
      try service.wait { service.told.contains("\n") }
      let took = ContinuousClock.now - began
      let greeting = try JSON(parsing: service.told)
      #expect(greeting["callbacks"]?.string?.hasPrefix("http://127.0.0.1:") == true)
      service.signal(SIGTERM)
      #expect(try service.end().status == 0)
      return took
    }
    #expect(try #require(took.min()) < .seconds(1))
  }

  @Test func aBrokenFileKeepsItsLastGoodVersionAndSaysSo() throws {
    try project.write(Self.tick, to: "scripts/tick.lua")
    _ = try project.run("enable", "tick")
    _ = try project.run("promote", "tick")
    let service = try project.start("serve", "--port", "0", "--health-port", "0")
    try service.wait { try count("tick", "ran") >= 1 }
    try project.write("playbook { name = ", to: "scripts/tick.lua")
    try service.wait { service.said.contains("its last good version is kept") }
    let before = try count("tick", "ran")
    try service.wait { try count("tick", "ran") > before }
    try FileManager.default.removeItem(at: project.folder.appending(path: "scripts"))
    try service.wait { service.said.contains("the folder of playbooks cannot be read") }
    let then = try count("tick", "ran")
    try service.wait { try count("tick", "ran") > then }
    service.signal(SIGINT)
    #expect(try service.end().status == 0)
  }

  /// A header that says something wrong is a broken file: what was kept of it stays, and the log says what to write.
  @Test(arguments: [
    (#"schedule = "daily""#, "playbook.schedule must be a table"),
    (#"on = "taobao.events.refundChanged""#, "must be a list"),
    (#"on = { 7 }"#, "must be a list"),
    (#"schedule = { every = "1s", zone = "Asia/Shanhai" }"#, "Asia/Shanghai"),
  ])
  func aHeaderThatIsWrongIsSaidAndTheServiceStays(_ field: String, _ complaint: String) throws {
    try project.write(Self.tick, to: "scripts/tick.lua")
    try project.write("playbook { name = \"wrong\", \(field) }", to: "scripts/wrong.lua")
    _ = try project.run("enable", "wrong")
    _ = try project.run("enable", "tick")
    _ = try project.run("promote", "tick")
    let service = try project.start("serve", "--port", "0", "--health-port", "0")
    try service.wait { service.said.contains(complaint) }
    try service.wait { try count("tick", "ran") >= 1 }
    service.signal(SIGTERM)
    #expect(try service.end().status == 0)
  }

  @Test func nothingActsThatIsNotEnabled() throws {
    try project.write(Self.tick, to: "scripts/tick.lua")
    let promote = try project.run("promote", "tick")
    #expect(promote.status == 4 && promote.errors.contains("ebb enable tick"))
    #expect(try project.run("disable", "tick").status == 1)
    let add = try project.run("schedule", "add", "own", "--playbook", "tick", "--every", "1h")
    #expect(add.status == 4 && add.errors.contains("ebb enable tick"))
    #expect(try project.run("enable", "tick", "--profile", "nowhere").status == 3)
    #expect(try project.run("why", "tick").status == 1)
    #expect(try project.run("serve", "--playbooks", "nowhere").status == 3)
  }

  @Test func aScheduleOfAPersonsIsKeptPausedAndRemoved() throws {
    _ = try project.run("enable", "tick")
    let add = try project.run(
      "schedule", "add", "own", "--playbook", "tick", "--every", "1h", "--param", "size=3", "--json")
    #expect(try add.status == 0 && add.json["next"]?.array?.count == 3, "\(add.errors)")
    #expect(try project.run("schedule", "list", "--json").json[0]?["mode"] == "plan")
    #expect(try project.run("schedule", "pause", "own", "--why", "a test").status == 0)
    #expect(try project.run("schedule", "list", "--json").json[0]?["paused"] == true)
    #expect(try project.run("schedule", "resume", "own").status == 0)
    #expect(try project.run("why", "own").errors.contains("no occurrence yet"))
    #expect(try project.run("schedule", "remove", "own").status == 0)
    #expect(try project.run("schedule", "remove", "own").status == 1)
    for mistake in [
      ["--cron", "61 * * * *"], ["--every", "soon"], ["--cron", "* * * * *", "--zone", "Asia/Shangai"], [],
    ] {
      let result = try project.run(["schedule", "add", "own", "--playbook", "tick"] + mistake)
      #expect(result.status == 2 && result.errors.contains("hint:"), "\(mistake): \(result.errors)")
    }
  }
}

import Foundation
import JSON
import Testing

@testable import ebb

/// `ebb run` on a store, and the commands that look at what it left: the built binary against a simulated marketplace.
@Suite struct StoredRunTests {
  private static let script = """
    local page = taobao.refunds.list { pageSize = 2 }
    log("read", { rows = #page.data })
    each(page.data, function(row)
      local id = row.refundOrder.refundId
      local refund = taobao.refunds.get(id)
      keep(id, "looked at", "once")
    end)
    return #page.data
    """

  private static func shop(_ files: [String: String] = ["x.lua": script]) throws -> (Project, SimulatorProcess) {
    let simulator = try SimulatorProcess(["--seed", "7", "--scenario", "demo"])
    return (try Project(files: files, environment: simulator.environment), simulator)
  }

  /// The name of the only run.
  private static func only(_ project: Project) throws -> String {
    let runs = try project.run("runs", "list", "--json").json.array ?? []
    try #require(runs.count == 1)
    return try #require(runs[0]["run"]?.string)
  }

  @Test func whatARunDidIsKept() throws {
    let (project, simulator) = try Self.shop()
    let result = try project.run("run", "x.lua", "--as", "li.wei")
    #expect(result.status == 0, "\(result.errors)")
    let run = try Self.only(project)
    #expect(result.output.hasSuffix("run: \(run)\n"))
    #expect(simulator.interrupt() == 0)

    // From here on nothing answers: all comes out of the store.
    let shown = try project.run("runs", "show", run, "--json").json
    #expect(shown["status"] == "succeeded")
    #expect(shown["by"] == "li.wei")
    #expect(shown["result"] == 2)
    #expect(shown["steps"]?.array?.map { $0["step"] } == ["1", "2", "3"])
    #expect(shown["steps"]?[0]?["operation"] == "taobao.refunds.list")
    #expect(shown["steps"]?[0]?["line"] == "x.lua:1")
    #expect(shown["decisions"]?.array?.count == 2)
    let text = try project.run("runs", "show", String(run.suffix(8))).output
    #expect(text.contains("script    x.lua"))
    #expect(text.contains("looked at"))

    let logs = try project.run("runs", "logs", run, "--json").json
    #expect(logs[0]?["message"] == "read")
    #expect(logs[0]?["fields"]?["rows"] == 2)

    let subject = try #require(shown["decisions"]?[0]?["subject"]?.string)
    let history = try project.run("history", subject, "--json").json
    #expect(history.array?.count == 1)
    #expect(history[0]?["decision"] == "kept")
    #expect(history[0]?["reason"] == "looked at")
    #expect(history[0]?["detail"] == "once")
    #expect(history[0]?["run"] == .string(run))
    #expect(try project.run("history", subject).output.contains("looked at"))

    let again = try project.run("runs", "resume", run, "--json")
    #expect(again.status == 0)
    #expect(again.json(equalTo: "result", 2))
    #expect(try project.run("effects", "list", "--unsettled", "--json").output == "[]\n")
  }

  @Test func aPastRunIsReplayedAndLookedIntoWithoutTheShop() throws {
    let (project, simulator) = try Self.shop()
    #expect(try project.run("run", "x.lua").status == 0)
    let run = try Self.only(project)
    #expect(simulator.interrupt() == 0)

    let replay = try project.run("runs", "replay", run, "--json")
    #expect(replay.status == 0)
    #expect(replay.json(equalTo: "replay", "identical"))
    #expect(replay.json(equalTo: "steps", 3))
    let debug = try project.run("runs", "debug", run, "--to", "2", "--json").json
    #expect(debug["stops"]?.array?.count == 1)
    let stop = debug["stops"]?[0]
    #expect(stop?["line"] == "x.lua:5")
    #expect(stop?["frames"]?[0]?["variables"]?["id"] == stop?["arguments"]?["refundId"])
    #expect(stop?["returned"]?[0]?["refundOrderAggregate"] != nil)
    let text = try project.run("runs", "debug", run).output
    #expect(text.contains("> 5 │   local refund = taobao.refunds.get(id)"))
    #expect(text.contains("decision   kept"))
    #expect(text.hasSuffix("identical: 3 steps answered from the journal, nothing asked of anybody\n"))

    // On another machine: no store, no shop.
    #expect(try project.run("runs", "bundle", run, "-o", "b.json").status == 0)
    let elsewhere = try Project(files: ["b.json": try project.read("b.json")])
    #expect(try elsewhere.run("runs", "replay", "b.json", "--json").json(equalTo: "replay", "identical"))
    #expect(
      try elsewhere.run("runs", "debug", "b.json", "--to", "3").output.hasPrefix("step 3 (3 of 3)  taobao.refunds.get"))
    #expect(!FileManager.default.fileExists(atPath: elsewhere.folder.path + "/.ebb"))
    #expect(
      try project.run("runs", "bundle", run, "-o", "b.json").errors.hasPrefix("ebb: b.json exists\nhint: --force"))
  }

  @Test func aBundleHoldsNothingAboutPeopleAndNoSecret() throws {
    let secret = "m00nlit-tide-5kz2qx"
    let script = """
      local answer = taobao.refunds.list { pageSize = 100 }
      log("secret \(secret)", answer)
      return "\(secret)"
      """
    let simulator = try SimulatorProcess(["--seed", "7", "--scenario", "demo"])
    var environment = simulator.environment
    let project = try Project(files: ["x.lua": script], environment: environment)
    _ = try project.run("run", "x.lua", "--log-level", "none")
    let run = try Self.only(project)
    environment["EBB_ACCESS_SECRET"] = secret
    let other = try Project(
      environment: environment.merging(["EBB_STORE": project.folder.path + "/.ebb/store.db"]) { $1 })
    let result = try other.run("runs", "bundle", run, "-o", "-", "--json")
    #expect(result.status == 0, "\(result.errors)")
    // The playbook's own text stays as it is.
    let document = try result.json
    for part in ["run", "steps", "notes", "effects"] {
      #expect(document[part]?.text().contains(secret) == false, "\(part)")
    }
    #expect(document["notes"]?.text().contains("[secret]") == true)
    // The script returns what was hidden: its copy ends otherwise, and says so.
    #expect(document["redaction"]?["replay"] == "ends_otherwise")
    let seen = try project.run("runs", "debug", run, "--to", "1", "--json").json["stops"]?[0]?["returned"] ?? .null
    let phones = Self.texts(named: ["phone", "buyerPhone"], in: seen)
    #expect(phones.count > 5)
    for phone in phones { #expect(!result.output.contains(phone), "\(phone)") }
  }

  /// The texts of members of those names, at any depth.
  private static func texts(named names: Set<String>, in value: JSON) -> Set<String> {
    switch value {
    case .object(let members):
      members.reduce(into: []) { found, member in
        if names.contains(member.key), let text = member.value.string { found.insert(text) }
        found.formUnion(texts(named: names, in: member.value))
      }
    case .array(let elements): elements.reduce(into: []) { $0.formUnion(texts(named: names, in: $1)) }
    default: []
    }
  }

  @Test func aRunThatSleepsIsLeftWithDetachAndFinishesOnTheCodeItBeganWith() throws {
    let (project, simulator) = try Self.shop([
      "x.lua": "taobao.refunds.list { pageSize = 1 }\nsleep('1500ms')\nreturn 'old'"
    ])
    let detached = try project.run("run", "x.lua", "--detach", "--json")
    #expect(detached.status == 8)
    #expect(detached.json(equalTo: "status", "waiting"))
    #expect(detached.json(equalTo: "waiting_for", "time"))
    let run = try Self.only(project)
    try project.write("error('edited')", to: "x.lua")
    let skipped = try project.run("runs", "resume", "--all", "--json")
    #expect([0, 8].contains(skipped.status))
    let resumed = try project.run("runs", "resume", run, "--json")
    #expect(resumed.status == 0, "\(resumed.errors)")
    #expect(resumed.json(equalTo: "result", "old"))
    #expect(resumed.json(equalTo: "steps", 2))
    #expect(simulator.interrupt() == 0)
  }

  @Test func aRunStaysThroughItsSleepAndSaysUntilWhen() throws {
    let (project, simulator) = try Self.shop(["x.lua": "sleep('1200ms') return 1"])
    let result = try project.run("run", "x.lua")
    #expect(result.status == 0)
    #expect(result.errors.contains(" sleeps until 20"))
    #expect(simulator.interrupt() == 0)
  }

  @Test func ctrlCLeavesARunThatGoesOn() async throws {
    let (project, simulator) = try Self.shop([
      "x.lua": """
      local began = now()
      log("begun")
      repeat taobao.refunds.list { pageSize = 1 } sleep('100ms') until now() - began > 6000
      return 'done'
      """
    ])
    let command = try project.start("run", "x.lua", "--json")
    try command.wait { command.said.contains("begun") }
    command.signal(SIGINT)
    let result = try command.end()
    #expect(result.status == 130)
    let run = try Self.only(project)
    #expect(result.errors.contains("ebb: interrupted"))
    #expect(result.errors.contains("`ebb runs resume \(run)` goes on"))
    #expect(result.json(equalTo: "exit_code", 130))
    // What a person stopped is not begun again by a sweep.
    let sweep = try project.run("runs", "resume", "--all", "--json")
    #expect(sweep.status == 5)
    #expect(try sweep.json["skipped"]?[0]?["reason"] == "a person paused it")
    let resumed = try project.run("runs", "resume", run, "--json")
    #expect(resumed.status == 0, "\(resumed.errors)")
    #expect(resumed.json(equalTo: "result", "done"))
    #expect(simulator.interrupt() == 0)
  }

  @Test func aRunIsPausedAndCancelledFromElsewhere() async throws {
    let (project, simulator) = try Self.shop([
      "x.lua": "local began = now() log('begun') repeat sleep('200ms') until now() - began > 120000"
    ])
    let command = try project.start("run", "x.lua", "--json")
    try command.wait { command.said.contains("begun") }
    let run = try Self.only(project)
    let held = try project.run("runs", "resume", run)
    #expect(held.status == 1)
    #expect(held.errors.contains("is advanced by process"))
    let paused = try project.run("runs", "pause", run, "--why", "lunch", "--as", "li.wei", "--json")
    #expect(paused.status == 0, "\(paused.errors)")
    #expect(paused.json(equalTo: "status", "paused"))
    #expect(try command.end().status == 5)
    let verified = try project.run("runs", "verify", "--all", "--json")
    #expect(verified.status == 0)
    #expect(try verified.json[0]?["replay"] == "identical")
    #expect(try project.run("runs", "cancel", run, "--why", " ").errors.hasPrefix("ebb: --why is empty"))
    let cancelled = try project.run("runs", "cancel", run, "--why", "wrong shop")
    #expect(cancelled.output == "\(run) is cancelled\n")
    let people = try project.run("runs", "show", run, "--json").json["people"]?.array
    #expect(people?.map { $0["action"] } == ["run.pause", "run.cancel"])
    #expect(people?.first?["by"] == "li.wei")
    #expect(people?.last?["detail"] == "wrong shop")
    #expect(try project.run("runs", "cancel", run, "--why", "again").status == 1)
    #expect(try project.run("runs", "resume", run).status == 1)
    #expect(simulator.interrupt() == 0)
  }

  @Test func aRunIsMovedToCodeThatFitsItsJournalAndToNoOther() throws {
    let old = "local a = taobao.refunds.list { pageSize = 1 }\nsleep('1500ms')\nreturn 'old'"
    let (project, simulator) = try Self.shop(["x.lua": old])
    #expect(try project.run("run", "x.lua", "--detach").status == 8)
    let run = try Self.only(project)
    try project.write(old.replacingOccurrences(of: "pageSize = 1", with: "pageSize = 2"), to: "other.lua")
    let refused = try project.run("runs", "migrate", run, "--to", "other.lua")
    #expect(refused.status == 6)
    #expect(refused.output.contains("journal"))
    #expect(refused.output.contains("x.lua:1"))
    #expect(refused.output.contains("other.lua:1"))
    #expect(refused.output.contains("\"pageSize\": 1"))
    #expect(refused.output.contains("\"pageSize\": 2"))
    #expect(refused.errors.hasPrefix("ebb: \(run) was not moved: diverges: step 1"))
    #expect(try project.run("runs", "migrate", run, "--to", "x.lua").errors.contains("runs that code already"))
    try project.write(old.replacingOccurrences(of: "'old'", with: "'new'"), to: "new.lua")
    let trial = try project.run("runs", "migrate", run, "--to", "new.lua", "--dry-run", "--json")
    #expect(trial.json(equalTo: "moved", false))
    let moved = try project.run("runs", "migrate", run, "--to", "new.lua", "--json")
    #expect(moved.status == 0, "\(moved.errors)")
    #expect(moved.json(equalTo: "moved", true))
    #expect(try project.run("runs", "resume", run, "--json").json(equalTo: "result", "new"))
    #expect(simulator.interrupt() == 0)
  }
}

extension Binary.Result {
  /// Whether standard output is a document with that member.
  func json(equalTo key: String, _ value: JSON) -> Bool {
    guard let found = try? json[key] else { return false }
    return found == value
  }
}

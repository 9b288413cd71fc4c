import Foundation
import JSON
import Testing

@testable import ebb

/// A run that is killed in mid-flight and goes on: the first of the things that durable runs are for.
@Suite struct CrashTests {
  private static let playbook = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
    .deletingLastPathComponent().deletingLastPathComponent().appending(path: "scripts/cancel_stale_refunds.lua")

  /// What a document says of a run, without names and times, and without what it adds about a done write: that of one
  /// in flight when the process ended was confirmed by reading back.
  private static func essence(_ document: JSON) -> JSON {
    var essence: JSONObject = [:]
    for key in ["status", "result", "tally", "decisions", "steps", "reads", "writes"] {
      essence[key] = document[key] ?? .null
    }
    essence["decisions"] = .array(
      (document["decisions"]?.array ?? []).map { decision in
        guard decision["decision"] == "done", var fields = decision.object else { return decision }
        fields["detail"] = nil
        return .object(fields)
      })
    return .object(essence)
  }

  /// Cancels that took effect, by refund.
  private static func effects(_ record: String) throws -> [String: Int] {
    var counts: [String: Int] = [:]
    for line in try String(contentsOfFile: record, encoding: .utf8).split(separator: "\n") {
      let request = try JSON(parsing: String(line))
      guard request["operation"] == "taobao.refunds.cancel", request["took_effect"] == true else { continue }
      counts[request["path"]?.string ?? "?", default: 0] += 1
    }
    return counts
  }

  /// How many requests of an operation, or of any, were recorded so far; nothing is parsed, since a run goes on meanwhile.
  private static func requests(_ record: String, of operation: String = "") -> Int {
    let text = (try? Data(contentsOf: URL(filePath: record))) ?? Data()
    return String(decoding: text, as: UTF8.self).split(separator: "\n")
      .count { operation.isEmpty || $0.contains("\"operation\":\"\(operation)\"") }
  }

  /// One instant for all worlds of this process, so that what is drawn from the clock is the same in each.
  private static let clock = Date().formatted(.iso8601)

  private static func shop(_ arguments: [String] = []) throws -> (Project, SimulatorProcess, record: String) {
    let record = FileManager.default.temporaryDirectory.appending(path: "ebb-\(UUID().uuidString).jsonl").path
    let simulator = try SimulatorProcess(
      ["--seed", "7", "--clock", clock, "--scenario", "demo", "--record", record] + arguments)
    let project = try Project(
      files: ["p.lua": try String(contentsOf: playbook, encoding: .utf8)], environment: simulator.environment)
    return (project, simulator, record)
  }

  @Test func eachCancelTakesEffectOnceAndTheResultIsThatOfAnUndisturbedRun() async throws {
    let (calm, calmSimulator, calmRecord) = try Self.shop()
    defer { try? FileManager.default.removeItem(atPath: calmRecord) }
    let undisturbed = try calm.run("run", "p.lua", "--json", "--param", "limit=24")
    #expect(undisturbed.status == 0, "\(undisturbed.errors)")
    #expect(calmSimulator.interrupt() == 0)

    // Slow enough to be killed three times: while it reads, while it writes, and soon after it has gone on.
    let (project, simulator, record) = try Self.shop(["--faults", "delay@taobao.refunds.cancel:100%"])
    defer { try? FileManager.default.removeItem(atPath: record) }
    var command = try project.start("run", "p.lua", "--json", "--param", "limit=24")
    for cancels in [0, 3, 9] {
      try command.wait {
        cancels == 0
          ? Self.requests(record) > 0 : Self.requests(record, of: "taobao.refunds.cancel") >= cancels
      }
      command.signal(SIGKILL)
      _ = try command.end()
      let list = try project.run("runs", "list").output
      #expect(list.contains("cut off: process"), "\(list)")
      command = try project.start("runs", "resume", "--all", "--json")
    }
    let resumed = try command.end()
    #expect(resumed.status == 0, "\(resumed.errors)")
    let runs = try resumed.json["runs"]?.array ?? []
    try #require(runs.count == 1)
    #expect(Self.essence(runs[0]) == Self.essence(try undisturbed.json))
    let effects = try Self.effects(record)
    #expect(effects.count == 24)
    #expect(effects.values.allSatisfy { $0 == 1 })
    #expect(try project.run("effects", "list", "--unsettled", "--json").output == "[]\n")
    #expect(try project.run("runs", "resume", "--all", "--json").json["runs"] == [])
    #expect(try project.run("runs", "replay", #require(runs[0]["run"]?.string)).status == 0)
    #expect(simulator.interrupt() == 0)
  }

  /// A disk without room, wherever that meets a run: nothing is sent that could not be recorded, and the run goes on later.
  @Test(arguments: [560, 700, 1000, 1400])
  func aRunThatCannotBeRecordedGoesOnWhenThereIsRoom(_ blocks: Int) throws {
    let (project, simulator, record) = try Self.shop()
    defer { try? FileManager.default.removeItem(atPath: record) }
    let stopped = try project.run(["run", "p.lua", "--json", "--param", "limit=12"], mostBlocks: blocks)
    #expect(stopped.status == 1)
    #expect(try stopped.json["error"]?["code"] == "store_unavailable")
    #expect(stopped.errors.contains("hint: its disk is full"), "\(stopped.errors)")
    let cancels = try Self.effects(record)
    #expect(cancels.count < 12)
    #expect(try project.run("store", "check").output == "all rules hold\n")

    let runs = try project.run("runs", "list", "--json").json.array ?? []
    let resumed = try project.run(
      runs.isEmpty ? ["run", "p.lua", "--param", "limit=12"] : ["runs", "resume", "--all"])
    #expect(resumed.status == 0, "\(resumed.errors)")
    let effects = try Self.effects(record)
    #expect(effects.count == 12)
    #expect(effects.values.allSatisfy { $0 == 1 })
    #expect(simulator.interrupt() == 0)
  }

  @Test func aWriteWhoseAnswerWasLostIsLookedUpAndNotSentAgain() throws {
    let (project, simulator, record) = try Self.shop(["--faults", "reset-after@taobao.refunds.cancel:every-3"])
    defer { try? FileManager.default.removeItem(atPath: record) }
    let result = try project.run("run", "p.lua", "--json", "--param", "limit=12")
    #expect(result.status == 0, "\(result.errors)")
    #expect(result.json(equalTo: "status", "succeeded"))
    let effects = try Self.effects(record)
    #expect(effects.count == 12)
    #expect(effects.values.allSatisfy { $0 == 1 })
    #expect(try project.run("effects", "list", "--unsettled", "--json").output == "[]\n")
    #expect(try project.run("effects", "list", "--json").json.array?.count == 12)
    #expect(simulator.interrupt() == 0)
  }
}

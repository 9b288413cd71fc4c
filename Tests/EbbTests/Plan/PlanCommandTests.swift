import Foundation
import JSON
import Testing

@testable import ebb

/// `ebb plan` and `ebb apply` as a person uses them, against a simulated marketplace.
@Suite struct PlanCommandTests {
  private static let script = """
    local aftersales = require "ebb.aftersales"
    local pages = require "ebb.pages"
    local p = playbook { name = "stale", params = { limit = { type = "integer", default = 100 } } MODE }
    local count = 0
    each(pages(taobao.refunds.list, {}), function(row)
      local refund = aftersales.reread(row)
      if refund.state ~= "waiting_return" and refund.state ~= "refused" or refund.waybill or count >= p.limit then
        return keep(refund, "not this one", refund.state)
      end
      count = count + 1
      act(refund, "open for too long", taobao.refunds.cancel, { refundId = refund.id })
    end)
    """

  /// A project with a script, beside a simulated marketplace that records what it is asked.
  private final class Market {
    let project: Project
    private let simulator: SimulatorProcess
    private let record = FileManager.default.temporaryDirectory.appending(path: "ebb-\(UUID().uuidString).jsonl").path

    init(mode: String = "", settings: String? = nil, _ arguments: [String] = []) throws {
      simulator = try SimulatorProcess(["--seed", "7", "--record", record] + arguments)
      project = try Project(
        files: ["stale.lua": PlanCommandTests.script.replacing("MODE", with: mode)], environment: simulator.environment)
      if let settings { try project.write(settings, to: "ebb.yaml") }
    }

    deinit { try? FileManager.default.removeItem(atPath: record) }

    /// How often a cancel took effect, by its path.
    func cancels() throws -> [String: Int] {
      var counts: [String: Int] = [:]
      for line in try requests() where line["operation"] == "taobao.refunds.cancel" && line["took_effect"] == true {
        counts[line["path"]?.string ?? "?", default: 0] += 1
      }
      return counts
    }

    /// What was asked that is no read.
    func writes() throws -> Int { try requests().count { $0["took_effect"]?.bool != nil } }

    func requests() throws -> [JSON] {
      try String(contentsOfFile: record, encoding: .utf8).split(separator: "\n").map { try JSON(parsing: String($0)) }
    }

    /// The ids in the plan.
    func planned(_ file: String = "plan.json") throws -> [String] {
      try JSON(parsing: project.read(file))["effects"]?.array?.compactMap { $0["subject"]?["id"]?.string } ?? []
    }
  }

  @Test func aPlanSendsNoWriteAndIsAppliedAsItIs() throws {
    let market = try Market()
    let plan = try market.project.run("plan", "stale.lua", "-o", "plan.json")
    #expect(plan.status == 0, "\(plan.errors)")
    #expect(plan.output.contains("refundStatus"))
    #expect(plan.output.contains("ebb apply plan.json"))
    #expect(
      try !market.requests().isEmpty && market.requests().allSatisfy { $0["operation"] != "taobao.refunds.cancel" })
    #expect(try market.writes() == 0)
    let ids = try market.planned()
    #expect(ids.count > 1)
    let attributes = try FileManager.default.attributesOfItem(
      atPath: market.project.folder.appending(path: "plan.json").path)
    #expect(attributes[.posixPermissions] as? Int == 0o600)

    let apply = try market.project.run("apply", "plan.json", "--json")
    #expect(apply.status == 0, "\(apply.errors)")
    #expect(try apply.json["refused"] == [] && apply.json["tally"]?["done"] == .integer(Int64(ids.count)))
    #expect(try market.cancels().count == ids.count && market.cancels().values.allSatisfy { $0 == 1 })

    let again = try market.project.run("apply", "plan.json", "--json")
    #expect(again.status == 4)
    #expect(try again.json["error"]?["code"] == "plan_applied" && again.json["exit_code"] == 4)
    #expect(try market.cancels().values.allSatisfy { $0 == 1 })
  }

  @Test func whatChangedSinceIsLeftAloneAndNamed() throws {
    let market = try Market()
    _ = try market.project.run("plan", "stale.lua", "-o", "plan.json")
    let ids = try market.planned()
    let changed = try #require(ids.first)
    let call = try market.project.run("call", "taobao.refunds.cancel", "refundId=\(changed)", "--yes")
    #expect(call.status == 0, "\(call.errors)")

    let apply = try market.project.run("apply", "plan.json", "--json")
    #expect(apply.status == 4)
    let refused = try #require(try apply.json["refused"]?.array)
    #expect(refused.count == 1)
    let drift = refused.first?["drift"]?[0]
    #expect(drift?["resource"] == .string("taobao.refund:\(changed)") && drift?["now"] == "-20")
    #expect(drift?["field"] == "/refundOrderAggregate/refundOrder/refundStatus")
    #expect(try apply.json["exit_code"] == 4 && apply.json["status"] == "succeeded")
    #expect(try market.cancels().count == ids.count && market.cancels().values.allSatisfy { $0 == 1 })

    let shown = try market.project.run("apply", "plan.json")
    #expect(shown.errors.hasPrefix("ebb: plan.json was applied already, by apply-"))
  }

  @Test func theDifferenceIsShownToAPerson() throws {
    let market = try Market()
    _ = try market.project.run("plan", "stale.lua", "-o", "plan.json", "--param", "limit=1")
    let changed = try #require(try market.planned().first)
    _ = try market.project.run("call", "taobao.refunds.cancel", "refundId=\(changed)", "--yes")
    let apply = try market.project.run("apply", "plan.json")
    #expect(apply.status == 4)
    #expect(apply.output.hasPrefix("REFUSED"))
    #expect(apply.output.contains("taobao.refund:\(changed)"))
    #expect(!apply.output.contains("\"refused\""), "the result is for machines")
  }

  @Test func aPlanThatIsNotWhatItWasIsRefused() throws {
    let market = try Market()
    _ = try market.project.run("plan", "stale.lua", "-o", "plan.json")
    let text = try market.project.read("plan.json")

    try market.project.write(text.replacing("open for too long", with: "because"), to: "edited.json")
    try market.project.write("{}", to: "none.json")
    for (file, code) in [("edited.json", "plan_edited"), ("none.json", "no_plan")] {
      let result = try market.project.run("apply", file, "--json")
      #expect(result.status == 4)
      #expect(try result.json["error"]?["code"] == .string(code))
    }
    let unknown = try market.project.run("apply", "plan.json", "--json", "--store", "other.db")
    #expect(unknown.status == 4)
    #expect(try unknown.json["error"]?["code"] == "plan_unknown")
    #expect(try market.project.run("apply", "nowhere.json").status == 2)

    let other = try Market()
    try other.project.write(text, to: "plan.json")
    let elsewhere = try other.project.run("apply", "plan.json", "--json")
    #expect(elsewhere.status == 4)
    #expect(try elsewhere.json["error"]?["code"] == "plan_shop")
    #expect(try market.writes() == 0 && other.requests().isEmpty)
  }

  @Test func interruptedItGoesOnWithTheSameCommand() async throws {
    let market = try Market(["--faults", "delay@taobao.refunds.cancel:100%"])
    _ = try market.project.run("plan", "stale.lua", "-o", "plan.json")
    let ids = try market.planned()
    let command = try market.project.start("apply", "plan.json")
    try command.wait { try market.requests().contains { $0["operation"] == "taobao.refunds.cancel" } }
    command.signal(SIGKILL)
    _ = try command.end()
    let apply = try market.project.run("apply", "plan.json", "--json")
    #expect(apply.status == 0, "\(apply.errors)")
    #expect(try apply.json["tally"]?["done"] == .integer(Int64(ids.count)))
    #expect(try market.cancels().count == ids.count && market.cancels().values.allSatisfy { $0 == 1 })
  }

  @Test(arguments: [("mode = 'plan-first'", nil), ("", "playbooks:\n  stale:\n    mode: plan\n")])
  func whatIsToBePlannedFirstStopsWithItsPlan(_ header: String, _ settings: String?) throws {
    let market = try Market(mode: header.isEmpty ? "" : ", " + header, settings: settings)
    let run = try market.project.run("run", "stale.lua")
    #expect(run.status == 5, "\(run.errors)")
    #expect(try market.writes() == 0)
    let command = try #require(run.output.split(separator: "ebb apply ").last).trimmingCharacters(
      in: .whitespacesAndNewlines)
    #expect(command.hasPrefix(".ebb/plans/"))
    let apply = try market.project.run("apply", command)
    #expect(apply.status == 0, "\(apply.errors)")
    #expect(try !market.cancels().isEmpty)
    // Nothing is left to do, and so nobody has to apply anything.
    let again = try market.project.run("run", "stale.lua", "--json")
    #expect(again.status == 0, "\(again.errors)")
    #expect(try again.json["effects"] == [])
  }

  @Test func aScriptThatBreaksOffLeavesNoPlan() throws {
    let market = try Market()
    try market.project.write(
      "taobao.refunds.sendMessage { refundId = '1', refundMessage = 'x' } error 'no'", to: "x.lua")
    let result = try market.project.run("plan", "x.lua", "-o", "plan.json")
    #expect(result.status == 1)
    #expect(!FileManager.default.fileExists(atPath: market.project.folder.appending(path: "plan.json").path))
  }
}

import Foundation
import JSON
import RawPeer
import Testing

/// Messages of a run, by the binary: over a channel of the vault to a service on this machine.
@Suite struct NotifyCommandTests {
  private static let script = """
    local notify = require "ebb.notify"
    playbook { ebb = 1, name = "tell" }
    notify.send("ops", { title = "Due today", subjects = { { id = "110000235001", title = "shoes" } } })
    """
  private let simulator: SimulatorProcess
  private let vault: VaultProject

  init() throws {
    simulator = try SimulatorProcess(["--seed", "7"])
    vault = try VaultProject(files: ["tell.lua": Self.script], environment: simulator.environment)
  }

  private func add(_ service: ServiceStub) throws {
    let address = JSON.object(["address": .string(service.address("/hook/e9a1c4-token"))]).text()
    #expect(try vault.run("channels", "add", "ops", "--kind", "http", "--from-stdin", input: address).status == 0)
  }

  @Test func aRunTellsPeopleOnce() async throws {
    let service = try await ServiceStub.start(.answer(200, "{}"))
    try add(service)
    let plan = try vault.run("plan", "tell.lua", "-o", "plan.json")
    #expect(plan.output.contains("The script sends a message to ops; applying the plan sends none."), "\(plan.output)")
    #expect(service.received.isEmpty)
    let result = try vault.run("run", "tell.lua", "--json")
    #expect(result.status == 0, "\(result.errors)")
    #expect(service.received.count == 1)
    #expect(service.received.first?.target == "/hook/e9a1c4-token")
    #expect(service.received.first?.json?["title"] == "Due today")
    let document = try result.json
    let notice = document["notices"]?[0]
    #expect(notice?["channel"] == "ops" && notice?["outcome"] == "sent")
    #expect(!vault.printed.contains("e9a1c4-token"), "where it goes is a secret")
    let shown = try vault.run("runs", "replay", document["run"]?.string ?? "")
    #expect(shown.status == 0 && service.received.count == 1, "\(shown.errors)")
    try await service.stop()
    #expect(simulator.interrupt() == 0)
  }

  @Test func aChannelThatIsNotThereIsAnErrorOfTheScript() throws {
    let result = try vault.run("run", "tell.lua")
    #expect(result.status == 1, "\(result.output)")
    #expect(result.errors.contains("tell.lua:3: there is no channel ops"), "\(result.errors)")
    #expect(simulator.interrupt() == 0)
  }
}

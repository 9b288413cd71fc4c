import ArgumentParser
import Catalogue
import Foundation
import JSON
import Journal
import Marketplace
import PandaPon
import Playbooks
import Redaction

/// `ebb demo`: a simulated marketplace, and a playbook run against it over HTTP, twice.
struct DemoCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "demo",
    abstract: "Runs a playbook against a simulated marketplace.",
    discussion: """
      Starts a simulated PandaPon on 127.0.0.1 with some hundred reverse orders,
      runs cancel_stale_refunds against it through the whole stack, and runs it
      again: the second time there is nothing left to cancel. Nothing leaves this
      machine.

      Example:
        ebb demo --seed 7
      """)

  @Option(help: "The world: the same seed gives the same marketplace.")
  var seed: UInt64 = 7

  @Flag(help: "Print one JSON document with both reports.")
  var json = false

  func run() async throws {
    var options = SimulatorOptions()
    options.seed = seed
    options.scenario = .demo
    let simulator = try await SimulatorServer.start(options)
    let reports: [RunReport]
    do {
      reports = try await runTwice(on: simulator)
    } catch {
      await simulator.stop()
      throw error
    }
    await simulator.stop()
    try conclude(reports)
  }

  private func runTwice(on simulator: RunningSimulator) async throws -> [RunReport] {
    let catalogue = try Catalogue.forCommands()
    let account = simulator.account
    let profile = try Profile(name: "demo", baseURL: try BaseURL(parsing: simulator.baseURL), userID: account.userID)
    let credentials = FixedCredentials(
      try Credentials(accessKey: account.accessKey, secret: SecretBytes(account.accessSecret.utf8)))
    let path = "scripts/cancel_stale_refunds.lua"
    guard let source = EmbeddedFile.bytes(path) else {
      throw CommandFailure(.failed, "this build of ebb has no \(path)", hint: "build or install it again")
    }
    let file = try await PlaybookFile(
      source: source, path: path, folder: FileManager.default.temporaryDirectory, catalogue: catalogue)
    let driver = RunDriver(
      MemoryJournal(), configuration: Configuration(folder: "/", file: nil, environment: [:]), catalogue: catalogue,
      shops: Shops(only: profile, credentials))
    let display = RunDisplay(level: .info)
    if !json { announce(simulator) }
    var reports: [RunReport] = []
    for number in 1...2 {
      let assignment = try driver.assignment(
        of: file, parameters: [:], for: profile.name, by: "ebb demo", zone: .gmt)
      let report = try await driver.report(of: assignment.id, driver.start(assignment, display))
      display.finish()
      reports.append(report)
      if !json { show(report, number: number) }
    }
    await driver.close()
    return reports
  }

  private func announce(_ simulator: RunningSimulator) {
    Terminal.print(
      """
      A simulated PandaPon answers at \(simulator.baseURL) (seed \(seed)).
      Running scripts/cancel_stale_refunds.lua against it: signed requests over HTTP, every order read again before
      it is cancelled.

      """)
  }

  private func show(_ report: RunReport, number: Int) {
    let heading = number == 1 ? "" : "\nThe same playbook again, in the same world: what could be cancelled is.\n\n"
    let summary = RunSummary(report: report, terminal: .current, listsSubjects: number == 1)
    Terminal.print(heading + summary.text)
  }

  private func conclude(_ reports: [RunReport]) throws {
    if json { Terminal.print(JSON.object(["runs": .array(reports.map(\.json))]).text(.pretty)) }
    for report in reports {
      if let failure = report.failure { throw CommandFailure(script: failure, file: report.playbook) }
      let status = ExitStatus(report)
      if status != .done { throw status }
    }
    guard let again = reports.last, again.writes.isEmpty else {
      throw CommandFailure(.failed, "the second run wrote something, though nothing was left to cancel")
    }
  }
}

import ArgumentParser
import Foundation
import JSON
import Journal
import Marketplace
import Synchronization

/// `ebb serve` under schedules and callbacks, killed again and again: nothing may be lost, nothing doubled.
struct ServiceCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "service", abstract: "Kills `ebb serve` every few seconds under schedules and callbacks.",
    discussion: """
      The service runs playbooks on four schedules, one of which writes, and on callbacks that come 25 times a second:
      new ones, known ones, wrongly signed ones. It is ended by SIGKILL at random moments, and started again at once. At
      the end it is stopped by SIGTERM, and the store is held against what was acknowledged, what was due, and what took
      effect in the simulator.

      Examples:
        crash-test service --seconds 60
        crash-test service --seconds 20 --sabotage
      """)

  @Option(help: "How long it is under fire.")
  var seconds = 60

  @Option(help: "What the moments and the callbacks are drawn from.")
  var seed: UInt64 = 1

  @Option(help: "The folder for the project; it stays.")
  var keep: String?

  @Flag(
    help: "Put the store back to an older copy once: the check must find what is lost, and fails where it does not.")
  var sabotage = false

  func run() async throws {
    let folder = keep.map { URL(filePath: $0) } ?? FileManager.default.temporaryDirectory.appending(path: "ebb-service")
    let effects = Mutex<[String: Int]>([:])
    var options = SimulatorOptions()
    options.seed = seed
    options.scenario = .demo
    options.witness = { exchange in
      guard exchange.isWrite, exchange.moment == .concluded, exchange.tookEffect else { return }
      effects.withLock { $0[exchange.arguments["refundId"]?.scalarText ?? "?", default: 0] += 1 }
    }
    let simulator = try await SimulatorServer.start(options)
    let project = try ServiceProject(in: folder, for: simulator.account, at: simulator.baseURL)
    var fire = ServiceFire(project: project, draws: Draws(state: seed), sabotage: sabotage)
    let caller = ServiceCaller(url: fire.callbacks, account: simulator.account, seed: seed ^ 0xCA11)
    try await fire.burn(for: .seconds(seconds), caller)
    let store = try SQLiteStore(path: project.store, for: .reading)
    let verdict = try await ServiceVerdict(
      store: store, acknowledged: await caller.acknowledged, effects: effects.withLock { $0 })
    await simulator.stop()
    let problems = verdict.problems + fire.problems
    if sabotage {
      guard !problems.isEmpty else { throw SweepFailure("nothing was found, though the store was put back") }
      return print("with the store put back: \(problems.count) findings, as there must be")
    }
    print(text(verdict, await caller.counts, crashes: fire.crashes))
    for problem in problems.prefix(40) { print("FAILED \(problem)") }
    guard problems.isEmpty else {
      print("the project is in \(folder.path)")
      throw ExitCode.failure
    }
  }

  private func text(_ verdict: ServiceVerdict, _ counts: ServiceCaller.Counts, crashes: Int) -> String {
    let rows = Occurrence.Outcome.allCases.map { "\(verdict.occurrences[$0] ?? 0) \($0.rawValue)" }
    return """
      crashes          \(crashes)
      callbacks        \(counts.requests): \(counts.acknowledged) acknowledged, \(counts.repeated) known, \
      \(counts.wronglySigned) forged (\(counts.accepted) accepted), \(counts.unanswered) sent again
      events stored    \(verdict.events), \(verdict.deliveries) deliveries
      occurrences      \(rows.joined(separator: ", "))
      runs             \(verdict.runs)
      writes effected  \(verdict.writes)
      findings         \(verdict.problems.count)
      """
  }
}

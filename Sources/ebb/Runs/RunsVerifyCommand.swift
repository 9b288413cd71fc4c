import ArgumentParser
import Foundation
import JSON
import Journal
import Playbooks

/// `ebb runs verify RUN…`, `ebb runs verify --all`
struct RunsVerifyCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "verify",
    abstract: "Replay unfinished runs with this ebb before they go on, and name those that would diverge.",
    discussion: """
      To be run after an update, before `ebb runs resume --all`. Nothing is asked of
      the API and nothing is recorded. Exit code 6 where one would diverge.

      Example:
        ebb runs verify --all
        ebb runs verify 9f86d081 --json
      """)

  @Argument(help: "Runs, or the ends of their ids.")
  var runs: [String] = []

  @Flag(help: "Every run that is not over.")
  var all = false

  @OptionGroup var store: StoreOptions
  @OptionGroup var output: OutputOptions

  mutating func run() async throws {
    guard all != !runs.isEmpty else {
      throw CommandFailure.usage(
        all ? "--all and runs exclude each other" : "which runs is not said", hint: "name them, or give --all")
    }
    let store = try await store.open(.reading, in: try Configuration.load())
    var findings: [(run: RunRecord, verdict: ReplayVerdict?, problem: CommandFailure?)] = []
    for run in try await chosen(store) {
      do {
        let past = try await PastRun(run.id, in: store)
        findings.append((run, ReplayVerdict(report: try await past.replay()), nil))
      } catch let failure as CommandFailure {
        findings.append((run, nil, failure))
      } catch {
        findings.append((run, nil, CommandFailure(.failed, "\(error)")))
      }
    }
    let status = ExitStatus.combined(
      findings.map { $0.problem?.status ?? ($0.verdict?.isIdentical == true ? .done : .diverged) })
    if output.json {
      Terminal.print(
        JSON.array(
          findings.map { run, verdict, problem in
            var document: JSONObject = [
              "run": .string(run.id.text), "playbook": .string(run.playbook), "status": .string(run.status.name),
            ]
            for (key, value) in verdict?.document ?? [:] { document[key] = value }
            document["error"] = problem?.document["error"]
            return .object(document)
          }
        ).text(.pretty))
    } else {
      show(findings.map { ($0.run, $0.problem?.message ?? $0.verdict?.text ?? "") })
    }
    if status != .done { throw status }
  }

  private func chosen(_ store: any Store) async throws -> [RunRecord] {
    if all {
      var filter = RunFilter()
      filter.statuses = ["queued", "running", "waiting", "paused"]
      filter.limit = .max
      return try await store.runs(filter)
    }
    var chosen: [RunRecord] = []
    for name in runs { chosen.append(try await RunLookup(store: store).run(name)) }
    return chosen
  }

  private func show(_ findings: [(run: RunRecord, words: String)]) {
    guard !findings.isEmpty else { return Terminal.printError("every run is over") }
    let terminal = Terminal.current
    var table = Table([
      .fixed("RUN", role: .name), .flexible("PLAYBOOK", minimum: 12), .fixed("STATUS"),
      .wrapping("REPLAY", minimum: 20),
    ])
    for (run, words) in findings { table.append([run.id.text, run.playbook, run.status.name, words]) }
    Terminal.print(table.render(width: terminal.width, style: terminal.style))
  }
}

import ArgumentParser
import JSON
import Journal
import Playbooks

/// `ebb store prune`
struct StorePruneCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "prune",
    abstract: "Take away runs that ended long ago.",
    discussion: """
      Done by itself once a day. Never goes what is in flight, or has a write whose
      outcome is not settled. What was decided about an order outlives its run.

      Example:
        ebb store prune
        ebb store prune --age 30d --runs 1000
      """)

  @Option(help: ArgumentHelp("Keep runs that ended within this time.", valueName: "duration"))
  var age = DurationText.text(Retention().age)

  @Option(
    help: ArgumentHelp(
      "Of each playbook keep so many runs; those beyond that wrote something stay.", valueName: "count"))
  var runs = Retention().runsPerPlaybook

  @Option(help: ArgumentHelp("Keep decisions and the trail of people's deeds for this time.", valueName: "duration"))
  var decisions = DurationText.text(Retention().decisions)

  @OptionGroup var storeOptions: StoreOptions
  @OptionGroup var output: OutputOptions

  mutating func run() async throws {
    var retention = Retention()
    retention.age = try Self.duration(age, "--age")
    retention.decisions = try Self.duration(decisions, "--decisions")
    guard runs >= 0 else { throw CommandFailure.usage("--runs needs a count", hint: "e.g. --runs 1000") }
    retention.runsPerPlaybook = runs
    let store = try storeOptions.open(in: try Configuration.load())
    let report = try await store.prune(retention, at: SystemClock().now())
    if output.json {
      func count(_ value: Int) -> JSON { .integer(Int64(value)) }
      let document: JSON = [
        "status": "done", "exit_code": 0, "runs": count(report.runs), "steps": count(report.steps),
        "decisions_kept": count(report.decisionsKept), "decisions": count(report.decisions),
        "versions": count(report.versions), "plans": count(report.plans), "occurrences": count(report.occurrences),
        "events": count(report.events), "claims": count(report.claims), "audit": count(report.audit),
      ]
      Terminal.print(document.text(.pretty))
    } else {
      Terminal.print(
        "\(CountText.grouped(report.runs)) runs with \(CountText.grouped(report.steps)) steps are gone; "
          + "\(CountText.grouped(report.decisionsKept)) of their decisions are kept")
    }
  }

  private static func duration(_ text: String, _ option: String) throws(CommandFailure) -> Milliseconds {
    guard let milliseconds = DurationText.milliseconds(text) else {
      throw .usage("\(option) is no duration: \(text)", hint: "e.g. \(option) 30d")
    }
    return milliseconds
  }
}

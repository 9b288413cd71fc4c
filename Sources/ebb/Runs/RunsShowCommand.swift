import ArgumentParser
import Foundation
import JSON
import Journal
import Playbooks

/// `ebb runs show RUN`
struct RunsShowCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "show",
    abstract: "Show one run: every step, how long it took, what came of it, and at which line.",
    discussion: """
      Example:
        ebb runs show run-20261123-9f86d081
        ebb runs show 9f86d081 --last 20
        ebb runs show 9f86d081 --json
      """)

  @Argument(help: "The run, or the end of its id.")
  var run: String

  @Option(help: ArgumentHelp("Only the last so many steps.", valueName: "count"))
  var last: Int?

  @OptionGroup var store: StoreOptions
  @OptionGroup var output: OutputOptions

  mutating func run() async throws {
    if let last, last < 1 { throw CommandFailure.usage("--last \(last) shows nothing", hint: "1 or more") }
    let configuration = try Configuration.load()
    let store = try await store.open(.reading, in: configuration)
    let record = try await RunLookup(store: store).run(run)
    guard let history = try await store.history(of: record.id) else { throw JournalError.unknownRun(record.id) }
    let page = RunPage(
      history: history, holder: try await store.holder(of: record.id), time: LocalTime(try configuration.timeZone()),
      last: last, audit: try await store.audit(about: record.id.text, limit: 100).reversed(),
      version: try await store.version(record.version))
    Terminal.print(output.json ? page.document.text(.pretty) : page.text(Terminal.current))
  }
}

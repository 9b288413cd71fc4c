import ArgumentParser
import Foundation
import JSON
import Journal
import Playbooks

/// `ebb runs list`
struct RunsListCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "list",
    abstract: "List runs, the latest first.",
    discussion: """
      A run that is called running while no process holds it was cut off:
      `ebb runs resume` lets it go on.

      Example:
        ebb runs list
        ebb runs list --status waiting,failed --since 2d
        ebb runs list --playbook cancel_stale_refunds --json
      """)

  @Option(
    help: ArgumentHelp(
      "Only these, with commas between: \(Self.statuses.joined(separator: ", ")).", valueName: "statuses"))
  var status: String?

  @Option(help: "Only runs of this playbook.")
  var playbook: String?

  @Option(help: "Only runs for this shop.")
  var profile: String?

  @Option(help: ArgumentHelp("Only runs begun since: 2d, or 2026-11-01T09:30:00+08:00.", valueName: "time"))
  var since: String?

  @Option(help: "At most so many.")
  var limit = 20

  @OptionGroup var store: StoreOptions
  @OptionGroup var output: OutputOptions

  private static let statuses = [
    "queued", "running", "waiting", "paused", "succeeded", "failed", "cancelled", "diverged",
  ]

  mutating func run() async throws {
    let filter = try filter(now: SystemClock().now())
    let configuration = try Configuration.load()
    let store = try await store.open(.reading, in: configuration)
    let found = try await store.runs(filter)
    let runs = Array(found.prefix(limit))
    if output.json {
      Terminal.print(JSON.array(runs.map { .object($0.document) }).text(.pretty))
      return
    }
    guard !runs.isEmpty else {
      Terminal.printError("no run is recorded" + (isFiltered ? " that fits" : ""))
      return
    }
    let time = LocalTime(try configuration.timeZone())
    let terminal = Terminal.current
    var table = Table([
      .fixed("RUN", role: .name), .flexible("PLAYBOOK", minimum: 12), .flexible("PROFILE", minimum: 7),
      .fixed("STATUS"), .fixed("STARTED", role: .faint), .wrapping("", minimum: 14),
    ])
    for run in runs {
      table.append([
        run.id.text, run.playbook, run.profile, run.status.name, time.short(run.started),
        try await remark(run, in: store, time),
      ])
    }
    Terminal.print(table.render(width: terminal.width, style: terminal.style))
    if found.count > limit { Terminal.printError("only the latest \(limit) are listed; --limit shows more") }
  }

  private var isFiltered: Bool { status != nil || playbook != nil || profile != nil || since != nil }

  /// What a running run's holder says of it goes before what is recorded.
  private func remark(_ run: RunRecord, in store: any Store, _ time: LocalTime) async throws -> String {
    guard run.status == .running || run.status == .queued else { return run.remark(time) }
    guard let holder = try await store.holder(of: run.id) else { return "nobody advances it" }
    guard let worker = WorkerIdentity(holder.worker) else { return "held by \(holder.worker)" }
    if worker.isGone { return "cut off: \(worker.text) has ended" }
    return worker == .current ? "" : worker.text
  }

  /// The runs that are asked for.
  func filter(now: Milliseconds) throws(CommandFailure) -> RunFilter {
    var filter = RunFilter()
    if let status {
      let words = status.split(separator: ",").map { $0.trimmingCharacters(in: .whitespaces) }
      for word in words where !Self.statuses.contains(word) {
        throw .usage(
          "\"\(word)\" is no status", hint: Suggestion.hint(for: word, in: Self.statuses), label: "unknown_status")
      }
      filter.statuses = Set(words)
    }
    filter.playbook = playbook
    filter.profile = profile
    filter.since = try since.map { text throws(CommandFailure) in try Self.instant(text, now: now) }
    guard (1...1_000_000).contains(limit) else {
      throw .usage("--limit \(limit) is out of range", hint: "1 to 1,000,000")
    }
    // One more tells whether there are more.
    filter.limit = limit + 1
    return filter
  }

  /// An instant, or how long ago.
  static func instant(_ text: String, now: Milliseconds) throws(CommandFailure) -> Milliseconds {
    if let duration = DurationText.milliseconds(text) { return now - duration }
    if let instant = InstantText.milliseconds(text) { return instant }
    throw .usage("\"\(text)\" is no time", hint: "how long ago (2d, 90m), or an instant: 2026-11-01T09:30:00+08:00")
  }
}

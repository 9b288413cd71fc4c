public import ArgumentParser
import Foundation
import JSON
public import Journal
import Playbooks

/// `ebb schedule show NAME`
struct ScheduleShowCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "show",
    abstract: "Show a schedule and what became of its occurrences.",
    discussion: """
      Example:
        ebb schedule show cancel_stale_refunds
        ebb schedule show cancel_stale_refunds --since 30d --outcome missed --json
      """)

  @Argument(help: "The schedule's name.")
  var name: String

  @Option(help: "The shop; needed where there are several.")
  var profile: String?

  @Option(help: ArgumentHelp("Only occurrences since then: 7d, 2026-11-01.", valueName: "time"))
  var since: String?

  @Option(help: ArgumentHelp("Only those with that outcome; may be given again.", valueName: "outcome"))
  var outcome: [Occurrence.Outcome] = []

  @Option(help: "The most occurrences, the latest first.")
  var limit = 20

  @OptionGroup var store: StoreOptions
  @OptionGroup var output: OutputOptions

  mutating func run() async throws {
    let configuration = try Configuration.load()
    let agenda = try await store.agenda(.reading, in: configuration)
    let record = try await ScheduleLookup(store: agenda).present(name, profile: profile)
    var filter = OccurrenceFilter()
    (filter.schedule, filter.limit) = (record.key, max(0, limit))
    if let since { filter.since = try PastInstant(try configuration.timeZone()).milliseconds(since) }
    if !outcome.isEmpty { filter.outcomes = Set(outcome) }
    let occurrences = try await agenda.occurrences(filter)
    let mode = try await agenda.enablements()
      .first { $0.playbook == record.playbook && $0.profile == record.key.profile }?.mode
    let text = try ScheduleText(record, mode, configuration)
    let time = LocalTime(try configuration.timeZone())
    if output.json {
      guard var document = text.document(last: nil).object else { return }
      document["occurrences"] = .array(occurrences.map { OccurrenceText(occurrence: $0, time: time).document })
      return Terminal.print(JSON.object(document).text(.pretty))
    }
    let next = text.next.map { "next \(time.text($0))" } ?? "no next"
    Terminal.print("\(record.key): \(text.timetable) · \(text.state) · \(next)")
    for occurrence in occurrences { Terminal.print("  " + OccurrenceText(occurrence: occurrence, time: time).line) }
  }
}

extension Occurrence.Outcome: ExpressibleByArgument {}

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
    let lookup = ScheduleLookup(store: agenda)
    let present = try await lookup.schedule(name, profile: profile)
    var filter = OccurrenceFilter()
    (filter.name, filter.schedule, filter.limit) = (name, present?.key, max(0, limit))
    if present == nil, let profile { filter.schedule = ScheduleKey(name, profile: profile) }
    if let since { filter.since = try PastInstant(try configuration.timeZone()).milliseconds(since) }
    if !outcome.isEmpty { filter.outcomes = Set(outcome) }
    let occurrences = try await agenda.occurrences(filter)
    let time = LocalTime(try configuration.timeZone())
    guard let record = present else {
      // What became of the occurrences of one that has ended stays.
      if try await !hasLedger(in: agenda) { _ = try await lookup.present(name, profile: profile) }
      return showEnded(occurrences, time)
    }
    let mode = try await agenda.enablements()
      .first { $0.playbook == record.playbook && $0.profile == record.key.profile }?.mode
    let text = try ScheduleText(record, mode, configuration)
    if output.json {
      guard var document = text.document(last: nil).object else { return }
      document["occurrences"] = .array(occurrences.map { OccurrenceText(occurrence: $0, time: time).document })
      return Terminal.print(JSON.object(document).text(.pretty))
    }
    let next = text.next.map { "next \(time.text($0))" } ?? "no next"
    Terminal.print("\(record.key): \(text.timetable) · \(text.state) · \(next)")
    for occurrence in occurrences { Terminal.print("  " + OccurrenceText(occurrence: occurrence, time: time).line) }
  }

  private func hasLedger(in agenda: any ScheduleStore) async throws -> Bool {
    var filter = OccurrenceFilter()
    (filter.name, filter.limit) = (name, 1)
    if let profile { filter.schedule = ScheduleKey(name, profile: profile) }
    return try await !agenda.occurrences(filter).isEmpty
  }

  private func showEnded(_ occurrences: [Occurrence], _ time: LocalTime) {
    let rows = occurrences.map { OccurrenceText(occurrence: $0, time: time) }
    if output.json {
      let document: JSON = [
        "schedule": .string(name), "state": "ended", "occurrences": .array(rows.map(\.document)),
      ]
      return Terminal.print(document.text(.pretty))
    }
    Terminal.print("\(name) has ended")
    for row in rows { Terminal.print("  " + row.line) }
  }
}

extension Occurrence.Outcome: ExpressibleByArgument {}

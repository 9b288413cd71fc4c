import ArgumentParser
import Foundation
import JSON
import Journal
import Playbooks
import Scheduling
import Workers

/// `ebb why SCHEDULE [TIME]`
struct WhyCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "why",
    abstract: "Say what became of a schedule's occurrence: ran, coalesced, skipped or missed.",
    discussion: """
      Without a time it is the latest one. Each instant at which a schedule should
      have run has one answer, also after downtime, pauses and edits.

      Example:
        ebb why cancel_stale_refunds
        ebb why cancel_stale_refunds "2026-11-01 09:30"
      """)

  @Argument(help: "The schedule's name.")
  var schedule: String

  @Argument(help: ArgumentHelp("When it should have run: \"2026-11-01 09:30\", 2026-11-01T01:30Z.", valueName: "time"))
  var instant: String?

  @Option(help: "The shop; needed where there are several.")
  var profile: String?

  @OptionGroup var store: StoreOptions
  @OptionGroup var output: OutputOptions

  mutating func run() async throws {
    let configuration = try Configuration.load()
    let zone = try configuration.timeZone()
    let time = LocalTime(zone)
    let agenda = try await store.agenda(.reading, in: configuration)
    let record = try await ScheduleLookup(store: agenda).schedule(schedule, profile: profile)
    var filter = OccurrenceFilter()
    filter.schedule = record?.key ?? profile.map { ScheduleKey(schedule, profile: $0) }
    filter.name = schedule
    filter.limit = 1
    if let instant {
      let wanted = try PastInstant(zone).span(instant)
      filter.since = wanted.lowerBound
      filter.until = wanted.upperBound
    }
    if let occurrence = try await agenda.occurrences(filter).first {
      let text = OccurrenceText(occurrence: occurrence, time: time)
      return Terminal.print(output.json ? text.document.text(.pretty) : "\(schedule): \(text.line)")
    }
    throw CommandFailure(
      .failed, try reason(record, time, configuration),
      hint: "`ebb schedule show \(schedule)` lists what became of its occurrences", label: "no_occurrence")
  }

  /// Why there is no row.
  private func reason(_ record: ScheduleRecord?, _ time: LocalTime, _ configuration: Configuration) throws -> String {
    guard let record else { return "there is no schedule \(schedule), and there was none" }
    guard let instant else { return "\(schedule) has had no occurrence yet" + next(record, time, configuration) }
    let wanted = try PastInstant(try configuration.timeZone()).milliseconds(instant)
    if wanted > record.through {
      return "\(time.text(wanted)) is not accounted for yet" + next(record, time, configuration)
    }
    return "\(schedule) had no occurrence at \(time.text(wanted))" + next(record, time, configuration)
  }

  private func next(_ record: ScheduleRecord, _ time: LocalTime, _ configuration: Configuration) -> String {
    guard let zone = try? configuration.timeZone(),
      let terms = try? ScheduleTerms(record.terms, zone: zone.identifier, days: DaysFile(configuration.folder).text),
      let next = terms.timetable.next(after: max(record.through, SystemClock().now()))
    else { return "" }
    return "; the next is \(time.text(next))"
  }
}

import ArgumentParser
import Foundation
import JSON
import Journal
import Playbooks
import Scheduling
import Workers

/// `ebb schedule list`
struct ScheduleListCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "list",
    abstract: "List schedules in force, with what each does next.",
    discussion: """
      Example:
        ebb schedule list
        ebb schedule list --json
      """)

  @OptionGroup var store: StoreOptions
  @OptionGroup var output: OutputOptions

  mutating func run() async throws {
    let configuration = try Configuration.load()
    let agenda = try await store.agenda(.reading, in: configuration)
    let enabled = try await agenda.enablements()
    var rows: [(text: ScheduleText, last: Occurrence?)] = []
    for record in try await agenda.schedules() {
      var filter = OccurrenceFilter()
      (filter.schedule, filter.limit) = (record.key, 1)
      let mode = enabled.first { $0.playbook == record.playbook && $0.profile == record.key.profile }?.mode
      rows.append(
        (try ScheduleText(record, mode, configuration), try await agenda.occurrences(filter).first))
    }
    if output.json {
      return Terminal.print(JSON.array(rows.map { $0.text.document(last: $0.last) }).text(.pretty))
    }
    // What only waits for events has no schedule.
    let scheduled = Set(rows.map(\.text.record.playbook))
    for other in enabled where !scheduled.contains(other.playbook) {
      Terminal.printError(
        "\(other.playbook) (\(other.profile)) is enabled (\(other.mode.rawValue)) without a schedule in force")
    }
    guard !rows.isEmpty else {
      return Terminal.printError("no schedule is in force; `ebb enable NAME` accepts a header's")
    }
    let time = LocalTime(try configuration.timeZone())
    let terminal = Terminal.current
    var table = Table([
      .flexible("SCHEDULE", minimum: 12), .fixed("PROFILE"), .fixed("WHEN"), .fixed("MODE"), .fixed("NEXT"),
      .wrapping("LAST", minimum: 16),
    ])
    for (text, last) in rows {
      table.append([
        text.record.key.name, text.record.key.profile, text.timetable, text.state, text.next.map(time.text) ?? "never",
        last.map { "\($0.outcome.rawValue) \(time.short($0.instant))" } ?? "",
      ])
    }
    Terminal.print(table.render(width: terminal.width, style: terminal.style))
  }
}

/// A schedule as people and machines read it.
struct ScheduleText {
  let record: ScheduleRecord
  let mode: Enablement.Mode?
  /// When it is, e.g. `30 9 * * * Asia/Shanghai`.
  let timetable: String
  let next: Milliseconds?

  init(_ record: ScheduleRecord, _ mode: Enablement.Mode?, _ configuration: Configuration) throws {
    self.record = record
    self.mode = mode
    let zone = try configuration.timeZone()
    let terms = try? ScheduleTerms(record.terms, zone: zone.identifier, days: DaysFile(configuration.folder).text)
    timetable = terms?.timetable.text ?? "cannot be read"
    next = record.paused == nil ? terms?.timetable.next(after: max(record.through, WallClock().now())) : nil
  }

  /// How far it may go.
  var state: String { record.paused != nil ? "paused" : mode?.rawValue ?? "disabled" }

  func document(last: Occurrence?) -> JSON {
    var fields: JSONObject = [
      "schedule": .string(record.key.name), "profile": .string(record.key.profile),
      "playbook": .string(record.playbook), "origin": .string(record.origin.rawValue), "terms": record.terms,
      "timetable": .string(timetable), "mode": mode.map { .string($0.rawValue) } ?? .null,
      "paused": .bool(record.paused != nil), "accounted_through": .string(InstantText.text(record.through)),
    ]
    fields["next"] = next.map { .string(InstantText.text($0)) } ?? .null
    if let last { fields["last"] = OccurrenceText(occurrence: last, time: LocalTime(.gmt)).document }
    return .object(fields)
  }
}

import ArgumentParser
import Catalogue
import Foundation
import JSON
import Journal
import Playbooks
import Scheduling
import Workers

/// `ebb schedule backfill NAME`
struct ScheduleBackfillCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "backfill",
    abstract: "Make up for occurrences that were missed or skipped, one run after the other.",
    discussion: """
      Occurrences that ran are left alone. The runs are queued; `ebb serve` or
      `ebb runs resume --all` advances them.

      Example:
        ebb schedule backfill daily_digest --from 2026-11-01 --to 2026-11-03
        ebb schedule backfill daily_digest --from 2d --dry-run
      """)

  @Argument(help: "The schedule's name.")
  var name: String

  @Option(help: ArgumentHelp("The earliest instant: 2026-11-01, \"2026-11-01 09:30\", 7d.", valueName: "time"))
  var from: String

  @Option(help: ArgumentHelp("The latest instant; now where left out.", valueName: "time"))
  var to: String?

  @Option(help: ArgumentHelp("The folder of playbooks.", valueName: "folder"))
  var playbooks = "scripts"

  @Option(help: "The shop; needed where there are several.")
  var profile: String?

  @Flag(help: "Only say which occurrences it would make up for.")
  var dryRun = false

  @OptionGroup var store: StoreOptions
  @OptionGroup var person: PersonOptions
  @OptionGroup var output: OutputOptions

  /// So many are made up for at once; more than that is a mistake more often than not.
  private static let most = 1000

  mutating func run() async throws {
    let configuration = try Configuration.load()
    let zone = try configuration.timeZone()
    let signature = try person.signature(why: "backfill")
    guard let store = try await store.open(.writing, in: configuration) as? SQLiteStore else {
      throw CommandFailure(.failed, "the store cannot be opened")
    }
    let record = try await ScheduleLookup(store: store).present(name, profile: profile)
    let instants = try await open(record, store, configuration, PastInstant(zone))
    let time = LocalTime(zone)
    guard !dryRun else {
      if output.json {
        return Terminal.print(JSON.array(instants.map { .string(InstantText.text($0)) }).text(.pretty))
      }
      for instant in instants { Terminal.print(time.text(instant)) }
      return Terminal.printError("\(instants.count) occurrences; nothing was done")
    }
    let rows = try await makeUp(instants, of: record, store, configuration, signature)
    if output.json {
      return Terminal.print(JSON.array(rows.map { OccurrenceText(occurrence: $0, time: time).document }).text(.pretty))
    }
    for row in rows { Terminal.print(OccurrenceText(occurrence: row, time: time).line) }
    Terminal.printError("\(rows.count) occurrences are made up for; `ebb serve` or `ebb runs resume --all` runs them")
  }

  /// The occurrences between the two instants that did not run.
  private func open(
    _ record: ScheduleRecord, _ store: SQLiteStore, _ configuration: Configuration, _ reader: PastInstant
  ) async throws -> [Milliseconds] {
    let first = try reader.milliseconds(from)
    let last = min(try to.map(reader.milliseconds) ?? .max, record.through)
    guard first <= last else {
      throw CommandFailure.usage(
        "there is nothing between --from and --to", hint: "what is not due yet cannot be made up for")
    }
    let terms = try ScheduleTerms(
      record.terms, zone: configuration.zone.value, days: DaysFile(configuration.folder).text)
    var filter = OccurrenceFilter()
    (filter.schedule, filter.since, filter.until, filter.limit) = (record.key, first, last, .max)
    filter.outcomes = [.ran, .coalesced]
    let done = Set(try await store.occurrences(filter).map(\.instant))
    let instants = terms.timetable.occurrences(after: first - 1, through: last).lazy.filter { !done.contains($0) }
    let some = Array(instants.prefix(Self.most + 1))
    guard some.count <= Self.most else {
      throw CommandFailure.usage(
        "these are more than \(CountText.grouped(Self.most)) occurrences", hint: "take a shorter span")
    }
    return some
  }

  private func makeUp(
    _ instants: [Milliseconds], of record: ScheduleRecord, _ store: SQLiteStore, _ configuration: Configuration,
    _ signature: Signature
  ) async throws -> [Occurrence] {
    let catalogue = try Catalogue.forCommands()
    let shelf = PlaybookShelf(folder: playbooks, catalogue: catalogue)
    _ = await shelf.look()
    let driver = RunDriver(store, configuration: configuration, catalogue: catalogue)
    let runs = ServedRuns(
      shelf: shelf, store: store, driver: driver, zone: try configuration.timeZone(), by: signature.by)
    let parameters = record.terms["params"]?.object ?? [:]
    var due: [DueOccurrence] = []
    for instant in instants {
      switch try await runs.run(for: record, parameters, at: instant, trigger: .backfill) {
      case .success(let run): due.append(DueOccurrence(instant, .start(run, .queue)))
      case .failure(let obstacle): throw CommandFailure(.failed, obstacle.reason, label: "backfill")
      }
    }
    await driver.close()
    return try await store.makeUp(due, of: record.key, at: signature.instant, signature)
  }
}

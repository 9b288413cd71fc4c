import ArgumentParser
import Foundation
import JSON
import Journal
import Playbooks
import Scheduling
import Workers

/// `ebb schedule add NAME`
struct ScheduleAddCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "add",
    abstract: "Add a schedule for a playbook that is enabled, or change one.",
    discussion: """
      Beside its header's, a playbook may have any number of schedules, with
      parameters of their own. An expression that is changed counts from now on.

      Example:
        ebb schedule add nightly --playbook cancel_stale_refunds --cron "0 2 * * *"
        ebb schedule add hourly --playbook chase_sellers --every 1h --param limit=5
      """)

  @Argument(help: "Its name.")
  var name: String

  @Option(help: "The playbook's name.")
  var playbook: String

  @Option(help: ArgumentHelp("Five fields, as crontab has them.", valueName: "expression"))
  var cron: String?

  @Option(help: ArgumentHelp("An interval: 15m, 6h.", valueName: "duration"))
  var every: String?

  @Option(help: ArgumentHelp("Once, at that instant: 2026-12-24T08:00:00+08:00.", valueName: "instant"))
  var at: String?

  @Option(help: "The zone of its wall clock; the project's where left out.")
  var zone: String?

  @Option(help: ArgumentHelp("While an earlier run goes on: skip, queue, cancel-running, allow.", valueName: "policy"))
  var overlap: String?

  @Option(help: ArgumentHelp("What was missed: none, last, all.", valueName: "policy"))
  var misfire: String?

  @Option(help: ArgumentHelp("The most that runs begin later, each by its own time.", valueName: "duration"))
  var jitter: String?

  @Option(help: ArgumentHelp("A file of days that it keeps to, e.g. holidays.", valueName: "file"))
  var days: String?

  @Option(name: .customLong("param"), help: ArgumentHelp("A parameter; may be given again.", valueName: "name=value"))
  var parameters: [String] = []

  @OptionGroup var shops: ShopOptions
  @OptionGroup var store: StoreOptions
  @OptionGroup var person: PersonOptions
  @OptionGroup var output: OutputOptions

  mutating func run() async throws {
    let configuration = try Configuration.load()
    let signature = try person.signature()
    let given = try PlaybookFile.parameters(parameters)
    var fields: JSONObject = ["zone": .string(zone ?? configuration.zone.value)]
    for (key, value) in [
      ("cron", cron), ("every", every), ("at", at), ("overlap", overlap), ("misfire", misfire), ("jitter", jitter),
      ("days", days),
    ] {
      fields[key] = value.map(JSON.string)
    }
    if every != nil { fields["anchor"] = .integer(signature.instant) }
    if !given.isEmpty { fields["params"] = .object(given) }
    let terms: ScheduleTerms
    do throws(ScheduleProblem) {
      terms = try ScheduleTerms(
        .object(fields), zone: configuration.zone.value, days: DaysFile(configuration.folder).text)
    } catch {
      throw CommandFailure.usage(error.description, hint: error.hint, label: "schedule")
    }
    let agenda = try await store.agenda(.writing, in: configuration)
    let enabled = try await agenda.enablements()
    for profile in try shops.names(for: playbook, in: configuration) {
      guard enabled.contains(where: { $0.playbook == playbook && $0.profile == profile }) else {
        throw CommandFailure(
          .refused, "\(playbook) is not enabled for \(profile)",
          hint: "`ebb enable \(playbook) --profile \(profile)` first",
          label: "not_enabled")
      }
      try await put(ScheduleKey(name, profile: profile), terms, agenda, configuration, signature)
    }
    try tell(terms, configuration)
  }

  private func put(
    _ key: ScheduleKey, _ terms: ScheduleTerms, _ agenda: any ScheduleStore, _ configuration: Configuration,
    _ signature: Signature
  ) async throws {
    // What was due by what it said so far is accounted for before it says something else.
    let known = try await Arrears(agenda, in: configuration)
      .settle(key, because: "nobody was there in time, and the schedule was changed since")
    guard known?.origin != .header else {
      throw CommandFailure(
        .refused, "\(key) is the schedule of the playbook's header", hint: "change the header, or give it another name",
        label: "header_schedule")
    }
    var schedule = ScheduleRecord(
      key: key, playbook: playbook, origin: .added, terms: terms.json, through: signature.instant)
    schedule.paused = known?.paused
    guard try await agenda.put(schedule, replacing: known?.revision, signature) else {
      throw CommandFailure(.failed, "\(key) was changed by somebody else just now", hint: "look at it and try again")
    }
  }

  private func tell(_ terms: ScheduleTerms, _ configuration: Configuration) throws {
    let now = WallClock().now()
    let instants = Array(terms.timetable.occurrences(after: now, through: .max).prefix(3))
    if output.json {
      let document: JSON = [
        "schedule": .string(name), "playbook": .string(playbook), "timetable": .string(terms.timetable.text),
        "next": .array(instants.map { .string(InstantText.text($0)) }),
        "transition": terms.timetable.nextTransition(after: now).map { .string($0.description) } ?? .null,
      ]
      return Terminal.print(document.text(.pretty))
    }
    let time = LocalTime(try configuration.timeZone())
    Terminal.print("\(name): \(terms.timetable.text); next \(instants.map(time.text).joined(separator: ", "))")
    if let transition = terms.timetable.nextTransition(after: now) { Terminal.print(transition.description) }
  }
}

/// `ebb schedule pause NAME`
struct SchedulePauseCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "pause",
    abstract: "Skip a schedule's occurrences until it is resumed; each leaves a row that says so.",
    discussion: """
      Example:
        ebb schedule pause cancel_stale_refunds --why "Singles' Day"
      """)

  @Argument(help: "The schedule's name.")
  var name: String

  @OptionGroup var change: ScheduleChangeOptions

  mutating func run() async throws {
    try await change.perform(name, words: "is paused") { try await $0.pause($2, true, $3) }
  }
}

/// `ebb schedule resume NAME`
struct ScheduleResumeCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "resume",
    abstract: "Let a paused schedule go on.",
    discussion: """
      Example:
        ebb schedule resume cancel_stale_refunds
      """)

  @Argument(help: "The schedule's name.")
  var name: String

  @OptionGroup var change: ScheduleChangeOptions

  mutating func run() async throws {
    try await change.perform(name, words: "goes on") { store, arrears, key, signature in
      // Before it forgets since when it was paused.
      try await arrears.settle(key, because: "nobody was there in time, and the schedule was paused since")
      return try await store.pause(key, false, signature)
    }
  }
}

/// `ebb schedule remove NAME`
struct ScheduleRemoveCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "remove",
    abstract: "End a schedule that was added; what became of its occurrences stays.",
    discussion: """
      Example:
        ebb schedule remove nightly
      """)

  @Argument(help: "The schedule's name.")
  var name: String

  @OptionGroup var change: ScheduleChangeOptions

  mutating func run() async throws {
    try await change.perform(name, words: "is removed") { store, arrears, key, signature in
      let schedules = try await store.schedules()
      guard schedules.first(where: { $0.key == key })?.origin != .header else {
        throw CommandFailure(
          .refused, "\(key) is the schedule of the playbook's header",
          hint: "`ebb disable \(key.name)` ends it, `ebb schedule pause \(key.name)` skips it", label: "header_schedule"
        )
      }
      try await arrears.settle(key, because: "nobody was there in time, and the schedule was removed since")
      return try await store.remove(key, signature)
    }
  }
}

/// What the commands share that change a schedule.
struct ScheduleChangeOptions: ParsableArguments {
  @Option(help: "The shop; needed where there are several.")
  var profile: String?

  @Option(help: ArgumentHelp("Why, for the record.", valueName: "text"))
  var why: String?

  @OptionGroup var store: StoreOptions
  @OptionGroup var person: PersonOptions
  @OptionGroup var output: OutputOptions

  func perform(
    _ name: String, words: String,
    _ change: (any ScheduleStore, Arrears, ScheduleKey, Signature) async throws -> Bool
  ) async throws {
    let signature = try person.signature(why: why)
    let configuration = try Configuration.load()
    let agenda = try await store.agenda(.writing, in: configuration)
    let record = try await ScheduleLookup(store: agenda).present(name, profile: profile)
    let isChanged = try await change(agenda, Arrears(agenda, in: configuration), record.key, signature)
    if output.json {
      let document: JSON = [
        "schedule": .string(name), "profile": .string(record.key.profile), "changed": .bool(isChanged),
      ]
      return Terminal.print(document.text(.pretty))
    }
    Terminal.print(isChanged ? "\(record.key) \(words)" : "\(record.key) was so already")
  }
}

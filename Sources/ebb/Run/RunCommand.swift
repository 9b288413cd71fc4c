import ArgumentParser
import Catalogue
import Foundation
import JSON
import Journal
import PandaPon
import Playbooks

/// `ebb run FILE`: runs a playbook, or any Lua script, by hand.
struct RunCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "run",
    abstract: "Runs a playbook, or any Lua script, for one shop.",
    discussion: """
      Shows what was written, and what was kept and why. What it does is kept in the
      store: a run that is cut off, by Ctrl-C or a crash, goes on with
      `ebb runs resume`. It stays with a run that sleeps, and leaves one that waits for
      a person. Exit codes: `ebb help exit-codes`.

      Example:
        ebb run scripts/cancel_stale_refunds.lua --param limit=50
        ebb run scripts/cancel_stale_refunds.lua --profile shop1 --json
        ebb run hello.lua
      """)

  @Argument(help: "The Lua file.", completion: .file(extensions: ["lua"]))
  var file: String

  @Option(
    name: .customLong("param"), help: ArgumentHelp("A parameter, typed by the header.", valueName: "name=value"))
  var parameters: [String] = []

  @Option(help: "The shop's profile.")
  var profile: String?

  @Flag(help: "List every subject, not only the counts.")
  var details = false

  @Flag(help: "Print one JSON document.")
  var json = false

  @Option(help: ArgumentHelp("The least a log line must matter: debug, info, warn, error, none.", valueName: "level"))
  var logLevel = RunDisplay.Level.info

  @Flag(help: "Do not stay with a run that sleeps: exit code 8.")
  var detach = false

  @OptionGroup var store: StoreOptions
  @OptionGroup var person: PersonOptions

  func run() async throws {
    let given = try PlaybookFile.parameters(parameters)
    let by = try person.name()
    let catalogue = try Catalogue.forCommands()
    let configuration = try Configuration.load()
    let script = try await PlaybookFile(reading: file, catalogue: catalogue)
    let (profile, _) = try configuration.profile(named: profile)
    let settings = configuration.playbook(script.header?.name ?? "")
    try check(settings, for: profile.name, header: script.header)
    try refusePlan(script.header, settings)
    var values = settings.parameters(for: profile.name)
    for (name, value) in given { values[name] = value }
    let zone = try configuration.timeZone()
    let driver = RunDriver(
      try await store.open(.writing, in: configuration), configuration: configuration, catalogue: catalogue)
    let assignment = try driver.assignment(of: script, parameters: values, for: profile.name, by: by, zone: zone)
    try await run(assignment, driver, LocalTime(zone))
  }

  private func run(_ assignment: RunAssignment, _ driver: RunDriver, _ time: LocalTime) async throws {
    let display = RunDisplay(level: logLevel)
    let attendance = Attendance(driver: driver, display: display, time: time)
    let detach = detach
    let (advance, isInterrupted) = try await Interrupt.noticing {
      let first = try await driver.start(assignment, display)
      return detach ? first : try await attendance.stay(with: first, run: assignment.id)
    }
    display.finish()
    await driver.close()
    let report = try await driver.report(of: assignment.id, advance)
    try RunConclusion(
      report: report, file: file, listsSubjects: details, json: json, isInterrupted: isInterrupted,
      time: time
    ).conclude()
  }

  /// What `ebb.yaml` says of the playbook must fit it: a mistake there is no mistake of the command line.
  private func check(
    _ settings: PlaybookSettings, for profile: String, header: Header?
  ) throws(CommandFailure) {
    if let allowed = settings.profiles, !allowed.contains("all"), !allowed.contains(profile) {
      throw .configuration(
        "ebb.yaml does not let \(header?.name ?? file) run for \(profile)",
        hint: "its profiles are \(allowed.joined(separator: ", "))", label: "profile_not_allowed")
    }
    do throws(ParameterProblem) {
      _ = try Guards(parsing: .object(settings.guards(for: profile)))
      try header?.check(settings.parameters(for: profile))
    } catch {
      throw .configuration("ebb.yaml, playbooks: \(error.description)", hint: error.hint, label: "playbook_settings")
    }
  }

  /// A playbook whose writes are to be planned first is not run: this version cannot plan, and would write.
  private func refusePlan(_ header: Header?, _ settings: PlaybookSettings) throws(CommandFailure) {
    let isConfigured = settings.mode?.value == "plan"
    guard isConfigured || header?.isPlanFirst == true else { return }
    throw CommandFailure(
      .refused, "\(file) is to be planned first, and this version cannot plan: the run would write",
      hint:
        isConfigured
        ? "set mode: live in ebb.yaml to run it" : "take mode = \"plan-first\" out of its header to run it",
      label: "plan_first")
  }
}

extension RunDisplay.Level: ExpressibleByArgument {}

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
      Shows what was written, and what was kept and why. Exit codes: `ebb help exit-codes`.

      Example:
        ebb run scripts/cancel_stale_refunds.lua --param stale_after=10d --param limit=50
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

  func run() async throws {
    let given = try PlaybookFile.parameters(parameters)
    let catalogue = try Catalogue.forCommands()
    let configuration = try Configuration.load()
    let script = try await PlaybookFile(reading: file, catalogue: catalogue)
    let (profile, credentials) = try configuration.profile(named: profile)
    let settings = configuration.playbook(script.header?.name ?? "")
    var values = settings.parameters(for: profile.name)
    for (name, value) in given { values[name] = value }

    let display = RunDisplay(level: logLevel)
    try check(settings, for: profile.name, header: script.header)
    try refusePlan(script.header, settings)
    guard let zone = TimeZone(identifier: configuration.zone.value) else {
      throw CommandFailure.configuration(
        "there is no time zone \(configuration.zone.value)", hint: "zone: Asia/Shanghai")
    }
    let runner = Runner(
      catalogue: catalogue, profile: profile, credentials: credentials, display: display, zone: zone,
      profileGuards: try configuration.guards(of: try configuration.profileSettings(named: profile.name)))
    let arguments = values
    let report = try await Interrupt.cancelling {
      try await runner.run(script, parameters: arguments, guards: settings.guards(for: profile.name))
    }
    guard let report else { throw ExitStatus.interrupted }
    try conclude(report)
  }

  /// Prints the report and ends with its exit code.
  private func conclude(_ report: RunReport) throws {
    let terminal = Terminal.current
    let status = ExitStatus(report)
    if json {
      var document = report.json
      document["exit_code"] = .integer(Int64(status.rawValue))
      Terminal.print(document.text(.pretty))
    } else {
      Terminal.print(RunSummary(report: report, terminal: terminal, listsSubjects: details).text)
    }
    if let failure = report.failure {
      Terminal.printError(CommandFailure(script: failure, file: file).text(style: terminal.errorStyle))
    } else if report.status == .paused {
      Terminal.printError("ebb: interrupted; what the summary lists as written was written, the rest was not begun")
    } else {
      nameFailures(report, terminal.errorStyle)
    }
    if status != .done { throw status }
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

  /// Subjects that failed, in a line that a person sees without looking for it.
  private func nameFailures(_ report: RunReport, _ style: Style) {
    let failed = report.decisions.filter { $0.kind == .failed }
    guard let first = failed.first, !json else { return }
    let reason = first.detail ?? first.reason
    let failure = CommandFailure(
      .failed, "\(CountText.grouped(failed.count)) failed; the first, \(first.subject): \(reason)",
      hint: details ? nil : "--details lists every subject")
    Terminal.printError(failure.text(style: style))
  }
}

extension RunDisplay.Level: ExpressibleByArgument {}

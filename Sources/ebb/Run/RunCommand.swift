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
      store: a run that is cut off, by Ctrl-C or a crash, goes on with `ebb runs
      resume`. It stays with a run that sleeps, and leaves one that waits for a
      person. A playbook with mode "plan-first" stops with its plan. Exit codes:
      `ebb help exit-codes`.

      Example:
        ebb run cancel_stale_refunds --param limit=50
        ebb run scripts/cancel_stale_refunds.lua --profile shop1 --json
        ebb run hello.lua
      """)

  @Argument(
    help: "The Lua file, or the name of a playbook in the folder scripts.", completion: .file(extensions: ["lua"]))
  var file: String

  @Option(
    name: .customLong("param"), help: ArgumentHelp("A parameter, typed by the header.", valueName: "name=value"))
  var parameters: [String] = []

  @Option(help: "The shop's profile.")
  var profile: String?

  @Flag(help: "List every subject, not only the counts.")
  var details = false

  @Option(
    name: .customLong("report"),
    help: ArgumentHelp(
      "Write the script's tables to a file as well: .md, .csv, .xlsx or .json; may be given more than once.",
      valueName: "file"), completion: .file())
  var reports: [String] = []

  @Flag(help: "Print one JSON document.")
  var json = false

  @Option(help: ArgumentHelp("The least a log line must matter: debug, info, warn, error, none.", valueName: "level"))
  var logLevel = RunDisplay.Level.info

  @Flag(help: "Do not stay with a run that sleeps: exit code 8.")
  var detach = false

  @OptionGroup var store: StoreOptions
  @OptionGroup var person: PersonOptions

  func run() async throws {
    let by = try person.name()
    try ReportFiles.check(reports)
    let proposal = try await ScriptProposal(file: file, parameters: parameters, profile: profile)
    let store = try await store.openForRuns(in: proposal.configuration)
    let driver = RunDriver(store, configuration: proposal.configuration, catalogue: proposal.catalogue)
    let assignment = try driver.assignment(
      of: proposal.script, parameters: proposal.parameters, for: proposal.profile.name, by: by, zone: proposal.zone)
    SheetNotes(assignment).show(json: json)
    if proposal.isPlannedFirst {
      guard reports.isEmpty else {
        throw CommandFailure.usage(
          "this playbook stops with its plan, which is no report yet",
          hint: "after `ebb apply`, `ebb runs report RUN -o FILE` writes its tables", label: "report_of_plan")
      }
      let session = PlanSession(
        proposal: proposal, assignment: assignment, driver: driver, store: store,
        display: RunDisplay(level: logLevel), listsSubjects: details, json: json)
      return try await session.planFirst()
    }
    try await run(assignment, driver, LocalTime(proposal.zone))
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
    var files: [String] = []
    for path in reports { files += try ReportFiles(report.reports).write(to: path) }
    try RunConclusion(
      report: report, file: file, listsSubjects: details, json: json, isInterrupted: isInterrupted,
      time: time, files: files
    ).conclude()
  }
}

extension RunDisplay.Level: ExpressibleByArgument {}

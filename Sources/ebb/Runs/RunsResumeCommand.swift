import ArgumentParser
import Catalogue
import Foundation
import JSON
import Journal
import Playbooks

/// `ebb runs resume RUN`, `ebb runs resume --all`
struct RunsResumeCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "resume",
    abstract: "Let a run go on where it was: after a crash, a pause, an approval or a settled doubt.",
    discussion: """
      A run goes on with the code that it began with. Nothing that was done is done
      again; a write that was in flight is looked up before anything else is sent.

      --all takes every run that can go on now. Those that a living process advances,
      that a person paused, or that wait for a person or a later hour are left alone
      and named.

      Example:
        ebb runs resume 9f86d081
        ebb runs resume --all --json
      """)

  @Argument(help: "The run, or the end of its id.")
  var run: String?

  @Flag(help: "Every run that can go on now.")
  var all = false

  @Flag(help: "Do not stay with a run that sleeps: exit code 8.")
  var detach = false

  @Flag(help: "List every subject, not only the counts.")
  var details = false

  @Option(help: ArgumentHelp("The least a log line must matter: debug, info, warn, error, none.", valueName: "level"))
  var logLevel = RunDisplay.Level.info

  @OptionGroup var store: StoreOptions
  @OptionGroup var person: PersonOptions
  @OptionGroup var output: OutputOptions

  mutating func run() async throws {
    guard all != (run != nil) else {
      throw CommandFailure.usage(
        all ? "--all and a run exclude each other" : "which run is not said", hint: "name a RUN, or give --all")
    }
    let configuration = try Configuration.load()
    let catalogue = try Catalogue.forCommands()
    let signature = try person.signature(why: "resumed")
    let store = try await store.openForRuns(in: configuration)
    let driver = RunDriver(store, configuration: configuration, catalogue: catalogue)
    if let run {
      try await resume(try await RunLookup(store: store).run(run), store, driver, signature)
    } else {
      try await ResumeAll(
        store: store, driver: driver, level: logLevel, json: output.json,
        time: LocalTime(try configuration.timeZone())
      ).perform()
    }
  }

  private func resume(
    _ record: RunRecord, _ store: any Store, _ driver: RunDriver, _ signature: Signature
  ) async throws {
    if record.status == .paused { _ = try await store.wake(record.id, signature) }
    let display = RunDisplay(level: logLevel)
    let time = LocalTime(try driver.configuration.timeZone())
    let attendance = Attendance(driver: driver, display: display, time: time)
    let (detach, id) = (detach, record.id)
    let (advance, isInterrupted) = try await Interrupt.noticing {
      let first = try await driver.resume(record, display)
      if case .held = first { return first }
      return detach ? first : try await attendance.stay(with: first, run: id)
    }
    display.finish()
    await driver.close()
    let report: RunReport
    switch advance {
    case .advanced(let advanced): report = advanced
    case .held(let lease):
      throw CommandFailure(
        .failed, "\(id) is advanced by \(WorkerIdentity(lease.worker)?.text ?? lease.worker)",
        hint: "`ebb runs show \(id)` shows how far it is", label: "is_held")
    case .plans:
      throw CommandFailure(
        .refused, "\(id) only plans: \(record.playbook) was not promoted when it started",
        hint: "`ebb serve` makes its plan, and applies it once it is approved;"
          + " `ebb promote \(record.playbook)` lets later runs act", label: "plans_only")
    case .over, .exists, .refused, .inTurn:
      guard let history = try await store.history(of: id) else { throw JournalError.unknownRun(id) }
      report = RunReport(history, catalogue: driver.catalogue)
    }
    try RunConclusion(
      report: report, file: record.playbook, listsSubjects: details, json: output.json, isInterrupted: isInterrupted,
      time: time
    ).conclude()
  }
}

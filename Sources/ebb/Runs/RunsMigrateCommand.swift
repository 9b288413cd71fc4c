import ArgumentParser
import Catalogue
import Foundation
import JSON
import Journal
import Playbooks

/// `ebb runs migrate RUN --to FILE`
struct RunsMigrateCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "migrate",
    abstract: "Move an unfinished run to other code, once that code agrees with all that is recorded.",
    discussion: """
      The run is first replayed with the file and all it requires. Where that takes
      the recorded steps and no others, the run is moved; else nothing changes, and
      both sides are shown: exit code 6.

      Example:
        ebb runs migrate 9f86d081 --to scripts/cancel_stale_refunds.lua
        ebb runs migrate 9f86d081 --to fixed.lua --dry-run
      """)

  @Argument(help: "The run, or the end of its id.")
  var run: String

  @Option(help: "The playbook's file.", completion: .file(extensions: ["lua"]))
  var to: String

  @Flag(help: "Only say whether it could be moved.")
  var dryRun = false

  @OptionGroup var store: StoreOptions
  @OptionGroup var person: PersonOptions
  @OptionGroup var output: OutputOptions

  mutating func run() async throws {
    let catalogue = try Catalogue.forCommands()
    let signature = try person.signature(why: "moved to \(to)")
    let file = try await PlaybookFile(reading: to, catalogue: catalogue)
    let store = try await store.open(.writing, in: try Configuration.load())
    let record = try await RunLookup(store: store).run(run)
    try check(record, file)
    let past = try await PastRun(record.id, in: store)
    let verdict = ReplayVerdict(report: try await past.replay(with: file.version))
    guard verdict.isIdentical else { return try refuse(verdict, past, file) }
    if !dryRun { try await move(past.history, to: file.version, in: store, signature) }
    say(record, verdict, file)
  }

  private func check(_ run: RunRecord, _ file: PlaybookFile) throws(CommandFailure) {
    if run.status.isFinal, run.status != .diverged {
      throw CommandFailure(
        .failed, "\(run.id) is over: \(run.status.name)", hint: "ebb runs show \(run.id)", label: "is_over")
    }
    guard file.version.id != run.version else {
      throw CommandFailure(
        .failed, "\(run.id) runs that code already (version \(run.version.prefix(12)))", label: "same_version")
    }
    let name = file.header?.name ?? run.playbook
    guard name == run.playbook else {
      throw .usage(
        "\(to) is the playbook \(name), and \(run.id) is a run of \(run.playbook)",
        hint: "name the file of \(run.playbook)", label: "other_playbook")
    }
  }

  private func move(
    _ history: RunHistory, to version: PlaybookVersion, in store: any Store, _ signature: Signature
  ) async throws {
    let id = history.record.id
    try await StaleLease(store: store).clear(id)
    let now = SystemClock().now()
    let request = LeaseRequest(worker: "\(WorkerIdentity.current)", instant: now, length: 30_000)
    guard let lease = try await store.acquire(id, request, displacing: nil) else {
      throw CommandFailure(
        .failed, "a process advances \(id)", hint: "`ebb runs pause \(id) --why …` first", label: "is_held")
    }
    // What was replayed is what is moved: a step that came since has not been looked at.
    guard try await store.history(of: id)?.steps.count == history.steps.count else {
      try await store.release(lease)
      throw CommandFailure(.failed, "\(id) has gone on meanwhile", hint: "try again", label: "is_held")
    }
    try await store.keep(version)
    let outcomes = try await store.commit(
      [Entry(.version(version.id), instant: now), Entry(.release, instant: now)], under: lease)
    guard outcomes.allSatisfy({ $0 == .committed }) else {
      throw CommandFailure(.failed, "\(id) could not be moved: another process took it", hint: "try again")
    }
    if history.record.status == .diverged { _ = try await store.wake(id, signature) }
  }

  private func refuse(_ verdict: ReplayVerdict, _ past: PastRun, _ file: PlaybookFile) throws {
    let failure = CommandFailure(
      .diverged, "\(past.history.record.id) was not moved: \(verdict.text)",
      hint: "the code must take the steps that are recorded; what comes after them may differ", label: "diverged",
      details: verdict.document)
    if !output.json, let divergence = verdict.divergence {
      let text = DivergenceText(divergence.json, recordedVersion: past.version, askedVersion: file.version)
      Terminal.print(text.text(Terminal.current))
    }
    throw failure
  }

  private func say(_ run: RunRecord, _ verdict: ReplayVerdict, _ file: PlaybookFile) {
    if output.json {
      var document: JSONObject = [
        "run": .string(run.id.text), "moved": .bool(!dryRun), "from": .string(run.version),
        "to": .string(file.version.id),
      ]
      for (key, value) in verdict.document { document[key] = value }
      return Terminal.print(JSON.object(document).text(.pretty))
    }
    let versions = "version \(run.version.prefix(12)) → \(file.version.id.prefix(12))"
    Terminal.print("\(run.id) \(dryRun ? "can be moved" : "was moved"): \(versions); \(verdict.text)")
    if !dryRun { Terminal.printError("it goes on with: ebb runs resume \(run.id)") }
  }
}

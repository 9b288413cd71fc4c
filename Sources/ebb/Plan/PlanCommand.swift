import ArgumentParser
import Catalogue
import Foundation
import JSON
import Journal
import PandaPon
import Playbooks

/// `ebb plan FILE`: what a playbook would write, and nothing written.
struct PlanCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "plan",
    abstract: "Shows what a playbook would write, and writes nothing.",
    discussion: """
      Reads are live; writes are captured, and later reads show what they would have
      changed. With -o the plan is kept: `ebb apply` carries out exactly what it
      shows, within 24 hours. Exit code 0 also where there is something to write.

      Example:
        ebb plan scripts/cancel_stale_refunds.lua
        ebb plan scripts/cancel_stale_refunds.lua -o plan.json --param limit=50
        ebb apply plan.json
      """)

  @Argument(
    help: "The Lua file, or the name of a playbook in the folder scripts.", completion: .file(extensions: ["lua"]))
  var file: String

  @Option(
    name: [.short, .long], help: ArgumentHelp("Keep the plan in that file, to be applied.", valueName: "plan.json"),
    completion: .file(extensions: ["json"]))
  var output: String?

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

  @OptionGroup var store: StoreOptions
  @OptionGroup var person: PersonOptions

  func run() async throws {
    let by = try person.name()
    let proposal = try await ScriptProposal(file: file, parameters: parameters, profile: profile)
    let store = try await openStore(proposal.configuration)
    let driver = RunDriver(store, configuration: proposal.configuration, catalogue: proposal.catalogue)
    let assignment = try driver.assignment(
      of: proposal.script, parameters: proposal.parameters, for: proposal.profile.name, by: by, zone: proposal.zone)
    SheetNotes(assignment).show(json: json)
    let session = PlanSession(
      proposal: proposal, assignment: assignment, driver: driver, store: store, display: RunDisplay(level: logLevel),
      listsSubjects: details, json: json)
    try await session.plan(to: output)
  }
  /// The store, made only where the plan is to be kept; one that is not there knows of nothing.
  private func openStore(_ configuration: Configuration) async throws -> any Store {
    if output != nil { return try await store.open(.writing, in: configuration) }
    let path = try store.location(in: configuration).value
    guard FileManager.default.fileExists(atPath: path) else { return MemoryJournal() }
    return try await store.open(.reading, in: configuration)
  }
}

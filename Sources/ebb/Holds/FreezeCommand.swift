import ArgumentParser
import JSON
import Journal
import Playbooks

/// `ebb freeze --why TEXT`
struct FreezeCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "freeze",
    abstract: "Stop all writes at once, of one shop or of all.",
    discussion: """
      The switch: looked at before every write, whatever the playbook. Reads go on,
      and what would have been written is kept. A write that is on its way is not
      called back. `ebb thaw` lets writes go on.

      Example:
        ebb freeze --why "prices are wrong"
        ebb freeze --profile shop1 --why "key is being changed"
      """)

  @Option(help: "The shop; all where left out.")
  var profile: String?

  @Option(help: ArgumentHelp("Why, for the record and for whoever meets it.", valueName: "text"))
  var why: String

  @OptionGroup var store: StoreOptions
  @OptionGroup var person: PersonOptions
  @OptionGroup var output: OutputOptions

  mutating func run() async throws {
    let configuration = try Configuration.load()
    let signature = try person.signature(why: why)
    let freeze = Freeze(
      profile: try configuration.knownProfile(profile), why: signature.why, by: signature.by, since: signature.instant)
    try await store.open(.writing, in: configuration).freeze(freeze)
    if output.json { return Terminal.print(freeze.document.text(.pretty)) }
    Terminal.print("\(freeze.reach) are stopped, until `ebb thaw\(profile.map { " --profile \($0)" } ?? "")`")
  }
}

/// `ebb thaw`
struct ThawCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "thaw",
    abstract: "Let writes go on that `ebb freeze` stopped.",
    discussion: """
      Example:
        ebb thaw
        ebb thaw --profile shop1 --why "the new key works"
      """)

  @Option(help: "The shop of the freeze; left out for a freeze of all.")
  var profile: String?

  @Option(help: ArgumentHelp("Why, for the record.", valueName: "text"))
  var why: String?

  @OptionGroup var store: StoreOptions
  @OptionGroup var person: PersonOptions
  @OptionGroup var output: OutputOptions

  mutating func run() async throws {
    let signature = try person.signature(why: why)
    let store = try await store.open(.writing, in: try Configuration.load())
    let wasFrozen = try await store.thaw(profile: profile, signature)
    let rest = try await store.freezes()
    guard wasFrozen else {
      let others = rest.map { $0.profile.map { "--profile \($0)" } ?? "all shops, without --profile" }
      throw CommandFailure(
        .failed, "\(profile.map { "writes of \($0)" } ?? "writes of all shops") are not stopped as such",
        hint: others.isEmpty ? "nothing is frozen" : "frozen: " + others.joined(separator: ", "), label: "not_frozen")
    }
    if output.json {
      let document: JSON = ["thawed": profile.map(JSON.string) ?? .null, "freezes": .array(rest.map(\.document))]
      return Terminal.print(document.text(.pretty))
    }
    Terminal.print("\(profile.map { "writes of \($0)" } ?? "writes of all shops") go on")
    for freeze in rest { Terminal.printError("still stopped: \(freeze.reach)") }
  }
}

import ArgumentParser
import JSON
import Journal

/// `ebb state get PLAYBOOK KEY`
struct StateGetCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "get",
    abstract: "Show one value, or whose a claim is.",
    discussion: """
      Example:
        ebb state get backfill_missed_messages source/1688
        ebb state get returns SF1234567890 --claim waybill
      """)

  @OptionGroup var memory: StateOptions

  @Argument(help: "The key.")
  var key: String

  @Option(help: ArgumentHelp("The namespace of a claim: whose it is.", valueName: "namespace"))
  var claim: String?

  @OptionGroup var store: StoreOptions
  @OptionGroup var output: OutputOptions

  mutating func run() async throws {
    let configuration = try Configuration.load()
    let key = try StateKey(typed: key, claim: claim, of: try memory.scope(in: configuration))
    let store = try await store.open(.reading, in: configuration)
    guard let entry = try await store.state(StateFilter(key)).first else {
      var others = StateFilter()
      (others.playbook, others.profile, others.limit) = (key.scope.playbook, key.scope.profile, 1000)
      others.kind = claim.map { .claims(in: $0) } ?? .values
      let names = try await store.names(others)
      throw CommandFailure(
        .failed, "\(Terminal.clean(key.scope.playbook)) does not remember \(key.text) for \(key.scope.profile)",
        hint: Suggestion.nearest(to: key.name, in: names).map { "did you mean \"\($0)\"?" }
          ?? "`ebb state list \(Terminal.clean(key.scope.playbook))` shows what it does",
        label: "not_remembered")
    }
    Terminal.print((output.json ? entry.document : entry.value).text(.pretty))
  }
}

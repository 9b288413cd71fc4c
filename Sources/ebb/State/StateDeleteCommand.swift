import ArgumentParser
import Foundation
import JSON
import Journal

/// `ebb state delete PLAYBOOK [KEY]`
struct StateDeleteCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "delete",
    abstract: "Forget a value, a claim, or all that a playbook remembers.",
    discussion: """
      Example:
        ebb state delete backfill_missed_messages --all --why "begin anew"
        ebb state delete backfill_missed_messages --prefix alibaba
        ebb state delete returns SF1234567890 --claim waybill
      """)

  @OptionGroup var memory: StateOptions

  @Argument(help: "The key.")
  var key: String?

  @Option(help: ArgumentHelp("The namespace of a claim.", valueName: "namespace"))
  var claim: String?

  @Option(help: ArgumentHelp("All values whose keys begin so.", valueName: "text"))
  var prefix: String?

  @Flag(help: "All that the playbook remembers for the shop, claims included.")
  var all = false

  @Option(help: ArgumentHelp("Why, for the record.", valueName: "text"))
  var why: String?

  @OptionGroup var store: StoreOptions
  @OptionGroup var person: PersonOptions
  @OptionGroup var output: OutputOptions

  mutating func run() async throws {
    let configuration = try Configuration.load()
    let signature = try person.signature(why: why)
    let scope = try memory.scope(in: configuration)
    let filter = try filter(of: scope)
    let count = try await store.open(.writing, in: configuration).forget(filter, signature)
    guard count > 0 else {
      throw CommandFailure(
        .failed, "\(Terminal.clean(scope.playbook)) remembers nothing such for \(scope.profile)",
        hint: "`ebb state list \(Terminal.clean(scope.playbook))` shows what it does", label: "not_remembered")
    }
    if output.json { return Terminal.print(JSON.object(["forgotten": .integer(Int64(count))]).text(.pretty)) }
    Terminal.print(count == 1 ? "forgotten" : "\(CountText.grouped(count)) entries are forgotten")
  }

  private func filter(of scope: StateScope) throws(CommandFailure) -> StateFilter {
    guard [key != nil, prefix != nil, all].count(where: \.self) == 1, claim == nil || key != nil else {
      throw .usage(
        "name a key, or --prefix, or --all", hint: "ebb state delete \(Terminal.clean(scope.playbook)) KEY",
        label: "state_key")
    }
    if let key { return StateFilter(try StateKey(typed: key, claim: claim, of: scope)) }
    var filter = StateFilter(of: scope, prefix: prefix)
    if all { filter.kind = nil }
    return filter
  }
}

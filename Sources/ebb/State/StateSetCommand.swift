import ArgumentParser
import Foundation
import JSON
import Journal

/// `ebb state set PLAYBOOK KEY VALUE`
struct StateSetCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "set",
    abstract: "Set a value, or whose a claim is.",
    discussion: """
      The value is JSON; what is no JSON is taken as text. A run that is under way
      sees it the next time it asks.

      Example:
        ebb state set rules skip '["7700", "8800"]' --why "settled by phone"
        ebb state set returns SF1234567890 110000235001 --claim waybill
      """)

  @OptionGroup var memory: StateOptions

  @Argument(help: "The key.")
  var key: String

  @Argument(help: "The value as JSON, or text.")
  var value: String

  @Option(help: ArgumentHelp("The namespace of a claim; the value is its owner.", valueName: "namespace"))
  var claim: String?

  @Option(help: ArgumentHelp("Why, for the record.", valueName: "text"))
  var why: String?

  @OptionGroup var store: StoreOptions
  @OptionGroup var person: PersonOptions
  @OptionGroup var output: OutputOptions

  mutating func run() async throws {
    let configuration = try Configuration.load()
    let signature = try person.signature(why: why)
    let key = try StateKey(typed: key, claim: claim, of: try memory.scope(in: configuration))
    let value = try typedValue()
    guard try await store.open(.writing, in: configuration).set(key, to: value, signature) else {
      let most = key.namespace == nil ? "\(StateLimit.values) values" : "\(StateLimit.claims) claims"
      throw CommandFailure(
        .failed, "\(Terminal.clean(key.scope.playbook)) remembers \(most), and may remember no more",
        hint: "`ebb state delete` makes room", label: "state_full")
    }
    if output.json {
      let entry = StateEntry(key, value: value, changed: signature.instant, by: signature.by)
      return Terminal.print(entry.document.text(.pretty))
    }
    Terminal.print("\(Terminal.clean(key.scope.playbook)) remembers \(key.text) for \(key.scope.profile)")
  }

  private func typedValue() throws(CommandFailure) -> JSON {
    guard claim == nil else {
      guard (1...StateLimit.ownerBytes).contains(value.utf8.count) else {
        throw .usage("an owner has 1 to \(StateLimit.ownerBytes) bytes", label: "state_value")
      }
      return .string(value)
    }
    let typed = (try? JSON(parsing: value)) ?? .string(value)
    guard !typed.isNull else {
      throw .usage("null is no value", hint: "`ebb state delete` forgets a key", label: "state_value")
    }
    let size = typed.bytes().count
    guard size <= StateLimit.valueBytes else {
      throw .usage("the value has \(size) bytes as JSON, more than \(StateLimit.valueBytes)", label: "state_value")
    }
    return typed
  }
}

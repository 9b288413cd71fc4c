import ArgumentParser
import JSON
import Journal
import Vault

/// `ebb vault seal-store`
struct VaultSealStoreCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "seal-store",
    abstract: "Seal what the store records from now on.",
    discussion: """
      A store that is made while there is a vault is sealed from the beginning. One
      that was there before is as it was: this seals what is recorded from now on, and
      what is older goes with its runs (`ebb store prune`). There is no way back.
      A process that has the store open already goes on as it was: start it again.

      Example:
        ebb vault seal-store
      """)

  @OptionGroup var store: StoreOptions
  @OptionGroup var person: PersonOptions
  @OptionGroup var output: OutputOptions

  mutating func run() async throws {
    let configuration = try Configuration.load()
    let door = configuration.vault
    guard door.isThere else { throw CommandFailure(VaultError.absent(door.path)) }
    // A store is not sealed by a vault that does not open.
    _ = try door.open(who: try person.name()).read { contents throws(VaultError) in try contents.payloadSealer() }
    let store = try store.open(in: configuration)
    let isFresh = try await store.sealFromNowOn()
    if output.json {
      let document: JSON = [
        "status": "done", "exit_code": 0, "store": .string(store.path), "was_sealed": .bool(!isFresh),
      ]
      return Terminal.print(document.text(.pretty))
    }
    Terminal.print(isFresh ? "\(store.path) seals what it records from now on" : "\(store.path) is sealed already")
  }
}

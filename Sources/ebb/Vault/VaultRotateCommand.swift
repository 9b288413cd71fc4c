import ArgumentParser
import JSON
import Vault

/// `ebb vault rotate`
struct VaultRotateCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "rotate",
    abstract: "Make a new data key, and seal everything in the vault anew.",
    discussion: """
      Makes a new store key, too: what the store records from then on is sealed with
      it. One write replaces the file: where it is cut off, do it again.

      Example:
        ebb vault rotate
      """)

  @OptionGroup var person: PersonOptions
  @OptionGroup var output: OutputOptions

  mutating func run() async throws {
    let configuration = try Configuration.load()
    let door = configuration.vault
    guard door.isThere else { throw CommandFailure(VaultError.absent(door.path)) }
    let vault = try door.open(who: try person.name())
    try vault.rotate()
    if output.json {
      let document: JSON = [
        "status": "done", "exit_code": 0, "vault": .string(vault.path),
        "counter": .integer(Int64(clamping: vault.counter)),
      ]
      return Terminal.print(document.text(.pretty))
    }
    Terminal.print("\(vault.path) is sealed under a new data key; fingerprints are others now")
  }
}

import ArgumentParser
import JSON
import Vault

/// `ebb vault accept-rollback`
struct VaultAcceptRollbackCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "accept-rollback",
    abstract: "Accept a vault that was put back to an older version.",
    discussion: """
      The store knows how far the vault had come, so that an older file does not open
      unseen: secrets that were reset would come back. Say here that it was you.

      Example:
        ebb vault accept-rollback --why "restored Friday's backup"
      """)

  @Option(help: "Why, for the record.")
  var why: String

  @OptionGroup var person: PersonOptions
  @OptionGroup var output: OutputOptions

  mutating func run() async throws {
    let why = try Reason.checked(why)
    let door = try Configuration.load().vault
    guard door.isThere else { throw CommandFailure(VaultError.absent(door.path)) }
    ProcessSecrecy.keep()
    let vault = try Vault.open(at: door.path, door.settings(who: try person.name()), acceptingRollback: true)
    let wasOlder = try vault.acceptRollback(why: why)
    if output.json {
      let document: JSON = [
        "status": "done", "exit_code": 0, "vault": .string(vault.path), "was_rolled_back": .bool(wasOlder),
        "counter": .integer(Int64(clamping: vault.counter)),
      ]
      return Terminal.print(document.text(.pretty))
    }
    Terminal.print(wasOlder ? "\(vault.path) is accepted as it is" : "\(vault.path) was not put back")
  }
}

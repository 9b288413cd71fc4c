import ArgumentParser
import JSON
import Vault

/// `ebb channels remove NAME`
struct ChannelsRemoveCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "remove",
    abstract: "Forget a channel's address.",
    discussion: """
      Playbooks that name it fail from then on, before they send anything.

      Example:
        ebb channels remove ops
      """)

  @Argument(help: "The channel's name.")
  var name: String

  @OptionGroup var person: PersonOptions
  @OptionGroup var output: OutputOptions

  mutating func run() async throws {
    let door = try Configuration.load().vault
    let name = name
    do throws(VaultError) {
      guard door.isThere else { throw VaultError.absent(door.path) }
      let vault = try door.open(who: try? person.name())
      try vault.change(AuditEntry(.removeChannel, profile: "channel:" + name)) { contents throws(VaultError) in
        try contents.removeChannel(name)
      }
    } catch {
      throw CommandFailure(error)
    }
    ProfileVault.conclude("\(name) is forgotten", ["channel": .string(name)], output)
  }
}

import ArgumentParser
import JSON
import Vault

/// `ebb profiles rename NAME NEW`
struct ProfilesRenameCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "rename",
    abstract: "Give a shop's account another name.",
    discussion: """
      Runs, schedules and budgets that were recorded keep the old name: what is not
      over is to be finished first.

      Example:
        ebb profiles rename shop1 shop-shanghai
      """)

  @Argument(help: "The profile.")
  var name: String

  @Argument(help: "Its name from now on.")
  var newName: String

  @OptionGroup var person: PersonOptions
  @OptionGroup var output: OutputOptions

  mutating func run() async throws {
    if let problem = ProfileName.problem(newName) {
      throw CommandFailure.usage(Terminal.clean(problem), hint: "e.g. shop1", label: "profile_name")
    }
    let profiles = try ProfileVault(with: name, who: try person.name())
    let (name, newName) = (name, newName)
    try profiles.vault.change(AuditEntry(.renameProfile, profile: name, field: newName)) {
      contents throws(VaultError) in try contents.renameProfile(name, to: newName)
    }
    ProfileVault.conclude(
      "\(name) is \(newName) from now on", ["profile": .string(newName), "was": .string(name)], output)
  }
}

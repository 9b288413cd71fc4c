import ArgumentParser
import JSON
import Vault

/// `ebb profiles use NAME`
struct ProfilesUseCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "use",
    abstract: "Say which shop's account is used when none is named.",
    discussion: """
      `--profile` and EBB_BASE_URL lie over it.

      Example:
        ebb profiles use shop1
      """)

  @Argument(help: "The profile, of those in the vault.")
  var name: String

  @OptionGroup var person: PersonOptions
  @OptionGroup var output: OutputOptions

  mutating func run() async throws {
    let profiles = try ProfileVault(with: name, who: try person.name())
    let name = name
    try profiles.vault.change(AuditEntry(.defaultProfile, profile: name)) { contents throws(VaultError) in
      try contents.setDefaultProfile(name)
    }
    ProfileVault.conclude("\(name) is used when no profile is named", ["profile": .string(name)], output)
  }
}

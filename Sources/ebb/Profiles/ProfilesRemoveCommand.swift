import ArgumentParser
import JSON
import Vault

/// `ebb profiles remove NAME`
struct ProfilesRemoveCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "remove",
    abstract: "Take a shop's account and its secrets out of the vault.",
    discussion: """
      Example:
        ebb profiles remove shop1
        ebb profiles remove shop1 --yes
      """)

  @Argument(help: "The profile.")
  var name: String

  @Flag(help: "Do not ask.")
  var yes = false

  @OptionGroup var person: PersonOptions
  @OptionGroup var output: OutputOptions

  mutating func run() async throws {
    let profiles = try ProfileVault(with: name, who: try person.name())
    if !yes { try confirm() }
    let name = name
    try profiles.vault.change(AuditEntry(.removeProfile, profile: name)) { contents throws(VaultError) in
      try contents.removeProfile(name)
    }
    ProfileVault.conclude("\(name) and its secrets are removed", ["profile": .string(name)], output)
  }

  private func confirm() throws(CommandFailure) {
    guard Terminal.current.canAsk else {
      throw .usage(
        "the secrets of \(name) would be gone, and nobody can be asked here", hint: "add --yes to remove it",
        label: "not_confirmed")
    }
    Terminal.write("The secrets of \(name) will be gone. Remove it? [y/N] ", to: 2)
    guard let answer = readLine(), ["y", "yes", "是"].contains(answer.lowercased()) else {
      throw CommandFailure(.failed, "not removed: it was not confirmed", label: "not_confirmed")
    }
  }
}

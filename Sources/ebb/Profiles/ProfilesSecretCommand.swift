import ArgumentParser
import JSON
import PandaPon
import Redaction
import Vault

/// `ebb profiles secret NAME`
struct ProfilesSecretCommand: AsyncParsableCommand {
  /// What is done with a secret.
  enum Act: String, EnumerableFlag {
    case pending
    case current
    case promote
    case dropPrevious

    static func help(for value: Self) -> ArgumentHelp? {
      switch value {
      case .pending: "Give the one that will be valid: it is tried once the current one is refused."
      case .current: "Give the one that is valid now."
      case .promote: "Make the pending one the current one."
      case .dropPrevious: "Forget the one that was replaced."
      }
    }
  }

  static let configuration = CommandConfiguration(
    commandName: "secret",
    abstract: "Give a shop's account another access secret.",
    discussion: """
      The vendor's old secret stops at once when it is reset. Give the new one before,
      as pending, where you know it before; else at once, as current. The one that is
      replaced is kept for callbacks that are on their way. It is typed without being
      shown, or is the only line of standard input.

      Example:
        ebb profiles secret shop1 --current
        printf %s "$NEW" | ebb profiles secret shop1 --pending
      """)

  @Argument(help: "The profile.")
  var name: String

  @Flag(exclusivity: .exclusive)
  var act: Act

  @OptionGroup var person: PersonOptions
  @OptionGroup var output: OutputOptions

  mutating func run() async throws {
    let profiles = try ProfileVault(with: name, who: try person.name())
    let name = name
    let text: String
    switch act {
    case .pending:
      let secret = try given(profiles)
      try profiles.vault.change(AuditEntry(.setPending, profile: name)) { contents throws(VaultError) in
        try contents.setPending(secret, of: name)
      }
      text = "the new secret of \(name) waits until the current one is refused"
    case .current:
      let secret = try given(profiles)
      try profiles.vault.change(AuditEntry(.setCurrent, profile: name)) { contents throws(VaultError) in
        try contents.setCurrent(secret, of: name)
      }
      text = "the new secret of \(name) signs from now on"
    case .promote:
      _ = try profiles.vault.change(AuditEntry(.promote, profile: name)) { contents throws(VaultError) in
        try contents.promote(name)
      }
      text = "the pending secret of \(name) signs from now on"
    case .dropPrevious:
      let isDropped = try profiles.vault.change(AuditEntry(.dropPrevious, profile: name)) {
        contents throws(VaultError) in try contents.dropPrevious(name)
      }
      text = isDropped ? "the previous secret of \(name) is forgotten" : "\(name) has no previous secret"
    }
    let secrets = try ProfileDocument(
      try profiles.configuration.profileSettings(named: name), in: profiles.configuration, isDefault: false
    ).document["secrets"]
    ProfileVault.conclude(text, ["profile": .string(name), "secrets": secrets ?? []], output)
  }

  private func given(_ profiles: ProfileVault) throws -> SecretBytes {
    let secret = try SecretInput.one("Access Secret (not shown): ")
    let name = name
    let sheet = try profiles.vault.read { contents throws(VaultError) in try contents.profile(name) }
    try profiles.configuration.check(sheet, named: name, secret: secret)
    return secret
  }
}

import ArgumentParser

/// `ebb vault …`
struct VaultCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "vault",
    abstract: "Look after the vault, in which shops' credentials rest sealed.",
    discussion: """
      The vault is one file, .ebb/vault, opened by a key file outside of the project
      or by a passphrase (docs/vault.md). Profiles come into it with `ebb profiles`.

      Example:
        ebb vault init
        ebb vault status
        ebb vault verify
      """,
    subcommands: [
      VaultInitCommand.self, VaultStatusCommand.self, VaultVerifyCommand.self, VaultAuditCommand.self,
      VaultRekeyCommand.self, VaultRotateCommand.self, VaultSealStoreCommand.self, VaultAcceptRollbackCommand.self,
    ])
}

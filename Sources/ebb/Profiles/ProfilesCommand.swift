import ArgumentParser

/// `ebb profiles …`
struct ProfilesCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "profiles",
    abstract: "Keep shops' accounts, with their secrets sealed in the vault.",
    discussion: """
      A profile is one shop's account: base URL, access key, access secret, user id,
      and how requests are signed. Secrets are typed without being shown or come by
      standard input, never as arguments (docs/vault.md).

      Example:
        ebb profiles add shop1
        ebb profiles list
        ebb profiles secret shop1 --pending
      """,
    subcommands: [
      ProfilesAddCommand.self, ProfilesListCommand.self, ProfilesShowCommand.self, ProfilesEditCommand.self,
      ProfilesSecretCommand.self, ProfilesUseCommand.self, ProfilesRenameCommand.self, ProfilesRemoveCommand.self,
      ProfilesTestCommand.self, ProfilesSolveCommand.self,
    ])
}

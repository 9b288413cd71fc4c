import ArgumentParser

/// `ebb state`
struct StateCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "state",
    abstract: "Look at and change what playbooks remember between their runs.",
    discussion: """
      A playbook remembers values by key, and who was the first to claim a name, for
      each shop (`ebb.state` in docs/language.md).

      Example:
        ebb state list backfill_missed_messages
      """,
    subcommands: [StateListCommand.self, StateGetCommand.self, StateSetCommand.self, StateDeleteCommand.self])
}

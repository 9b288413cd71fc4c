import ArgumentParser

/// `ebb store …`
struct StoreCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "store",
    abstract: "Look after the store: check, measure, copy, prune, forget.",
    discussion: """
      The store keeps what runs did. Every command may be used while runs go on.

      Example:
        ebb store check
        ebb store backup /backups/ebb-2026-11-23.db
      """,
    subcommands: [
      StoreCheckCommand.self, StoreStatsCommand.self, StorePruneCommand.self, StoreBackupCommand.self,
      StoreRestoredCommand.self, StoreSettledCommand.self, StoreForgetCommand.self,
    ])
}

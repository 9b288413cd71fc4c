import ArgumentParser

/// `ebb effects …`
struct EffectsCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "effects",
    abstract: "Look at what runs wrote, and settle what is in doubt.",
    discussion: """
      An effect is one write: its run and its step, as run-20261123-9f86d081:5/2.

      Example:
        ebb effects list --unsettled
        ebb effects show 9f86d081:5/2
        ebb effects settle 9f86d081:5/2 --not-done --why "still open in the console"
      """,
    subcommands: [EffectsListCommand.self, EffectsShowCommand.self, EffectsSettleCommand.self])
}

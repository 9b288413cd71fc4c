import ArgumentParser

/// `ebb schedule …`
struct ScheduleCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "schedule",
    abstract: "Look at when playbooks run.",
    discussion: """
      Example:
        ebb schedule next --cron "30 9 * * MON-FRI"
        ebb schedule next --every 15m --json
      """,
    subcommands: [ScheduleNextCommand.self])
}

import ArgumentParser

/// `ebb schedule`
struct ScheduleCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "schedule",
    abstract: "Look at schedules, add them, pause them, and see when they run.",
    discussion: """
      Example:
        ebb schedule list
        ebb schedule next --cron "30 9 * * 1-5" --zone Asia/Shanghai
      """,
    subcommands: [
      ScheduleListCommand.self, ScheduleShowCommand.self, ScheduleNextCommand.self, ScheduleAddCommand.self,
      SchedulePauseCommand.self, ScheduleResumeCommand.self, ScheduleBackfillCommand.self, ScheduleRemoveCommand.self,
    ])
}

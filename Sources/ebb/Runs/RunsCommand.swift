import ArgumentParser

/// `ebb runs …`
struct RunsCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "runs",
    abstract: "Look at runs, and let them go on, stop or be looked into.",
    discussion: """
      A RUN is named by its id, or by the end of it: 9f86d081.

      Example:
        ebb runs list --status waiting
        ebb runs show 9f86d081
        ebb runs resume --all
      """,
    subcommands: [
      RunsListCommand.self, RunsShowCommand.self, RunsResumeCommand.self, RunsPauseCommand.self,
      RunsCancelCommand.self, RunsLogsCommand.self, RunsReplayCommand.self, RunsDebugCommand.self,
      RunsBundleCommand.self, RunsReportCommand.self, RunsVerifyCommand.self, RunsMigrateCommand.self,
    ])
}

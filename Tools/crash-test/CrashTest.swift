import ArgumentParser

/// Ends processes that run playbooks at every place where a crash could lose or double a write, resumes them, and
/// compares what the marketplace saw with an undisturbed run. No part of `ebb`.
@main
struct CrashTest: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "crash-test",
    abstract: "Kills runs at every boundary, resumes them, and counts what took effect.",
    subcommands: [SweepCommand.self, ServiceCommand.self, WorkerCommand.self],
    defaultSubcommand: SweepCommand.self)
}

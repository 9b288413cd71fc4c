import ArgumentParser
import Journal

/// `ebb runs cancel RUN --why TEXT`
struct RunsCancelCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "cancel",
    abstract: "End a run: no further step is begun, and what was written is settled first.",
    discussion: """
      A run that a process advances ends within seconds, there; one that nobody holds
      ends here, which needs its profile where a write of it is in doubt.

      Example:
        ebb runs cancel 9f86d081 --why "wrong shop"
      """)

  @Argument(help: "The run, or the end of its id.")
  var run: String

  @Option(help: ArgumentHelp("Why, for the record.", valueName: "text"))
  var why: String

  @OptionGroup var store: StoreOptions
  @OptionGroup var person: PersonOptions
  @OptionGroup var output: OutputOptions

  mutating func run() async throws {
    try await AskingOfRun(
      request: .cancel, run: run, signature: try person.signature(why: why), store: store,
      json: output.json
    ).perform()
  }
}

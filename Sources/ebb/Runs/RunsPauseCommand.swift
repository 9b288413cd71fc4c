import ArgumentParser
import Journal

/// `ebb runs pause RUN --why TEXT`
struct RunsPauseCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "pause",
    abstract: "Stop a run for now: no further step is begun until `ebb runs resume`.",
    discussion: """
      Example:
        ebb runs pause 9f86d081 --why "the supplier calls back at noon"
        ebb runs resume 9f86d081
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
      request: .pause, run: run, signature: try person.signature(why: why), store: store,
      json: output.json
    ).perform()
  }
}

import ArgumentParser
import JSON

/// `ebb config …`
struct ConfigCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "config",
    abstract: "Show the configuration that holds.",
    discussion: """
      Example:
        ebb config show
      """,
    subcommands: [ConfigShowCommand.self])
}

/// `ebb config show`
struct ConfigShowCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "show",
    abstract: "Print every setting with the place it comes from.",
    discussion: """
      Secrets are never printed; an access key shows its first four characters.

      Example:
        ebb config show
        EBB_BASE_URL=http://127.0.0.1:8080 ebb config show --json
      """)

  @OptionGroup var output: OutputOptions

  mutating func run() async throws {
    let configuration = try Configuration.load()
    let report = ConfigurationReport(configuration)
    if output.json {
      Terminal.print(report.document.text(.pretty))
    } else {
      Terminal.print(report.text(Terminal.current))
    }
    if let failure = report.failure { throw failure }
  }
}

/// Options of every command that prints a result.
struct OutputOptions: ParsableArguments {
  @Flag(help: "Print one JSON document instead of text, also when the command fails.")
  var json = false
}

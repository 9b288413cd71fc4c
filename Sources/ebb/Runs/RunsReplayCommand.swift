import ArgumentParser
import JSON
import Journal
import Playbooks

/// `ebb runs replay RUN|BUNDLE`
struct RunsReplayCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "replay",
    abstract: "Run a past run's script again on its recorded answers, and say whether it does the same.",
    discussion: """
      Nothing is asked of the API and nothing is recorded. Exit code 6 where the
      script goes another way, with both sides.

      Example:
        ebb runs replay 9f86d081
        ebb runs replay stale.json --json
      """)

  @Argument(help: "The run, or a bundle's file.")
  var run: String

  @OptionGroup var store: StoreOptions
  @OptionGroup var output: OutputOptions

  mutating func run() async throws {
    let past = try await PastRun(run, in: store)
    let verdict = ReplayVerdict(report: try await past.replay())
    if output.json {
      var document: JSONObject = ["run": .string(past.history.record.id.text)]
      for (key, value) in verdict.document { document[key] = value }
      if let redaction = past.redaction { document["redaction"] = redaction }
      document["exit_code"] = verdict.isIdentical ? 0 : 6
      Terminal.print(JSON.object(document).text(.pretty))
    } else {
      Terminal.print("\(past.history.record.id) \(verdict.text)")
      if let divergence = verdict.divergence {
        let text = DivergenceText(divergence.json, recordedVersion: past.version, askedVersion: past.version)
        Terminal.print("\n" + text.text(Terminal.current))
      }
    }
    if !verdict.isIdentical, past.redaction?["replay"]?.string == verdict.word {
      Terminal.printError(
        "this bundle's redaction made it go another way when it was written; the run itself need not")
    }
    if !verdict.isIdentical { throw ExitStatus.diverged }
  }
}

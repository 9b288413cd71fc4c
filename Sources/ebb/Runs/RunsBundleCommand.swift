import ArgumentParser
import Catalogue
import Foundation
import JSON
import Journal
import Playbooks
import Redaction

/// `ebb runs bundle RUN -o FILE`
struct RunsBundleCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "bundle",
    abstract: "Write a run as one file that replays on any machine, without secrets and people's data.",
    discussion: """
      Names, phones and addresses become pseudonyms, the same everywhere in the file.
      Then the run is replayed once, and what came of it is said (docs/bundles.md).

      Example:
        ebb runs bundle 9f86d081 -o stale.json
        ebb runs replay stale.json
      """)

  @Argument(help: "The run, or the end of its id.")
  var run: String

  @Option(
    name: [.customShort("o"), .customLong("output")],
    help: ArgumentHelp("The file to write; - for standard output.", valueName: "file"), completion: .file())
  var file: String

  @Flag(help: "Write over a file that exists.")
  var force = false

  @OptionGroup var store: StoreOptions
  @OptionGroup var output: OutputOptions

  mutating func run() async throws {
    if file != "-", !force, FileManager.default.fileExists(atPath: file) {
      throw CommandFailure.usage("\(file) exists", hint: "--force writes over it", label: "file_exists")
    }
    let configuration = try Configuration.load()
    let catalogue = try Catalogue.forCommands()
    let store = try await store.open(.reading, in: configuration)
    let record = try await RunLookup(store: store).run(run)
    // A secret that is opened is one that `redact` knows, in all its encodings.
    let knowsSecrets = (try? configuration.credentialSource(for: record.profile)) != nil
    let past = try await PastRun(record.id, in: store)
    let whole = RunBundle(
      version: past.version, history: past.history, ebb: Ebb.version, exported: SystemClock().now())
    let (redacted, replaced) = whole.redacted(by: catalogue) { Redaction.redact($0) }
    let verdict = ReplayVerdict(
      report: try await RunReplay.play(redacted.history, version: redacted.version, catalogue: catalogue))
    var redaction = verdict.document
    redaction["values"] = .integer(Int64(replaced))
    try write(redacted.noting(.object(redaction)))
    say(record, replaced, verdict, knowsSecrets: knowsSecrets)
  }

  private func write(_ bundle: RunBundle) throws(CommandFailure) {
    let text = bundle.json.text(.pretty) + "\n"
    if file == "-" { return Terminal.write(text, to: STDOUT_FILENO) }
    guard
      FileManager.default.createFile(
        atPath: file, contents: Data(text.utf8), attributes: [.posixPermissions: 0o600])
    else {
      throw .usage("\(file) cannot be written", hint: "is its folder there, and yours to write?", label: "no_file")
    }
  }

  private func say(_ run: RunRecord, _ replaced: Int, _ verdict: ReplayVerdict, knowsSecrets: Bool) {
    let values = replaced == 1 ? "1 value about people" : "\(replaced) values about people"
    if file != "-" {
      if output.json {
        var document: JSONObject = [
          "run": .string(run.id.text), "file": .string(file), "values": .integer(Int64(replaced)),
        ]
        for (key, value) in verdict.document { document[key] = value }
        Terminal.print(JSON.object(document).text(.pretty))
      } else {
        Terminal.print("\(file): \(run.id), \(values) replaced; its replay is \(verdict.text)")
      }
    }
    if !verdict.isIdentical {
      Terminal.printError(
        "the script looks into what was replaced, so this copy takes another way than the run did: "
          + "`ebb runs replay \(run.id)` replays the run itself")
    }
    if !knowsSecrets {
      Terminal.printError(
        "\(run.profile)'s credentials are not set here: a secret that a script logged is not recognised")
    }
  }
}

import ArgumentParser
import JSON
import Journal
import Playbooks

/// `ebb runs debug RUN|BUNDLE`
struct RunsDebugCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "debug",
    abstract: "Go through a past run step by step: the line, its variables, the arguments, the answer.",
    discussion: """
      The script runs again on the recorded answers; nothing is asked of the API. On
      a terminal it stops at each step: Enter goes on, p NAME prints a variable whole,
      c shows the rest, q ends it. Variables of the functions around are marked ^.

      Example:
        ebb runs debug 9f86d081
        ebb runs debug 9f86d081 --to 5/2/1
        ebb runs debug stale.json --json
      """)

  @Argument(help: "The run, or a bundle's file.")
  var run: String

  @Option(help: ArgumentHelp("Show only the step of this path, as `ebb runs show` names it.", valueName: "path"))
  var to: String?

  @OptionGroup var store: StoreOptions
  @OptionGroup var output: OutputOptions

  mutating func run() async throws {
    let past = try await PastRun(run, in: store)
    let terminal = Terminal.current
    let session = DebugSession(
      try mode(past, terminal), history: past.history, version: past.version, terminal: terminal, json: output.json)
    let verdict = ReplayVerdict(report: try await past.replay(watcher: session))
    if output.json {
      var document: JSONObject = ["run": .string(past.history.record.id.text), "stops": .array(session.documents)]
      for (key, value) in verdict.document { document[key] = value }
      Terminal.print(JSON.object(document).text(.pretty))
    } else if to == nil {
      Terminal.print((session.count > 0 ? "\n" : "") + verdict.text)
      for side in verdict.report.waitsFor {
        Terminal.print("waits for: step \(side.path) \(side.name)" + (side.line.map { " at \($0)" } ?? ""))
      }
      if let divergence = verdict.divergence {
        let text = DivergenceText(divergence.json, recordedVersion: past.version, askedVersion: past.version)
        Terminal.print("\n" + text.text(terminal))
      }
    }
    if verdict.divergence != nil { throw ExitStatus.diverged }
  }

  private func mode(_ past: PastRun, _ terminal: Terminal) throws(CommandFailure) -> DebugSession.Mode {
    if let to {
      if let path = StepPath(text: to), past.history.steps.contains(where: { $0.path == path }) { return .to(path) }
      throw .usage(
        "\(past.history.record.id) has no step \"\(Terminal.clean(to))\"",
        hint: Suggestion.nearest(to: to, in: past.history.steps.lazy.map(\.path.description))
          .map { "did you mean \($0)?" } ?? "`ebb runs show` lists its steps", label: "unknown_step")
    }
    return terminal.canAsk && terminal.width != nil && !output.json ? .interactive : .all
  }
}

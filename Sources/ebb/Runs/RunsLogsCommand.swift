import ArgumentParser
import Foundation
import JSON
import Journal
import Playbooks

/// `ebb runs logs RUN`
struct RunsLogsCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "logs",
    abstract: "Print what a run's script logged.",
    discussion: """
      A line's time is that of the step before it: what a script's clock showed.

      Example:
        ebb runs logs 9f86d081
        ebb runs logs 9f86d081 --level warn --json
      """)

  @Argument(help: "The run, or the end of its id.")
  var run: String

  @Option(help: ArgumentHelp("The least a line must matter: debug, info, warn, error.", valueName: "level"))
  var level = RunDisplay.Level.debug

  @OptionGroup var store: StoreOptions
  @OptionGroup var output: OutputOptions

  mutating func run() async throws {
    let configuration = try Configuration.load()
    let store = try await store.open(.reading, in: configuration)
    let record = try await RunLookup(store: store).run(run)
    guard let history = try await store.history(of: record.id) else { throw JournalError.unknownRun(record.id) }
    let lines = Self.lines(of: history).filter { (RunDisplay.Level(rawValue: $0.line.level) ?? .error) >= level }
    if output.json {
      Terminal.print(JSON.array(lines.map(\.document)).text(.pretty))
      return
    }
    guard !lines.isEmpty else { return Terminal.printError("\(record.id) logged nothing") }
    let time = LocalTime(try configuration.timeZone())
    let style = Terminal.current.style
    for entry in lines { Terminal.print(entry.text(time, style)) }
  }

  /// A line and where in the run it was said.
  struct Entry {
    let line: LogLine
    let after: StepPath
    let instant: Milliseconds

    var document: JSON {
      [
        "time": .string(InstantText.text(instant)), "after": .string(after.description), "level": .string(line.level),
        "message": .string(line.message), "fields": line.fields,
      ]
    }

    func text(_ time: LocalTime, _ style: Style) -> String {
      let fields = line.fields.object?.map { "\($0.key)=\($0.value.scalarText ?? $0.value.text())" } ?? []
      let level = line.level.padding(toLength: 5, withPad: " ", startingAt: 0)
      let role: Style.Role? = line.level == "error" ? .error : line.level == "warn" ? .warning : nil
      return style.paint(time.exact(instant), .faint) + " " + style.paint(level, role) + " "
        + Terminal.clean(([line.message] + fields).joined(separator: " "))
    }
  }

  /// The lines in the order in which they were recorded.
  static func lines(of history: RunHistory) -> [Entry] {
    let instants = Dictionary(history.steps.map { ($0.path, $0.instant) }) { first, _ in first }
    return history.notes.compactMap { note in
      guard case .log(let line) = note.content else { return nil }
      // A branch that has taken no step has its parent's time: that of the nearest step around it.
      var place = note.after
      while instants[place] == nil, !place.ordinals.isEmpty { place = StepPath(Array(place.ordinals.dropLast())) }
      return Entry(line: line, after: note.after, instant: instants[place] ?? history.record.started)
    }
  }
}

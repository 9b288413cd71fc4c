import Foundation
import JSON
import Journal
import Playbooks
import Synchronization

/// Goes through a past run: shows steps as the replay reaches them, and asks a person between two of them.
///
/// The replay waits while a person reads.
final class DebugSession: ReplayWatcher {
  /// What is wanted.
  enum Mode: Sendable, Equatable {
    /// Stops at each step and asks.
    case interactive
    /// Shows all steps.
    case all
    /// Shows the step of that path alone, and stops there.
    case to(StepPath)
  }

  private struct State {
    var mode: Mode
    var shown: [JSON] = []
    var count = 0
    var isOver = false
  }

  private let state: Mutex<State>
  private let version: PlaybookVersion
  private let decisions: [StepPath: [Decision]]
  private let terminal: Terminal
  private let json: Bool
  private let readLine: @Sendable () -> String?

  /// A session over that run.
  ///
  /// - Parameters:
  ///   - json: collects documents instead of printing.
  ///   - readLine: the person's next line; nil at the end of the input.
  init(
    _ mode: Mode, history: RunHistory, version: PlaybookVersion, terminal: Terminal, json: Bool,
    readLine: @escaping @Sendable () -> String? = { Swift.readLine() }
  ) {
    state = Mutex(State(mode: mode))
    self.version = version
    decisions = Dictionary(grouping: history.decisions, by: \.step)
    self.terminal = terminal
    self.json = json
    self.readLine = readLine
  }

  /// What was shown, for `--json`.
  var documents: [JSON] { state.withLock { $0.shown } }
  /// How many steps were shown.
  var count: Int { state.withLock { $0.count } }

  func look(at stop: ReplayStop) async -> Bool { see(stop) }

  /// Shows a step; false where the person has seen enough.
  private func see(_ stop: ReplayStop) -> Bool {
    state.withLock { state in
      guard !state.isOver else { return false }
      if case .to(let path) = state.mode, stop.step.path != path { return true }
      state.count += 1
      let step = DebugStep(stop: stop, version: version, decisions: decisions[stop.step.path] ?? [])
      if json {
        state.shown.append(step.document)
      } else {
        Terminal.print((state.count > 1 ? "\n" : "") + step.text(terminal))
      }
      switch state.mode {
      case .to: state.isOver = true
      case .all: break
      case .interactive: ask(step, &state)
      }
      return !state.isOver
    }
  }

  private func ask(_ step: DebugStep, _ state: inout State) {
    while true {
      Terminal.write("[Enter] next  [c]ontinue  [p NAME] print  [q]uit > ", to: STDERR_FILENO)
      guard let line = readLine() else { return state.isOver = true }
      let words = line.split(separator: " ", maxSplits: 1).map(String.init)
      switch words.first ?? "" {
      case "", "n", "next": return
      case "c", "continue": return state.mode = .all
      case "q", "quit": return state.isOver = true
      case "p", "print":
        let name = words.count > 1 ? words[1].trimmingCharacters(in: .whitespaces) : ""
        Terminal.print(step.variable(name) ?? "there is no variable \"\(Terminal.clean(name))\" here")
      default: Terminal.printError("Enter, c, p NAME or q")
      }
    }
  }
}

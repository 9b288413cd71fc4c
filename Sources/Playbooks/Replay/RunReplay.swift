public import Catalogue
import JSON
public import Journal
import PandaPon

/// Executes a recorded run from its journal alone: nothing is asked of the API, and nothing is recorded.
public enum RunReplay {
  /// Plays a run again.
  ///
  /// - Parameters:
  ///   - history: all that is recorded of it.
  ///   - version: the playbook to play it with: its own, or another that it might be moved to.
  ///   - guards: those of the configuration.
  ///   - watcher: looks at it before each result is delivered.
  /// - Throws: ``LuaError`` or ``ParameterProblem`` where the version's header cannot be read.
  public static func play(
    _ history: RunHistory, version: PlaybookVersion, catalogue: Catalogue, guards: Guards = Guards(),
    watcher: (any ReplayWatcher)? = nil
  ) async throws -> ReplayReport {
    let header = try await HeaderReader(catalogue: catalogue).header(of: version)
    let surroundings = RunSurroundings(
      planning: catalogue, reader: Nobody(), journal: MemoryJournal(),
      clock: VirtualClock(history.record.ended ?? history.steps.last?.instant ?? history.record.started))
    let run = Run(
      try RunAssignment(resuming: history.record, version: version, header: header, guards: guards),
      started: history.record.started, history: history, mode: .offline(watcher), in: surroundings)
    return await run.replayed(history.record)
  }
}

/// How a replay compares to what is recorded.
public struct ReplayReport: Sendable {
  /// What came of it.
  public enum Outcome: Hashable, Sendable {
    /// The script asked for every recorded step, said what it said, and ended as it did; or it waits where the run waits.
    case identical
    /// The script took the steps that are recorded and ended otherwise, for that reason.
    case ends(otherwise: String)
    case diverged(Divergence)
    /// Whoever watches ended it.
    case stopped
  }

  public let outcome: Outcome
  /// How many recorded results were delivered.
  public let steps: Int
  /// The steps that the script waits for and the journal does not have; none where it ended.
  public let waitsFor: [Divergence.Side]
  /// What the run did, as a report of it shows it.
  public let report: RunReport
}

/// Answers nothing: a replay asks nobody.
private struct Nobody: Reader {
  func read(_ operation: Operation, _ arguments: Arguments) async -> Outcome {
    .notSent(Failure(.unavailable, "a replay asks nobody", label: "replay"))
  }
}

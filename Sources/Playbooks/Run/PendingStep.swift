import Catalogue
import JSON
import Journal
import Lua
import PandaPon

/// A step that was asked for and has no result yet.
struct PendingStep {
  /// What is being done for it.
  enum Work {
    case read
    case write(WriteMachine, act: Act?)
    case wait
  }

  /// The decision that a write is, where it is an `act`.
  struct Act {
    let subject: Subject
    let reason: String
  }

  let branch: LuaBranch
  let path: StepPath
  let name: String
  let digest: String
  var work: Work
  /// The generation of ``RecentReads`` when a read was begun.
  var generation = 0
}

/// Work that a run hands out; its completion comes back with the step's path.
enum Job {
  case read(StepPath, Operation, Arguments)
  case write(StepPath, Operation, Arguments)
  case wait(StepPath, until: Milliseconds)
}

/// What came back of a job.
enum Completion: Sendable {
  case answered(StepPath, Outcome)
  case waited(StepPath)
  case cancelled
}

/// Entries to be committed together, and what follows from their outcome.
struct PendingCommit {
  enum Then {
    /// The intent of a write: it is sent only once this is committed.
    case announced(StepPath)
    /// The result of a step: the branch goes on with it.
    case deliver(LuaBranch, LuaResumption, Milliseconds)
    /// The branch does not go on.
    case nothing
  }

  var entries: [Entry]
  let then: Then
}

extension EntryOutcome {
  /// What the entry contradicts, where it does.
  var contradiction: String? {
    guard case .conflict(let reason) = self else { return nil }
    return reason
  }
}

import Catalogue
import JSON
import Journal
import Lua
import PandaPon

/// A step that was asked for and has no result yet.
struct PendingStep {
  /// What was asked for.
  enum Request {
    /// In a block of its own, as a write below: what a run keeps of a step that waits is small.
    indirect case operation(Operation, Arguments, act: Act?)
    case wait(until: Milliseconds)
    case approve(Question)
    indirect case store(StoreCall)
    /// The how-manieth message of the run it is.
    indirect case notify(Notice, number: Int)
  }

  /// What is being done for it.
  enum Work {
    /// Nothing yet: the recorded part of the run is played first.
    case none
    case read
    /// In a block of its own: a read is a sixth of its size, and most steps are reads.
    indirect case write(WriteMachine, act: Act?)
    /// A write that is captured.
    indirect case plan(PlannedWrite, act: Act?)
    case wait
    /// A person is asked.
    case question
    /// The store answers with the next commit.
    case store
    /// A message is sent.
    indirect case notice(NoticeMachine)
  }

  /// The decision that a write is, where it is an `act`.
  struct Act {
    let subject: Subject
    let reason: String
    /// What must hold, where it is a plan's.
    var expectation: Expectation?
  }

  /// Why nothing is done for it at present. While only such steps are left, the run leaves memory.
  struct Rest: Equatable {
    let wait: RunStatus.Wait
    /// When it goes on by itself; nil where it waits for a person.
    let wake: Milliseconds?
  }

  let branch: LuaBranch
  let path: StepPath
  let name: String
  /// The arguments as JSON in canonical form.
  let arguments: [UInt8]
  let digest: String
  /// The line of the script that asks.
  let line: LuaPosition?
  let request: Request
  /// What the script's frames hold, where someone looks.
  let scopes: [LuaScope]
  /// When work on it began.
  var began: Milliseconds = 0
  var work = Work.none
  /// The generation of ``RecentReads`` when a read was begun.
  var generation = 0
  /// What is being read before a write that is captured.
  var reading: ReadRequest?
  /// What a step rests for that is no write; see ``rest``.
  var pause: Rest?

  init(
    branch: LuaBranch, path: StepPath, name: String, arguments: JSON, line: LuaPosition?, request: Request,
    scopes: [LuaScope] = []
  ) {
    self.branch = branch
    self.path = path
    self.name = name
    self.arguments = arguments.bytes(.canonical)
    digest = RunScript.digest(name, self.arguments)
    self.line = line
    self.request = request
    self.scopes = scopes
  }

  /// Whether it is an `act`, whose decision is made when it ends.
  var isAct: Bool {
    if case .operation(_, _, .some) = request { true } else { false }
  }

  /// What it waits for, where nothing is being done for it.
  var rest: Rest? {
    guard case .write(let machine, _) = work else { return pause }
    return machine.parking.map { Rest(wait: $0.wait, wake: $0.wake) }
  }

  /// Whether the time that passes until its result counts as awake.
  var isAwake: Bool {
    switch request {
    case .operation, .notify: true
    case .wait, .approve, .store: false
    }
  }

  /// The step as it is journaled.
  func recorded(
    _ result: Step.Result, sequence: Int, instant: Milliseconds, attempts: Int
  ) -> Step {
    Step(
      path: path, name: name, arguments: arguments, digest: digest, result: result, sequence: sequence,
      began: min(began, instant), instant: instant, attempts: attempts, line: line?.description)
  }
}

/// Work that a run hands out; its completion comes back with the step's path.
enum Job {
  case read(StepPath, Operation, Arguments)
  case write(StepPath, Operation, Arguments)
  case wait(StepPath, until: Milliseconds)
  /// Asks whether a message may leave over a channel.
  case admit(StepPath, channel: String)
  case notify(StepPath, OutgoingNotice)
}

/// What came back of a job, or from outside.
enum Completion: Sendable {
  case answered(StepPath, Outcome)
  case waited(StepPath)
  case admitted(StepPath, NoticeAdmission)
  case notified(StepPath, NoticeOutcome)
  /// The task that executes the run was cancelled.
  case interrupted
  /// A person asks something of the run.
  case requested(RunRequest)
  /// Another worker may hold the run by now.
  case lost
}

/// Entries to be committed together, and what follows from their outcome.
struct PendingCommit {
  enum Then {
    /// The intent of a write: it is sent only once this is committed.
    case announced(StepPath)
    /// A question about a write, or that it is over.
    case asked(StepPath)
    /// A step that the store answers: it is delivered with that answer.
    case answered(PendingStep)
    /// A message is about to leave, or did not: the note says how many may have arrived.
    case marked(StepPath)
    /// The result of a step: it is delivered when its turn comes.
    case deliver(Delivery)
    /// The branch does not go on.
    case nothing

    /// Whether a refusal is an answer to the write that asked.
    var isJudgedByItsWrite: Bool {
      switch self {
      case .announced, .asked: true
      case .answered, .deliver, .marked, .nothing: false
      }
    }
  }

  var entries: [Entry]
  let then: Then
}

/// A recorded result on its way to the script. All that a script can observe of it changes when it is delivered, one
/// after the other: so a replay, which delivers the same in the same order, shows it the same (G4).
struct Delivery {
  let branch: LuaBranch
  let path: StepPath
  let resumption: LuaResumption
  let began: Milliseconds
  /// The branch's time from now on.
  let instant: Milliseconds
  /// Whether the time that it took counts as awake.
  let isAwake: Bool
  /// What an `act` decided.
  let decision: Note?
  /// Whether it counts as a failure that no decision says: a write that waits and is not a person's to allow.
  let countsAsFailure: Bool

  /// A step's result as the script will see it.
  init(_ step: Step, for asked: PendingStep, decision: Note?) {
    branch = asked.branch
    path = step.path
    began = step.began
    instant = step.instant
    isAwake = asked.isAwake
    self.decision = decision
    switch step.result {
    case .returned(let values):
      resumption = .returns(values)
      // A marketplace that leaves every write in doubt must not be given two hundred of them.
      countsAsFailure =
        decision?.isWaiting == true && values.count > 1 && Self.failures.contains { values[1] == $0 }
    case .raised(let fields):
      let raised = (try? JSON(parsing: fields)) ?? ["code": "invalid", "message": "the recorded error cannot be read"]
      resumption = .raises(LuaRaise(fields: raised))
      countsAsFailure = false
    }
  }

  private static let failures = [ScriptFailure.Code.inDoubt, .unavailable, .credentials].map {
    JSON.string($0.rawValue).bytes()
  }
}

extension Note {
  /// Whether it decides that something waits.
  var isWaiting: Bool {
    if case .decision(let decision) = content { decision.kind == .waiting } else { false }
  }
}

extension EntryOutcome {
  /// What the entry contradicts, where it does.
  var contradiction: String? {
    guard case .conflict(let reason) = self else { return nil }
    return reason
  }
}

import Catalogue
import JSON
import Journal
import Lua
import PandaPon

/// Writes that wait: a direct call keeps its branch waiting, an `act` goes on without the script.
extension Run {
  /// Leaves a write alone until its time comes or a person has done something.
  func park(_ step: PendingStep, _ machine: WriteMachine, _ act: PendingStep.Act?, _ parking: Parking) {
    if parking.wait == .budget {
      // What remains is parked and a person asked (G9): the script does not go on.
      if let act { script.note(.decision(decision(.waiting, act, parking.failure, step, machine)), in: step.branch) }
      pending[step.path] = nil
      if ending == nil { ending = .halted(.budget) }
      return
    }
    // Without credentials nothing that the script would do next could be done either: it waits here.
    guard let act, !parking.isForCredentials else { return }
    let decision = decision(.waiting, act, parking.failure, step, machine, reason: parking.reason)
    var machine = machine
    machine.needsAnswer = false
    deferred[step.path] = DeferredWrite(
      machine: machine, decision: DeferredDecision(subject: act.subject, reason: act.reason))
    // What was sent is part of the report, also where nobody waits for what becomes of it.
    note(machine, outcome: machine.isAnnounced ? machine.effect.state.rawValue : "waiting")
    // What it is put off as is kept behind what the script sees.
    let seen = machine.seen.map { [JSON.string($0)] } ?? []
    deliver(step, .returned([.null, .string(parking.failure.code.rawValue)] + seen), attempts: 1, decision: decision)
  }

  /// A deferred write goes on waiting: what for is recorded, where it is something else than before.
  func waits(_ write: DeferredWrite, at path: StepPath, _ parking: Parking) {
    guard let decision = write.decision, script.lastDecision(at: path)?.detail != parking.failure.message else {
      return
    }
    let outcome = Decision(
      subject: decision.subject.id, kind: .waiting,
      reason: parking.reason ?? Self.reason(.waiting, parking.failure, decision.reason),
      detail: parking.failure.message, amount: write.machine.charge ?? decision.subject.charge, step: path)
    let entry = Entry(.notes, notes: [script.outcome(outcome)], instant: surroundings.clock.now())
    commits.append(PendingCommit(entries: [entry], then: .nothing))
  }

  /// A deferred write is over: what became of it takes the place of the earlier decision.
  func conclude(_ write: DeferredWrite, at path: StepPath, _ conclusion: WriteMachine.Conclusion) {
    deferred[path] = nil
    note(write.machine, outcome: (conclusion.state ?? .withdrawn).rawValue)
    var notes: [Note] = []
    if let decision = write.decision {
      let outcome = Decision(
        subject: decision.subject.id, kind: conclusion.decision,
        reason: conclusion.reason ?? Self.reason(conclusion.decision, conclusion.raised, decision.reason),
        detail: conclusion.detail,
        amount: write.machine.charge ?? decision.subject.charge, step: path)
      notes = [script.outcome(outcome)]
    }
    let instant = surroundings.clock.now()
    var entry = Entry(.notes, notes: notes, instant: instant)
    if conclusion.settles, let state = conclusion.state {
      entry = Entry(.settle(path, state, detail: conclusion.detail), notes: notes, instant: instant)
    }
    commits.append(PendingCommit(entries: [entry], then: .nothing))
  }

  /// Goes on with the writes whose time has come.
  func wakeWrites() {
    guard hasRested else { return }
    let parked = parkedWrites
    let now = surroundings.clock.now()
    for (path, parking) in parked where parking.wake.map({ $0 <= now }) == true { goOn(at: path) }
  }

  /// Goes on with a write that is parked or recorded, whatever it waits for.
  func goOn(at path: StepPath) {
    guard var machine = machine(at: path) else { return }
    let actions = machine.goOn(under: policy, at: surroundings.clock.now())
    keep(machine, at: path)
    perform(actions, at: path)
  }

  /// The writes that wait, by path.
  var parkedWrites: [(path: StepPath, parking: Parking)] {
    var found: [(path: StepPath, parking: Parking)] = deferred.compactMap { path, write in
      write.machine.parking.map { (path, $0) }
    }
    for (path, step) in pending {
      if case .write(let machine, _) = step.work, let parking = machine.parking { found.append((path, parking)) }
    }
    return found.sorted { $0.path < $1.path }
  }

  /// A cancelled run gives up what it has not sent; what it may have sent it still settles.
  func dropUnsent() {
    for (path, write) in deferred where !write.machine.isUnsettled && write.machine.parking != nil {
      let failure = ScriptFailure(.held, "the run was cancelled", operation: write.machine.operation.id)
      let state: EffectState? = write.machine.isAnnounced ? .withdrawn : nil
      var conclusion = WriteMachine.Conclusion(
        state: state, result: .raised(failure.fields), decision: .kept, detail: failure.message)
      conclusion.settles = state != nil
      conclude(write, at: path, conclusion)
    }
  }
}

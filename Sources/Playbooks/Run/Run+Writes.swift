import Catalogue
import JSON
import Journal
import Lua
import PandaPon

extension Run {
  func advance(_ machine: WriteMachine, at path: StepPath, with outcome: Outcome) {
    var machine = machine
    let action: WriteMachine.Action
    switch machine.phase {
    case .readingBefore: action = machine.didReadBefore(outcome, under: policy)
    case .sending:
      recent.forget()
      action = machine.didSend(outcome)
    case .readingBack: action = machine.didReadBack(outcome)
    case .idle, .announcing: return
    }
    keep(machine, at: path)
    perform(action, at: path)
  }

  func keep(_ machine: WriteMachine, at path: StepPath) {
    guard case .write(_, let act) = pending[path]?.work else { return }
    pending[path]?.work = .write(machine, act: act)
  }

  func perform(_ action: WriteMachine.Action, at path: StepPath) {
    guard let step = pending[path], case .write(let machine, let act) = step.work else { return }
    switch action {
    case .readBefore(let request), .readBack(let request):
      guard let operation = surroundings.catalogue[request.operation],
        let arguments = try? operation.arguments(from: request.arguments)
      else {
        let failure = Failure(
          .invalid, "\(request.operation) cannot be read: the catalogue's rule is wrong", label: "catalogue_rule")
        return advance(machine, at: path, with: .notSent(failure))
      }
      let digest = RunScript.digest(operation.id, arguments.script)
      if case .readBefore = action, let known = recent.answer(of: digest, at: surroundings.clock.now()) {
        advance(machine, at: path, with: .ok(known))
      } else {
        jobs.append(.read(path, operation, arguments))
      }
    case .announce(let effect, let budgets):
      let entry = Entry(.intent(effect, budgets: budgets), notes: script.takeNotes(), instant: surroundings.clock.now())
      // Counted at once: what is announced beside it must not pass the same guard.
      policy.announced += 1
      commits.append(PendingCommit(entries: [entry], then: .announced(path)))
    case .send where ending != nil:
      withdraw(step, machine)
    case .send:
      recent.forget()
      jobs.append(.write(path, machine.operation, machine.arguments))
    case .conclude(let conclusion):
      conclude(step, machine, act, conclusion)
    }
  }

  /// The run ended after the write was announced and before it was sent: it is not sent any more.
  private func withdraw(_ step: PendingStep, _ machine: WriteMachine) {
    pending[step.path] = nil
    let detail = "the run ended before it was sent"
    writes.append(
      WriteRecord(
        operation: step.name, resource: machine.resource, path: step.path, outcome: EffectState.withdrawn.rawValue,
        charge: machine.effect.charge))
    let entry = Entry(.settle(step.path, .withdrawn, detail: detail), instant: surroundings.clock.now())
    commits.append(PendingCommit(entries: [entry], then: .nothing))
  }

  func conclude(
    _ step: PendingStep, _ machine: WriteMachine, _ act: PendingStep.Act?, _ conclusion: WriteMachine.Conclusion
  ) {
    if let wait = conclusion.waits { waits.insert(wait) }
    // A marketplace that leaves every write in doubt must not be given two hundred of them.
    if conclusion.waits == .settlement { script.countFailure() }
    if machine.isAnnounced || conclusion.waits != nil {
      writes.append(
        WriteRecord(
          operation: step.name, resource: machine.resource, path: step.path,
          outcome: conclusion.state?.rawValue ?? "waiting", charge: machine.effect.charge))
    }
    let isBug = conclusion.raised.map { $0.code == .invalid || $0.code == .guard } ?? false
    // A bug of the script is raised, and whoever catches it decides about the subject: not twice.
    if let act, !isBug || conclusion.waits != nil {
      let failure = conclusion.raised
      script.note(
        .decision(
          Decision(
            subject: act.subject.id, kind: conclusion.decision,
            reason: conclusion.decision == .done ? act.reason : Self.reason(conclusion, failure, act),
            detail: conclusion.detail, amount: machine.effect.charge ?? act.subject.charge, step: step.path)),
        in: step.branch)
    }
    var settle: [Entry] = []
    if let state = conclusion.state, machine.isAnnounced {
      settle = [
        Entry(.settle(step.path, state, detail: conclusion.detail), instant: surroundings.clock.now())
      ]
    }
    if conclusion.waits == .budget {
      // What remains is parked and a person asked (G9): the script does not go on.
      pending[step.path] = nil
      if ending == nil { ending = .halted(.budget) }
      return
    }
    if act != nil, !isBug, let failure = conclusion.raised {
      deliver(step, .returned([.null, .string(failure.code.rawValue)]), attempts: conclusion.attempts, before: settle)
    } else {
      deliver(step, conclusion.result, attempts: conclusion.attempts, before: settle)
    }
  }

  /// The reason under which a write that was not done is counted: its error's code in words.
  static func reason(
    _ conclusion: WriteMachine.Conclusion, _ failure: ScriptFailure?, _ act: PendingStep.Act
  ) -> String {
    switch (conclusion.decision, failure?.code) {
    case (.waiting, .held?): "waits for a person's approval"
    case (.waiting, .inDoubt?): "in doubt: it may have taken place"
    case (.waiting, _): "waits for a budget"
    case (.kept, _): "another write on it is not settled"
    case (_, .rejected?): "the marketplace refused it"
    case (_, .notFound?): "the marketplace does not know it"
    case (_, .unavailable?): "the marketplace cannot be reached"
    default: failure?.code.rawValue ?? act.reason
    }
  }

  static func refusal(_ code: String) -> [[UInt8]] {
    [JSON.null.bytes(), JSON.string(code).bytes()]
  }
}

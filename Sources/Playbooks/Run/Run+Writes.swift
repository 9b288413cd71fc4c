import Catalogue
import JSON
import Journal
import Lua
import PandaPon

extension Run {
  /// Something came back for a write.
  func advance(at path: StepPath, with outcome: Outcome) {
    guard var machine = machine(at: path) else { return }
    let now = surroundings.clock.now()
    let actions: [WriteMachine.Action]
    switch machine.phase {
    case .readingBefore: actions = machine.didReadBefore(outcome, under: policy, at: now)
    case .sending:
      recent.forget()
      actions = machine.didSend(outcome, under: policy, at: now)
    case .readingBack: actions = machine.didReadBack(outcome, under: policy, at: now)
    case .idle, .asking, .announcing, .waiting, .parked, .over: return
    }
    keep(machine, at: path)
    perform(actions, at: path)
  }

  /// The short wait of a write is over.
  func didWait(at path: StepPath) {
    guard var machine = machine(at: path) else { return }
    hasRested = true
    let actions = machine.didWait(under: policy, at: surroundings.clock.now())
    keep(machine, at: path)
    perform(actions, at: path)
  }

  /// The journal took the intent of a write, or did not.
  func didAnnounce(_ outcome: EntryOutcome, at path: StepPath) {
    guard var machine = machine(at: path) else { return }
    if outcome != .committed { policy.announced -= 1 }
    let actions = machine.didAnnounce(outcome, under: policy, at: surroundings.clock.now())
    keep(machine, at: path)
    perform(actions, at: path)
  }

  /// The journal took the question about a write, or says how it stands.
  func didAsk(_ outcome: EntryOutcome, at path: StepPath) {
    if let step = pending[path], case .question = step.work { return didConsult(outcome, for: step) }
    guard var machine = machine(at: path) else { return }
    let actions = machine.didAsk(outcome, under: policy, at: surroundings.clock.now())
    keep(machine, at: path)
    perform(actions, at: path)
  }

  /// The write at that path, whether the script waits for it or not.
  func machine(at path: StepPath) -> WriteMachine? {
    if case .write(let machine, _)? = pending[path]?.work { return machine }
    return deferred[path]?.machine
  }

  func keep(_ machine: WriteMachine, at path: StepPath) {
    if case .write(_, let act)? = pending[path]?.work {
      pending[path]?.work = .write(machine, act: act)
    } else {
      deferred[path]?.machine = machine
    }
  }

  func perform(_ actions: [WriteMachine.Action], at path: StepPath) {
    for action in actions { perform(action, at: path) }
  }

  private func perform(_ action: WriteMachine.Action, at path: StepPath) {
    guard let machine = machine(at: path) else { return }
    switch action {
    case .readBefore where isStopping(path), .announce where isStopping(path), .ask where isStopping(path):
      drop(machine, at: path)
    case .readBefore(let request): read(request, isBefore: true, at: path)
    case .announce(let effect, let budgets):
      let entry = Entry(
        .intent(effect, budgets: budgets, approval: machine.grant), notes: script.takeNotes(),
        instant: surroundings.clock.now())
      // Counted at once: what is announced beside it must not pass the same guard.
      policy.announced += 1
      commits.append(PendingCommit(entries: [entry], then: .announced(path)))
    case .ask(let request, let retracted):
      let instant = surroundings.clock.now()
      let entries =
        (retracted.map { [Entry(.retract(approval: $0), instant: instant)] } ?? []) + [
          Entry(.ask(request), notes: script.takeNotes(), instant: instant)
        ]
      commits.append(PendingCommit(entries: entries, then: .asked(path)))
    case .lapse(let approval):
      let entry = Entry(.lapse(approval: approval), instant: surroundings.clock.now())
      commits.append(PendingCommit(entries: [entry], then: .asked(path)))
    case .readBack(let request): read(request, isBefore: false, at: path)
    case .send where isStopping(path): recall(machine, at: path)
    case .send:
      recent.forget()
      jobs.append(.write(path, machine.operation, machine.arguments))
    case .record(let state, let detail, let answer):
      if state == .notDone { policy.announced -= 1 }
      let entry = Entry(.settle(path, state, detail: detail, answer: answer), instant: surroundings.clock.now())
      commits.append(PendingCommit(entries: [entry], then: .nothing))
    case .wait(let instant): jobs.append(.wait(path, until: instant))
    case .park(let parking):
      hasRested = true
      note(machine, outcome: machine.isAnnounced ? machine.effect.state.rawValue : "waiting")
      if let step = pending[path], case .write(_, let act) = step.work {
        park(step, machine, act, parking)
      } else if let write = deferred[path] {
        waits(write, at: path, parking)
      }
    case .conclude(let conclusion):
      if let step = pending[path], case .write(_, let act) = step.work {
        conclude(step, machine, act, conclusion)
      } else if let write = deferred[path] {
        conclude(write, at: path, conclusion)
      }
    }
  }

  private func read(_ request: ReadRequest, isBefore: Bool, at path: StepPath) {
    guard let operation = surroundings.catalogue[request.operation],
      let arguments = try? operation.arguments(from: request.arguments)
    else {
      let failure = Failure(
        .invalid, "\(request.operation) cannot be read: the catalogue's rule is wrong", label: "catalogue_rule")
      return advance(at: path, with: .rejected(failure))
    }
    let digest = RunScript.digest(operation.id, arguments.script)
    if isBefore, let known = recent.answer(of: digest, at: surroundings.clock.now()) {
      advance(at: path, with: .ok(known))
    } else {
      jobs.append(.read(path, operation, arguments))
    }
  }

  /// Whether the run sends the write no more, because it stops. What an `act` has put off is carried out also where the
  /// script has failed since.
  private func isStopping(_ path: StepPath) -> Bool {
    switch ending {
    case .finished?, nil: false
    case .cancelled?, .paused?, .left?, .lost?, .diverged?, .evicted?, .journalEnded?: true
    case .failed?, .halted?: deferred[path] == nil
    }
  }

  /// The run stopped after the write was announced and before it was sent.
  private func recall(_ machine: WriteMachine, at path: StepPath) {
    var machine = machine
    let actions = machine.recall(isFinal: ending?.isResumable == false, at: surroundings.clock.now())
    perform(actions, at: path)
    note(machine, outcome: machine.effect.state.rawValue)
    pending[path] = nil
    deferred[path] = nil
  }

  /// The run stops, and the write is not announced any more: neither for the first time nor again.
  private func drop(_ machine: WriteMachine, at path: StepPath) {
    pending[path] = nil
    deferred[path] = nil
    guard machine.isAnnounced, ending?.isResumable == false else { return }
    note(machine, outcome: EffectState.withdrawn.rawValue)
    let entry = Entry(
      .settle(path, .withdrawn, detail: "the run ended before it was sent again"), instant: surroundings.clock.now())
    commits.append(PendingCommit(entries: [entry], then: .nothing))
  }

  private func conclude(
    _ step: PendingStep, _ machine: WriteMachine, _ act: PendingStep.Act?, _ conclusion: WriteMachine.Conclusion
  ) {
    if machine.isAnnounced { note(machine, outcome: conclusion.state?.rawValue ?? "waiting") }
    let isBug = conclusion.raised.map { $0.code == .invalid || $0.code == .guard } ?? false
    // A bug of the script is raised, and whoever catches it decides about the subject: not twice.
    var decision: Decision?
    if let act, !isBug {
      decision = self.decision(
        conclusion.decision, act, conclusion.raised, step, machine, reason: conclusion.reason,
        detail: conclusion.detail)
    }
    var settle: [Entry] = []
    if let state = conclusion.state, conclusion.settles {
      settle = [Entry(.settle(step.path, state, detail: conclusion.detail), instant: surroundings.clock.now())]
    }
    if act != nil, !isBug, let failure = conclusion.raised {
      deliver(
        step, .returned([.null, .string(failure.code.rawValue)] + (conclusion.difference.map { [$0] } ?? [])),
        attempts: conclusion.attempts, before: settle, decision: decision)
    } else {
      deliver(step, conclusion.result, attempts: conclusion.attempts, before: settle, decision: decision)
    }
  }

  func decision(
    _ kind: Decision.Kind, _ act: PendingStep.Act, _ failure: ScriptFailure?, _ step: PendingStep,
    _ machine: WriteMachine, reason: String? = nil, detail: String? = nil
  ) -> Decision {
    Decision(
      subject: act.subject.id, kind: kind, reason: reason ?? Self.reason(kind, failure, act.reason),
      detail: detail ?? failure?.message, amount: machine.charge ?? act.subject.charge, step: step.path)
  }

  /// Lists the write in the report, in place of what was said of it before.
  func note(_ machine: WriteMachine, outcome: String) {
    let path = machine.effect.path
    writes[path] = WriteRecord(
      operation: machine.operation.id, resource: machine.resource, path: path, outcome: outcome, charge: machine.charge)
  }

  /// The reason under which a write that was not done is counted: its error's code in words.
  static func reason(_ kind: Decision.Kind, _ failure: ScriptFailure?, _ reason: String) -> String {
    switch (kind, failure?.code) {
    case (.done, _), (_, nil): reason
    case (.waiting, .held?): "waits for a person's approval"
    case (.waiting, .inDoubt?): "in doubt: it may have taken place"
    case (.waiting, .unavailable?): "waits for the marketplace"
    case (.waiting, .credentials?): "waits for credentials"
    case (.waiting, _): "waits for a budget"
    case (.kept, .drifted?): Drift.reason
    case (.kept, _): "another write on it is not settled"
    case (_, .rejected?): "the marketplace refused it"
    case (_, .notFound?): "the marketplace does not know it"
    case (_, .unavailable?): "the marketplace cannot be reached"
    case (_, let code?): code.rawValue
    }
  }

  static func refusal(_ code: String) -> [[UInt8]] {
    [JSON.null.bytes(), JSON.string(code).bytes()]
  }
}

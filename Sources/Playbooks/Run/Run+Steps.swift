import Catalogue
import JSON
import Journal
import Lua
import PandaPon

extension Run {
  // MARK: Beginning a step

  func begin(_ asked: RunScript.Asked) {
    let branch = asked.branch
    if script.tree.mustStop(branch) {
      return perform(script.tree.ended(branch, failed: false), after: branch, error: nil)
    }
    // All that a script waits for counts, so that none of it can go on for ever; a step is what is journaled.
    requests += 1
    guard requests <= assignment.maximumSteps, awake.total <= assignment.maximumAwake else {
      let limit = requests > assignment.maximumSteps ? "\(assignment.maximumSteps) steps" : "24 hours awake"
      ending = .failed(
        RunFailure(message: "the run reached its limit of \(limit)", position: asked.position, hint: nil, code: nil))
      return
    }
    if case .branches(let count, let concurrency, let function) = asked.request {
      let opened = script.tree.openGroup(from: branch, count: count, concurrency: concurrency)
      groups[opened.group] = (function, branch, script.now(in: branch))
      return perform(opened.actions, after: nil, error: nil)
    }
    if let subject = asked.request.subject, let reason = script.stoppedReason {
      script.note(
        .decision(
          Decision(
            subject: subject.id, kind: .kept, reason: reason, amount: subject.charge, step: script.lastStep(of: branch))
        ),
        in: branch)
      return ready.append((branch, .returns(Self.refusal("stopped"))))
    }
    steps += 1
    take(asked, at: script.nextStep(in: branch))
  }

  /// A step is asked for: the journal answers it, or it is worked on once the journal has no more to say.
  private func take(_ asked: RunScript.Asked, at path: StepPath) {
    let step: PendingStep
    switch asked.request {
    case .call(let operation, let arguments):
      step = self.step(asked, path, operation, arguments, act: nil)
    case .act(let subject, let reason, let operation, let arguments):
      step = self.step(asked, path, operation, arguments, act: PendingStep.Act(subject: subject, reason: reason))
    case .carryOut(let act, let operation, let arguments):
      step = self.step(asked, path, operation, arguments, act: act)
    case .wait(let instant, let name):
      step = PendingStep(
        branch: asked.branch, path: path, name: name, arguments: ["until": .integer(instant)], line: asked.position,
        request: .wait(until: instant), scopes: asked.scopes)
    case .approve(let question):
      step = PendingStep(
        branch: asked.branch, path: path, name: "approve", arguments: question.json, line: asked.position,
        request: .approve(question), scopes: asked.scopes)
    case .store(let call):
      step = PendingStep(
        branch: asked.branch, path: path, name: call.name, arguments: call.arguments, line: asked.position,
        request: .store(call), scopes: asked.scopes)
    case .notify(let notice):
      noticesAsked += 1
      step = PendingStep(
        branch: asked.branch, path: path, name: Notice.step, arguments: notice.json, line: asked.position,
        request: .notify(notice, number: noticesAsked), scopes: asked.scopes)
    case .branches, .header: return
    }
    switch replay.ask(step) {
    case .recorded: break
    // While a dead process's writes are being settled, a branch that goes on begins nothing either.
    case .new where isLive && settling.isEmpty: work(on: step)
    case .new: postponed.append(step)
    case .diverged(let divergence): ending = .diverged(divergence)
    }
  }

  private func step(
    _ asked: RunScript.Asked, _ path: StepPath, _ operation: Operation, _ arguments: Arguments, act: PendingStep.Act?
  ) -> PendingStep {
    let arguments = keyed(operation, arguments, path)
    if operation.effect != .write { reads[operation.id, default: 0] += 1 }
    return PendingStep(
      branch: asked.branch, path: path, name: operation.id, arguments: arguments.script, line: asked.position,
      request: .operation(operation, arguments, act: act), scopes: asked.scopes)
  }

  /// Begins to do what a step asks for.
  func work(on asked: PendingStep) {
    var step = asked
    step.began = surroundings.clock.now()
    step.pause = nil
    switch step.request {
    case .wait(let until):
      step.work = .wait
      pending[step.path] = step
      if until <= step.began { return deliver(step, .returned([]), attempts: 1) }
      pause(step.path, for: .time, until: until)
    case .approve(let question):
      step.work = .question
      pending[step.path] = step
      consult(step, question)
    case .store(let call):
      surroundings.observer(.step(call.name, count: steps))
      step.work = .store
      pending[step.path] = step
      ask(call, for: step)
    case .notify(let notice, let number):
      pending[step.path] = step
      notify(step, notice, number: number)
    case .operation(let operation, let arguments, let act):
      surroundings.observer(.step(operation.id, count: steps))
      guard operation.effect == .write else {
        step.work = .read
        step.generation = recent.generation
        pending[step.path] = step
        if answerPlanned(step, operation, arguments) { return }
        jobs.append(.read(step.path, operation, arguments))
        return
      }
      if plan != nil { return plan(step, operation, arguments, act) }
      step.work = .write(machine(for: step, operation, arguments, act), act: act)
      pending[step.path] = step
      goOn(at: step.path)
    }
  }

  /// The arguments with the number by which a keyed write is found again, where the script gave none: `ebb-` and 16
  /// digits made from the run and the step, so that a repeated step has the same.
  private func keyed(_ operation: Operation, _ arguments: Arguments, _ path: StepPath) -> Arguments {
    guard operation.key != nil else { return arguments }
    // The other arguments were checked before, with the plan's placeholders for ids: they are admitted here as well.
    let digits = RunScript.digest("key", .string("\(assignment.id)/\(path)")).prefix(16)
    return
      (try? operation.arguments(
        from: operation.filling(key: "ebb-\(digits)", in: arguments.script), admitting: script.placeholders))
      ?? arguments
  }

  // MARK: Completions

  func handle(_ completion: Completion) {
    switch completion {
    case .interrupted:
      if ending == nil { ending = interruption }
    case .requested(.cancel):
      if ending == nil { ending = .cancelled }
    case .requested(.pause):
      if ending == nil { ending = .paused }
    case .lost: ending = .lost
    case .waited(let path): didWait(for: path)
    case .admitted(let path, let admission): didAdmit(admission, at: path)
    case .notified(let path, let outcome): didSend(outcome, at: path)
    case .answered(let path, let outcome):
      guard let step = pending[path] else { return advance(at: path, with: outcome) }
      switch step.work {
      case .read: finishRead(step, outcome)
      case .plan: didRead(outcome, for: step)
      case .write, .wait, .question, .store, .notice, .none: advance(at: path, with: outcome)
      }
    }
  }

  func finishRead(_ step: PendingStep, _ outcome: Outcome) {
    switch outcome {
    case .ok(let answer):
      if step.generation == recent.generation {
        recent.keep(answer, of: step.digest, at: surroundings.clock.now())
      }
      deliver(step, .returned(planned(answer, to: step).values), attempts: answer.attempts)
    case .rejected(let failure), .notSent(let failure), .unknown(let failure):
      // Not executed, and not the script's to handle: it goes on once there are others.
      if plan == nil, failure.code == .unauthorized { return pause(step.path, for: .credentials, until: nil) }
      if plan == nil, let until = patience(with: failure) { return pause(step.path, for: .api, until: until) }
      guard let operation = surroundings.catalogue[step.name] else { return }
      deliver(step, .raised(failure.script(of: operation).fields), attempts: failure.attempts)
    }
  }

  /// Until when a read waits that the API asked to come back later than the client itself waits; nil for no such failure.
  private func patience(with failure: Failure) -> Milliseconds? {
    guard let asked = failure.retryAfter, asked > .seconds(30) else { return nil }
    return surroundings.clock.now() + asked.milliseconds
  }
}

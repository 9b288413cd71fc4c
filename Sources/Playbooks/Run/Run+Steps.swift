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
    let now = surroundings.clock.now()
    let awake = now - started - asleep.elapsed(at: now)
    guard requests <= assignment.maximumSteps, awake <= assignment.maximumAwake else {
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
    if case .act(let subject, _, _, _) = asked.request, let reason = script.stoppedReason {
      script.note(
        .decision(
          Decision(
            subject: subject.id, kind: .kept, reason: reason, amount: subject.charge, step: script.lastStep(of: branch))
        ),
        in: branch)
      return ready.append((branch, .returns(Self.refusal("stopped"))))
    }
    steps += 1
    let path = script.nextStep(in: branch)
    switch asked.request {
    case .call(let operation, let arguments):
      begin(operation, arguments, act: nil, branch, path)
    case .act(let subject, let reason, let operation, let arguments):
      begin(operation, arguments, act: PendingStep.Act(subject: subject, reason: reason), branch, path)
    case .wait(let instant, let name):
      let digest = RunScript.digest(name, ["until": .integer(instant)])
      pending[path] = PendingStep(branch: branch, path: path, name: name, digest: digest, work: .wait)
      asleep.wait(from: surroundings.clock.now(), until: instant)
      jobs.append(.wait(path, until: instant))
    case .branches, .header:
      break
    }
  }

  func begin(
    _ operation: Operation, _ arguments: Arguments, act: PendingStep.Act?, _ branch: LuaBranch, _ path: StepPath
  ) {
    let arguments = keyed(operation, arguments, path)
    let digest = RunScript.digest(operation.id, arguments.script)
    surroundings.observer(.step(operation.id, count: steps))
    guard operation.effect == .write else {
      pending[path] = PendingStep(
        branch: branch, path: path, name: operation.id, digest: digest, work: .read, generation: recent.generation)
      jobs.append(.read(path, operation, arguments))
      reads[operation.id, default: 0] += 1
      return
    }
    let machine = WriteMachine(
      operation: operation, arguments: arguments, run: assignment.id, path: path,
      digest: digest, profile: assignment.profile, subject: act?.subject.id, instant: surroundings.clock.now())
    pending[path] = PendingStep(
      branch: branch, path: path, name: operation.id, digest: digest, work: .write(machine, act: act))
    goOn(at: path)
  }

  /// The arguments with the number by which a keyed write is found again, where the script gave none: `ebb-` and 16
  /// digits made from the run and the step, so that a repeated step has the same.
  private func keyed(_ operation: Operation, _ arguments: Arguments, _ path: StepPath) -> Arguments {
    guard operation.key != nil else { return arguments }
    let digits = RunScript.digest("key", .string("\(assignment.id)/\(path)")).prefix(16)
    return (try? operation.arguments(from: operation.filling(key: "ebb-\(digits)", in: arguments.script))) ?? arguments
  }

  // MARK: Completions

  func handle(_ completion: Completion) {
    switch completion {
    case .cancelled:
      if ending == nil { ending = .cancelled }
    case .waited(let path):
      guard let step = pending[path], case .wait = step.work else { return didWait(at: path) }
      deliver(step, .returned([]), attempts: 1)
    case .answered(let path, let outcome):
      guard let step = pending[path], case .read = step.work else { return advance(at: path, with: outcome) }
      finishRead(step, outcome)
    }
  }

  func finishRead(_ step: PendingStep, _ outcome: Outcome) {
    switch outcome {
    case .ok(let answer):
      if step.generation == recent.generation {
        recent.keep(answer, of: step.digest, at: surroundings.clock.now())
      }
      deliver(step, .returned(answer.values), attempts: answer.attempts)
    case .rejected(let failure), .notSent(let failure), .unknown(let failure):
      guard let operation = surroundings.catalogue[step.name] else { return }
      deliver(step, .raised(failure.script(of: operation).fields), attempts: failure.attempts)
    }
  }
}

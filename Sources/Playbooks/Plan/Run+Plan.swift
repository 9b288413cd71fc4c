import Catalogue
import JSON
import Journal
import Lua
import PandaPon

/// What a run does otherwise where it only plans: reads show what is planned, writes are captured, time is virtual.
extension Run {
  // MARK: Reading

  /// Answers a read of what is itself only planned: by what its write would answer, or not at all.
  ///
  /// - Returns: false where the read can be sent.
  func answerPlanned(_ step: PendingStep, _ operation: Operation, _ arguments: Arguments) -> Bool {
    guard let plan, plan.isOnlyPlanned(arguments.script) else { return false }
    if let known = plan.known(of: operation, arguments.script) {
      deliver(step, .returned([known, Self.plannedMeta]), attempts: 1)
    } else {
      let failure = ScriptFailure(
        .notFound, "what it names is only planned, and the plan does not know what it would show",
        operation: operation.id)
      deliver(step, .raised(failure.fields), attempts: 1)
    }
    return true
  }

  /// A live answer with the captured writes laid over.
  func planned(_ answer: Answer, to step: PendingStep) -> Answer {
    guard let plan, case .operation(let operation, let arguments, _) = step.request else { return answer }
    var answer = answer
    answer.data = plan.shown(answer.data, of: ReadRequest(operation: operation.id, arguments: arguments.script)).data
    return answer
  }

  // MARK: Writing

  /// Begins a write that is to be captured.
  func plan(_ asked: PendingStep, _ operation: Operation, _ arguments: Arguments, _ act: PendingStep.Act?) {
    var step = asked
    let effect = EffectRecord(
      run: assignment.id, path: step.path, operation: operation.id, arguments: arguments.script, digest: step.digest,
      claims: operation.claims(of: arguments).map {
        ClaimKey(profile: assignment.profile, kind: $0.kind, id: $0.id)
      },
      subjects: act.map { [$0.subject.id] } ?? [], charge: nil, instant: step.began)
    var write = PlannedWrite(operation: operation, arguments: arguments, act: act, effect: effect)
    let action = write.begin(under: policy)
    step.work = .plan(write, act: act)
    pending[step.path] = step
    perform(action, at: step.path)
  }

  private func perform(_ action: PlannedWrite.Action, at path: StepPath) {
    guard let step = pending[path], case .plan(let write, let act) = step.work else { return }
    switch action {
    case .readBefore(let request): read(request, for: write, at: path)
    case .announce(let effect, let budgets):
      let entry = Entry(
        .intent(effect, budgets: budgets), notes: script.takeNotes(), instant: surroundings.clock.now())
      policy.announced += 1
      commits.append(PendingCommit(entries: [entry], then: .announced(path)))
    case .capture: capture(write, act, step)
    case .refuse(let failure, let decision, let reason): refuse(write, act, step, failure, decision, reason)
    case .halt:
      pending[path] = nil
      if ending == nil { ending = .halted(.budget) }
    }
  }

  private func read(_ request: ReadRequest, for write: PlannedWrite, at path: StepPath) {
    guard let operation = surroundings.catalogue[request.operation],
      let arguments = try? operation.arguments(from: request.arguments, admitting: script.placeholders)
    else {
      let failure = ScriptFailure(.invalid, "\(request.operation) cannot be read: the catalogue's rule is wrong")
      return perform(.refuse(failure, .failed), at: path)
    }
    if plan?.isOnlyPlanned(arguments.script) == true { return didRead(nil, of: request, for: write, at: path) }
    let digest = RunScript.digest(operation.id, arguments.script)
    if let known = recent.answer(of: digest, at: surroundings.clock.now()) {
      return didRead(plan?.shown(known.data, of: request), of: request, for: write, at: path)
    }
    pending[path]?.reading = request
    jobs.append(.read(path, operation, arguments))
  }

  private func didRead(
    _ shown: (data: JSON, by: [StepPath])?, of request: ReadRequest, for write: PlannedWrite, at path: StepPath
  ) {
    var write = write
    let action = write.didRead(shown, of: request, under: policy)
    keep(write, at: path)
    perform(action, at: path)
  }

  private func keep(_ write: PlannedWrite, at path: StepPath) {
    guard case .plan(_, let act) = pending[path]?.work else { return }
    pending[path]?.work = .plan(write, act: act)
  }

  /// A read before a write that is being planned was answered.
  func didRead(_ outcome: Outcome, for step: PendingStep) {
    guard case .plan(let write, _) = step.work, let request = step.reading else { return }
    switch outcome {
    case .ok(let answer):
      recent.keep(answer, of: RunScript.digest(request.operation, request.arguments), at: surroundings.clock.now())
      didRead(plan?.shown(answer.data, of: request), of: request, for: write, at: step.path)
    case .rejected(let failure), .notSent(let failure), .unknown(let failure):
      perform(.refuse(failure.script(of: write.operation), .failed), at: step.path)
    }
  }

  /// The plan's journal looked at what the write claims and costs.
  func didAnnounce(_ outcome: EntryOutcome, of step: PendingStep) {
    guard case .plan(var write, _) = step.work else { return }
    let action = write.didAnnounce(outcome, under: policy)
    if !write.isAnnounced { policy.announced -= 1 }
    keep(write, at: step.path)
    perform(action, at: step.path)
  }

  private func capture(_ write: PlannedWrite, _ act: PendingStep.Act?, _ step: PendingStep) {
    // An `act` that would wait is carried out behind the script's back: the script is answered that it waits.
    let isSeen = act == nil || (write.approval == nil && write.waits == nil)
    let answer = plan?.capture(
      PlanWorld.Capture(
        operation: write.operation, arguments: write.arguments, path: step.path, befores: write.befores,
        resources: write.resources, charge: write.effect.charge, act: act, line: step.line?.description,
        approval: write.approval, waits: write.waits),
      isSeen: isSeen)
    if let placeholders = plan?.placeholders.keys { script.placeholders.formUnion(placeholders) }
    writes[step.path] = WriteRecord(
      operation: step.name, resource: write.resources.joined(separator: ", "), path: step.path, outcome: "planned",
      charge: write.effect.charge)
    let decision = act.map { act in
      Decision(
        subject: act.subject.id, kind: .planned, reason: act.reason, detail: write.approval,
        amount: write.effect.charge ?? act.subject.charge, step: step.path)
    }
    let result: StepAnswer =
      isSeen
      ? .returned([answer ?? [:], Self.plannedMeta])
      : .returned([.null, .string(ScriptFailure.Code.held.rawValue)])
    deliver(step, result, attempts: 1, before: settlement(of: write, .confirmed), decision: decision)
  }

  private func refuse(
    _ write: PlannedWrite, _ act: PendingStep.Act?, _ step: PendingStep, _ failure: ScriptFailure,
    _ kind: Decision.Kind, _ reason: String?
  ) {
    let isBug = failure.code == .invalid || failure.code == .guard
    guard let act, !isBug else {
      return deliver(step, .raised(failure.fields), attempts: 1, before: settlement(of: write, .withdrawn))
    }
    let decision = Decision(
      subject: act.subject.id, kind: kind, reason: reason ?? Self.reason(kind, failure, act.reason),
      detail: failure.message,
      amount: act.subject.charge, step: step.path)
    deliver(
      step, .returned([.null, .string(failure.code.rawValue)]), attempts: 1,
      before: settlement(of: write, .withdrawn), decision: decision)
  }

  private func settlement(of write: PlannedWrite, _ state: EffectState) -> [Entry] {
    guard write.isAnnounced else { return [] }
    return [Entry(.settle(write.effect.path, state, detail: nil), instant: surroundings.clock.now())]
  }

  private static let plannedMeta: JSON = ["planned": true]
}

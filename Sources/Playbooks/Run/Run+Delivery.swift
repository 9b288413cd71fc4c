import Catalogue
import JSON
import Journal
import Lua

extension Run {
  /// What the script goes on with, now that none of its branches can by itself: the next recorded result, then those that
  /// this process brought in.
  func nextDelivery() -> Delivery? {
    guard !replay.isOver else { return liveDelivery() }
    switch replay.next() {
    case .over: return liveDelivery()
    case .diverged(var divergence):
      if let instead = postponed.first {
        divergence = Divergence(recorded: divergence.recorded, asked: Divergence.Side(instead))
      }
      ending = .diverged(divergence)
      return nil
    case .step(let step, let asked):
      if mode.isWatched, shown != replay.delivered { return nil }
      replay.deliver()
      let decision = recordedDecision(step, asked)
      takeNote(of: step, asked, decision)
      return Delivery(step, for: asked, decision: decision)
    }
  }

  private func liveDelivery() -> Delivery? {
    if !isLive { goLive() }
    return deliveries.popFirst()
  }

  /// All that the script can observe of a result changes here.
  func hand(over delivery: Delivery) -> (LuaBranch, LuaResumption) {
    script.advance(delivery.branch, to: delivery.instant)
    if delivery.isAwake { awake.add(from: delivery.began, to: delivery.instant) }
    if let decision = delivery.decision { script.say(decision) }
    if delivery.countsAsFailure { script.countFailure() }
    return (delivery.branch, delivery.resumption)
  }

  /// An `act` that answered, whatever it answered, decided about its subject in the same entry; one that raised a bug of
  /// the script did not.
  private func recordedDecision(_ step: Step, _ asked: PendingStep) -> Note? {
    guard asked.isAct, case .returned = step.result else { return nil }
    return script.recordedDecision(of: asked.branch)
  }

  /// Lists a write that is recorded; one that waits is taken up once the run is live.
  private func takeNote(of step: Step, _ asked: PendingStep, _ decision: Note?) {
    if case .notify(let notice, _) = asked.request {
      notices[step.path] = NoticeRecord(notice, step: step)
      return
    }
    guard case .operation(let operation, let arguments, let act) = asked.request, operation.effect == .write else {
      return
    }
    var machine = machine(for: asked, operation, arguments, act)
    let known = knownEffects[step.path]
    if let known { note(machine, outcome: known.state.rawValue) }
    guard let act, decision?.isWaiting == true, !script.hasOutcome(step.path) else { return }
    if known == nil { note(machine, outcome: "waiting") }
    machine.needsAnswer = false
    // Behind what the script sees of it stands what it was put off as.
    if case .returned(let values) = step.result, values.count == 3 {
      machine.seen = (try? JSON(parsing: values[2]))?.string
    }
    deferred[step.path] = DeferredWrite(
      machine: machine, decision: DeferredDecision(subject: act.subject, reason: act.reason))
  }

  /// The machine of a write, at the state in which the journal has it.
  func machine(
    for step: PendingStep, _ operation: Operation, _ arguments: Arguments, _ act: PendingStep.Act?
  ) -> WriteMachine {
    var machine: WriteMachine
    if let known = knownEffects[step.path] {
      machine = WriteMachine(operation: operation, arguments: arguments, act: act, resuming: known)
    } else {
      machine = WriteMachine(
        operation: operation, arguments: arguments, run: assignment.id, path: step.path, digest: step.digest,
        profile: assignment.profile, act: act, instant: surroundings.clock.now())
    }
    machine.forgotten = forgotten
    machine.approval = knownApprovals[step.path]
    return machine
  }

  // MARK: Going live

  /// All that is recorded was delivered: what the script asked for since is begun now, and what waited is taken up.
  private func goLive() {
    guard case .live = mode else {
      if ending == nil { ending = .journalEnded }
      return
    }
    isLive = true
    if let knownStatus, knownStatus != .running {
      commits.append(
        PendingCommit(entries: [Entry(.status(.running), instant: surroundings.clock.now())], then: .nothing))
    }
    for path in deferred.keys.sorted() { goOn(at: path) }
    guard ending == nil else { return }
    // What may have been sent is settled before anything new is begun.
    let unsettled = postponed.filter { knownEffects[$0.path]?.state.isLive == true }
    postponed.removeAll { knownEffects[$0.path]?.state.isLive == true }
    for step in unsettled { work(on: step) }
    settling = Set(unsettled.map(\.path))
    beginPostponed()
  }

  /// Begins what the script asked for meanwhile, once nothing that a dead process left is being
  /// settled any more, and what became of it is recorded.
  func beginPostponed() {
    guard isLive, !postponed.isEmpty, ending == nil else { return }
    if !settling.isEmpty {
      settling = settling.filter { path in
        guard case .write(let machine, _)? = pending[path]?.work else { return false }
        return machine.isUnsettled && machine.parking == nil
      }
      guard settling.isEmpty, commits.isEmpty else { return }
    }
    let steps = postponed
    postponed = []
    // Waits that are over go first, in the order in which they would have come to their end.
    let now = surroundings.clock.now()
    let over = steps.enumerated().compactMap { index, step in
      if case .wait(let until) = step.request, until <= now { (until: until, index: index) } else { nil }
    }
    for wait in over.sorted(by: { $0 < $1 }) { work(on: steps[wait.index]) }
    let done = Set(over.map(\.index))
    for (index, step) in steps.enumerated() where !done.contains(index) { work(on: step) }
  }

  /// Takes up what waits where the script does not get so far: it came to its end in the recorded part of the run, or a
  /// person ended the run before.
  func takeUpWithoutTheScript() {
    switch ending {
    case .finished?, .failed?: goLive()
    case .cancelled?:
      guard case .live = mode else { return }
      isLive = true
      for effect in knownEffects.values where effect.state.isLive && machine(at: effect.path) == nil {
        guard let operation = surroundings.catalogue[effect.operation],
          let arguments = try? operation.arguments(from: effect.arguments)
        else { continue }
        deferred[effect.path] = DeferredWrite(
          machine: WriteMachine(operation: operation, arguments: arguments, resuming: effect), decision: nil)
      }
      for path in deferred.keys.sorted() { goOn(at: path) }
    case nil, .halted?, .evicted?, .paused?, .left?, .lost?, .diverged?, .journalEnded?: break
    }
  }
}

import JSON
import Journal

/// Questions that the script itself asks a person: the step has its answer once they have given it.
extension Run {
  /// Asks, unless it was asked before.
  func consult(_ step: PendingStep, _ question: Question) {
    // In a plan everything is foreseen with a yes.
    if plan != nil {
      plan?.approve(PlannedApproval(path: step.path, title: question.title, items: question.items))
      return deliver(step, .returned([true]), attempts: 1)
    }
    if let asked = knownApprovals[step.path], asked.state != .superseded { return take(asked, for: step) }
    let now = surroundings.clock.now()
    let entry = Entry(.ask(question.request(at: step.path, now: now)), notes: script.takeNotes(), instant: now)
    commits.append(PendingCommit(entries: [entry], then: .asked(step.path)))
  }

  /// The journal took the question, or says how it stands.
  func didConsult(_ outcome: EntryOutcome, for step: PendingStep) {
    guard case .asked(let approval) = outcome else {
      return deliver(step, .raised(ScriptFailure(.held, "it cannot be asked: \(outcome)").fields), attempts: 1)
    }
    take(approval, for: step)
  }

  private func take(_ approval: Approval, for step: PendingStep) {
    let now = surroundings.clock.now()
    switch approval.state {
    case .approved: deliver(step, .returned([true]), attempts: 1)
    case .pending where now < approval.expires: pause(step.path, for: .approval, until: approval.expires)
    case .pending:
      pending[step.path]?.pause = nil
      commits.append(
        PendingCommit(entries: [Entry(.lapse(approval: approval.id), instant: now)], then: .asked(step.path)))
    case .rejected, .expired, .superseded:
      deliver(step, .raised(approval.turnedDown.fields), attempts: 1)
    }
  }
}

extension Approval {
  /// The error where a person said no, or nobody answered in time.
  var turnedDown: ScriptFailure {
    let isRejected = state == .rejected
    let reason = why.map { ": \($0)" } ?? ""
    var failure = ScriptFailure(
      .held, isRejected ? "\(id) was rejected by \(by ?? "someone")\(reason)" : "nobody answered \(id) in time")
    failure.effect = (isRejected ? Approval.State.rejected : .expired).rawValue
    return failure
  }
}

import JSON
import Journal

/// Steps that the store itself answers: what they change and what the script sees of it are one entry.
extension Run {
  /// Has the store answer with the next commit; its answer is delivered when its turn comes.
  func ask(_ call: StoreCall, for step: PendingStep) {
    sequence += 1
    let now = surroundings.clock.now()
    let instant = max(now, script.now(in: step.branch))
    let refused = step.recorded(
      .raised(call.refusal.fields.bytes()), sequence: sequence, instant: instant, attempts: 1)
    let asked = StoreStep(
      call.request(of: assignment, at: step.path, now: now),
      in: StateScope(playbook: assignment.name, profile: assignment.profile), refused: refused)
    commits.append(
      PendingCommit(
        entries: [Entry(.answer(asked), notes: script.takeNotes(), instant: instant)], then: .answered(step)))
  }
}

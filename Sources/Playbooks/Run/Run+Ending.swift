import JSON
import Journal

extension Run {
  /// Records how the run ended or what it waits for, and gives the lease back with it.
  @inline(never)
  func close(_ lease: Lease) async throws(JournalError) -> RunStatus {
    finish()
    let status = status
    if case .lost? = ending { return status }
    let instant = surroundings.clock.now()
    let failure: JSON? =
      switch ending {
      case .failed(let failure)?: failure.json
      case .diverged(let divergence)?: divergence.json
      default: nil
      }
    let entry = Entry(
      .status(status, wake: wake, result: status.isFinal ? result : nil, failure: failure), notes: script.takeNotes(),
      instant: instant)
    let outcomes = try await surroundings.journal.commit([entry, Entry(.release, instant: instant)], under: lease)
    if outcomes.contains(.fenced) { ending = .lost }
    return self.status
  }

  /// The script is over, for this time.
  func finish() {
    world = nil
    // What was settled while no branch went on any more is part of what is reported.
    while let delivery = deliveries.popFirst() {
      if let decision = delivery.decision { script.say(decision) }
    }
  }

  var status: RunStatus {
    switch ending {
    case .paused?: return .paused
    case .diverged?: return .diverged
    case .left?, .lost?, .journalEnded?: return .running
    case .halted(let wait)?: return .waiting(wait)
    case .finished?, .failed?, .cancelled?, .evicted?, nil: break
    }
    // Whatever became of the script, a run is not over while one of its writes is not settled.
    if let wait = waitsFor { return .waiting(wait) }
    switch ending {
    case .failed?: return .failed
    case .cancelled?: return .cancelled
    default: return script.decisions.contains { $0.kind == .failed } ? .failed : .succeeded
    }
  }

  /// When the run is due again; also where a person is given time until then.
  private var wake: Milliseconds? {
    guard case .waiting = status else { return nil }
    return nextWake
  }

  private var failure: RunFailure? {
    switch ending {
    case .failed(let failure)?: failure
    case .lost?: RunFailure(message: "another worker advances this run")
    case .diverged(let divergence)?:
      RunFailure(
        message: divergence.message, hint: "`ebb runs show \(assignment.id)` shows both sides; nothing was sent")
    default: nil
    }
  }

  @inline(never)
  func report(status: RunStatus) -> RunReport {
    var divergence: Divergence?
    if case .diverged(let found)? = ending { divergence = found }
    var report = RunReport(
      run: assignment.id, playbook: assignment.name, title: assignment.header?.title, profile: assignment.profile,
      status: status, wake: wake, ownWake: wake == nil ? nil : ownWake, failure: failure, divergence: divergence,
      result: result,
      decisions: script.decisions, reads: reads, writes: writes.values.sorted { $0.path < $1.path }, steps: steps,
      reports: script.reports, started: started, ended: surroundings.clock.now())
    report.trigger = assignment.trigger
    report.notices = notices.values.sorted { $0.path < $1.path }
    report.plan = plan.map { PlannedRun(effects: $0.effects, approvals: $0.approvals) }
    return report
  }
}

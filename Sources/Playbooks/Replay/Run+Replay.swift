import JSON
import Journal
import Lua

extension Run {
  /// Lets whoever watches look at the next result before it is delivered.
  @inline(never)
  func show() async {
    guard case .offline(let watcher?) = mode, let stop = stopToShow() else { return }
    shown = replay.delivered
    if await !watcher.look(at: stop), ending == nil { ending = .journalEnded }
  }

  /// What is to be looked at next; nil where no branch waits for what is recorded, or it was looked at.
  func stopToShow() -> ReplayStop? {
    guard ready.isEmpty, shown != replay.delivered, case .step(let step, let asked) = replay.next() else { return nil }
    return ReplayStop(
      step: step, ordinal: replay.delivered + 1, count: replay.count, line: asked.line?.description,
      scopes: asked.scopes)
  }

  /// Plays the journal, and compares the end with what is recorded.
  func replayed(_ record: RunRecord) async -> ReplayReport {
    begin()
    await drive(under: nil)
    let waitsFor = postponed.map(Divergence.Side.init)
    let isStopped = !replay.isOver
    finish()
    let outcome: ReplayReport.Outcome
    if case .diverged(let divergence)? = ending {
      outcome = .diverged(divergence)
    } else if case .journalEnded? = ending, isStopped {
      outcome = .stopped
    } else if let difference = difference(from: record) {
      outcome = .ends(otherwise: difference)
    } else if case .journalEnded? = ending, record.status == .succeeded, let asked = waitsFor.first {
      outcome = .diverged(Divergence(recorded: nil, asked: asked))
    } else {
      outcome = .identical
    }
    return ReplayReport(
      outcome: outcome, steps: replay.delivered, waitsFor: waitsFor,
      report: report(status: isEnded ? status : record.status))
  }

  private var isEnded: Bool {
    if case .journalEnded? = ending { false } else { true }
  }

  /// What differs though all steps are the same.
  private func difference(from record: RunRecord) -> String? {
    let differing = script.differingNotes(replay.isRecorded)
    if differing > 0 {
      return "\(differing) of its decisions, reports or log lines differ from the recorded ones"
    }
    guard isEnded else { return nil }
    switch record.status {
    case .succeeded, .failed:
      // Only what the script itself decides: a write settled since then may have changed how the run ended.
      if case .failed(let failure)? = ending, record.failure?["message"]?.string != failure.message {
        return "it fails now: \(failure.message)"
      }
      if case .finished? = ending {
        if let recorded = record.failure?["message"]?.string { return "it failed then: \(recorded)" }
        if record.result != nil || result != nil, record.result?.bytes(.canonical) != result?.bytes(.canonical) {
          return "it returns another result"
        }
      }
      return nil
    case .queued, .running, .waiting, .paused, .cancelled, .diverged: return nil
    }
  }
}

import Journal
import Playbooks

extension ExitStatus {
  /// How a run ended, as an exit code (decisions.md, "Runs").
  init(_ report: RunReport) {
    switch report.status {
    case .succeeded: self = .done
    case .failed where report.isTurnedDown: self = .refused
    case .failed: self = report.failure.map(ExitStatus.init) ?? .failed
    case .cancelled: self = .failed
    case .diverged: self = .diverged
    case .paused: self = .interrupted
    case .waiting(let wait): self = wait == .time ? .waitingForTime : .waitingForPerson
    case .queued, .running: self = .waitingForTime
    }
  }

  /// What a failed script exits with: by the code of its error, where that is one of Ebb's.
  init(_ failure: RunFailure) {
    switch failure.code {
    case .credentials?: self = .configuration
    case .refused?, .guard?: self = .refused
    case .unavailable?: self = .unreachable
    case .inDoubt?, .held?: self = .waitingForPerson
    default: self = .failed
    }
  }
}

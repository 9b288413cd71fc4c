import Journal
import Playbooks

extension ExitStatus {
  /// How a run ended, as an exit code (decisions.md, "Runs").
  init(_ report: RunReport) {
    if report.isDrifted, report.failure == nil, ![.cancelled, .paused, .diverged].contains(report.status) {
      // What was not as planned has an exit code of its own, unless the run itself came to nothing.
      self = .refused
    } else if report.status == .failed, report.isTurnedDown {
      self = .refused
    } else if report.status == .failed, let failure = report.failure {
      self.init(failure)
    } else {
      self.init(report.status, wake: report.wake)
    }
  }

  /// Where a run stands, as an exit code.
  ///
  /// - Parameter wake: when it goes on by itself; nil where it does not.
  init(_ status: RunStatus, wake: Milliseconds?) {
    switch status {
    case .succeeded: self = .done
    case .failed, .cancelled: self = .failed
    case .diverged: self = .diverged
    case .paused: self = .waitingForPerson
    case .waiting(.credentials): self = .configuration
    case .waiting: self = Attendance.comesBack(status, wake) == nil ? .waitingForPerson : .waitingForTime
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

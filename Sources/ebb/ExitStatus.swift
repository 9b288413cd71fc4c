import ArgumentParser

/// How a command of Ebb ends, as its caller sees it.
///
/// A command that has already said how it ended may throw its status.
///
/// The numbers are stable: scripts around Ebb branch on them. `ebb help exit-codes` prints this list.
enum ExitStatus: Int32, Error, CaseIterable, Sendable {
  /// All that was asked was done; subjects that were kept or handed over are no failure.
  case done = 0
  /// The run failed or was cancelled, or a check found something.
  case failed = 1
  /// The command line itself was wrong; nothing was attempted.
  case usage = 2
  /// `ebb.yaml`, the environment or the credentials are wrong.
  case configuration = 3
  /// Ebb or a person refused: operation not allowed, approval rejected or expired, drift on apply.
  case refused = 4
  /// The run waits for a person (approval, settlement, budget), or is paused.
  case waitingForPerson = 5
  /// The journal and the script no longer agree.
  case diverged = 6
  /// The API could not be reached, or did not answer in a usable way.
  case unreachable = 7
  /// The run waits for time (`--detach`).
  case waitingForTime = 8
  /// Ctrl-C.
  case interrupted = 130

  /// One line for people.
  var meaning: String {
    switch self {
    case .done: "done; subjects kept or handed over are included"
    case .failed: "failed or cancelled, or a check found something"
    case .usage: "the command line was wrong; nothing was attempted"
    case .configuration: "configuration or credentials are missing or wrong"
    case .refused: "refused: operation not allowed, approval rejected or expired, drift on apply"
    case .waitingForPerson: "waiting for a person: approval, settlement, budget; or paused"
    case .diverged: "diverged: the journal and the script no longer agree"
    case .unreachable: "the API could not be reached or gave no usable answer"
    case .waitingForTime: "waiting for time (with --detach)"
    case .interrupted: "interrupted with Ctrl-C"
    }
  }

  /// The word that stands for the status in `--json` documents; bounded and stable.
  var label: String {
    switch self {
    case .done: "done"
    case .failed: "failed"
    case .usage: "usage"
    case .configuration: "configuration"
    case .refused: "refused"
    case .waitingForPerson: "waiting_for_person"
    case .diverged: "diverged"
    case .unreachable: "unreachable"
    case .waitingForTime: "waiting_for_time"
    case .interrupted: "interrupted"
    }
  }

  /// The status of a command that drove several runs: the first present of 6, 1, 4, 7, 5, 8; otherwise 0.
  static func combined(_ statuses: some Sequence<ExitStatus>) -> ExitStatus {
    let present = Set(statuses)
    let order: [ExitStatus] = [
      .interrupted, .usage, .configuration, .diverged, .failed, .refused, .unreachable, .waitingForPerson,
      .waitingForTime,
    ]
    return order.first(where: present.contains) ?? .done
  }

  /// What argument-parser understands.
  var code: ExitCode { ExitCode(rawValue) }
}

public import JSON

/// What started a run.
public enum Trigger: String, Hashable, Sendable {
  case manual
  case schedule
  case event
  case apply
  case backfill
}

/// Where a run stands (decisions.md "Runs").
public enum RunStatus: Hashable, Sendable {
  /// What a waiting run waits for.
  public enum Wait: String, Hashable, Sendable {
    case time
    case approval
    case settlement
    case budget
    case api
    case credentials
  }

  case queued
  case running
  case waiting(Wait)
  case paused
  case succeeded
  case failed
  case cancelled
  case diverged

  /// The status's name in JSON and on terminals; a wait's cause is told apart.
  public var name: String {
    switch self {
    case .queued: "queued"
    case .running: "running"
    case .waiting: "waiting"
    case .paused: "paused"
    case .succeeded: "succeeded"
    case .failed: "failed"
    case .cancelled: "cancelled"
    case .diverged: "diverged"
    }
  }

  /// Whether the run is over.
  public var isFinal: Bool {
    switch self {
    case .succeeded, .failed, .cancelled, .diverged: true
    case .queued, .running, .waiting, .paused: false
    }
  }
}

/// One execution of a playbook version for one profile.
public struct RunRecord: Hashable, Sendable {
  public let id: RunID
  /// The playbook's name.
  public let playbook: String
  /// SHA-256 of the playbook and all it requires.
  public let version: String
  /// The shop it runs for.
  public let profile: String
  public let trigger: Trigger
  /// The parameters as the script sees them.
  public let parameters: JSON
  public let started: Milliseconds
  public var status: RunStatus

  /// A run about to start.
  public init(
    id: RunID, playbook: String, version: String, profile: String, trigger: Trigger, parameters: JSON,
    started: Milliseconds, status: RunStatus = .queued
  ) {
    self.id = id
    self.playbook = playbook
    self.version = version
    self.profile = profile
    self.trigger = trigger
    self.parameters = parameters
    self.started = started
    self.status = status
  }
}

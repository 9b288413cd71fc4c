public import JSON

/// What started a run.
public enum Trigger: String, Hashable, Sendable, CaseIterable {
  case manual
  case schedule
  case event
  case apply
  case backfill
}

/// Where a run stands (decisions.md "Runs").
public enum RunStatus: Hashable, Sendable {
  /// What a waiting run waits for.
  public enum Wait: String, Hashable, Sendable, CaseIterable {
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

  /// Whether the run is over. A diverged run is: it goes on only where `ebb runs migrate` gives it other code.
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
  /// The version it is pinned to (G3): SHA-256 of the playbook and all it requires.
  public var version: String
  /// The shop it runs for.
  public let profile: String
  public let trigger: Trigger
  /// Who or what started it: OS user and host, or the name given with `--as`.
  public let by: String
  /// The parameters as the script sees them.
  public let parameters: JSON
  /// The event that started it, or null.
  public let event: JSON
  /// The tags of subjects when it started, by id; scripts see these, so that a replay sees the same.
  public let tags: JSON
  /// The guards that held when it started, as a header writes them: what a script can see of them stays.
  public let guards: JSON
  /// The project's zone when it started, e.g. `Asia/Shanghai`: what `os.date` shows.
  public let zone: String
  public let started: Milliseconds
  /// Whether nobody may begin it while an earlier run of its playbook and shop goes on.
  public var isInTurn = false
  /// Whether it only plans: what it would write is kept as a plan, which a person applies.
  public var plansOnly = false
  public var status: RunStatus
  /// When a waiting run is to go on by itself; nil where it waits for someone.
  public var wake: Milliseconds?
  /// What the script returned.
  public var result: JSON?
  /// Why it failed or diverged, as fields.
  public var failure: JSON?
  /// When it came to its end.
  public var ended: Milliseconds?

  /// A run about to start.
  public init(
    id: RunID, playbook: String, version: String, profile: String, trigger: Trigger, by: String = "",
    parameters: JSON, event: JSON = .null, tags: JSON = [:], guards: JSON = [:], zone: String = "GMT",
    started: Milliseconds,
    status: RunStatus = .queued
  ) {
    self.id = id
    self.playbook = playbook
    self.version = version
    self.profile = profile
    self.trigger = trigger
    self.by = by
    self.parameters = parameters
    self.event = event
    self.tags = tags
    self.guards = guards
    self.zone = zone
    self.started = started
    self.status = status
  }
}

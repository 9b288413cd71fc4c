import DequeModule
public import Journal
import OrderedCollections

/// Runs that can be advanced, and which of them is next: each playbook in its turn, within the limits. A value; whoever
/// advances them tells it what began and ended.
public struct RunQueue: Sendable {
  /// How many runs may be advanced at once.
  public struct Limits: Hashable, Sendable {
    public var overall = 64
    public var perProfile = 16
    public var perPlaybook = 8
    /// Shops with a limit of their own, by name.
    public var profiles: [String: Int] = [:]
    /// Playbooks with a limit of their own for each shop, by name.
    public var playbooks: [String: Int] = [:]

    /// 64, of one shop 16, of one playbook for a shop 8.
    public init() {}
  }

  private struct Lane: Hashable {
    let playbook: String
    let profile: String
  }

  private let limits: Limits
  private var waiting: OrderedDictionary<Lane, Deque<RunRecord>> = [:]
  private var known: Set<RunID> = []
  private var running: [RunID: Lane] = [:]
  private var perProfile: [String: Int] = [:]
  private var perLane: [Lane: Int] = [:]

  /// A queue in which nothing waits.
  public init(_ limits: Limits = Limits()) {
    self.limits = limits
  }

  /// How many wait.
  public var count: Int { known.count - running.count }

  /// Whether none waits.
  public var isEmpty: Bool { waiting.isEmpty }

  /// How many are advanced.
  public var runningCount: Int { running.count }

  /// Whether a run waits or is advanced.
  public func holds(_ run: RunID) -> Bool { known.contains(run) }

  /// Puts a run at the end of its playbook's line, unless it is there or is advanced.
  public mutating func append(_ run: RunRecord) {
    guard known.insert(run.id).inserted else { return }
    waiting[Lane(playbook: run.playbook, profile: run.profile), default: []].append(run)
  }

  /// The next run that may be advanced; it counts as advanced from now on.
  public mutating func next() -> RunRecord? {
    guard running.count < limits.overall else { return nil }
    for (lane, runs) in waiting {
      guard perProfile[lane.profile, default: 0] < limits.profiles[lane.profile] ?? limits.perProfile,
        perLane[lane, default: 0] < limits.playbooks[lane.playbook] ?? limits.perPlaybook, let run = runs.first
      else { continue }
      // Its playbook goes to the end of the round.
      var rest = runs
      rest.removeFirst()
      waiting[lane] = nil
      if !rest.isEmpty { waiting[lane] = rest }
      running[run.id] = lane
      perProfile[lane.profile, default: 0] += 1
      perLane[lane, default: 0] += 1
      return run
    }
    return nil
  }

  /// A run is advanced no more.
  public mutating func finish(_ run: RunID) {
    guard let lane = running.removeValue(forKey: run) else { return }
    known.remove(run)
    perProfile[lane.profile, default: 1] -= 1
    perLane[lane, default: 1] -= 1
  }
}

import Catalogue
import JSON
import Journal
import Playbooks
import Workers

/// Makes the runs of schedules with what `ebb serve` asks the store for each: whether the playbook is enabled, its version
/// kept, the shop's holds.
struct ScheduledRuns: RunSource {
  let store: SQLiteStore
  let version: PlaybookVersion

  /// Runs of a script.
  init(_ store: SQLiteStore, script: String) throws {
    self.store = store
    version = try PlaybookVersion(
      of: Array(script.utf8), file: "scheduled.lua", folder: nil, catalogue: try Catalogue.embedded())
  }

  func run(
    for schedule: ScheduleRecord, _ parameters: JSONObject, at instant: Milliseconds, trigger: Trigger
  ) async throws -> Result<RunRecord, Obstacle> {
    let profile = schedule.key.profile
    guard try await store.enablement(of: schedule.playbook, for: profile) != nil else {
      return .failure(Obstacle("it is not enabled"))
    }
    var given = parameters
    given["at"] = .string(String(instant))
    let assignment = try RunAssignment(
      id: RunID("\(schedule.key.name)-\(instant)"), version: version, header: nil, parameters: given, profile: profile,
      trigger: trigger, by: "bench", tags: try await store.holds(at: instant).tags(for: profile))
    try await store.keep(version)
    return .success(assignment.record(at: WallClock().now(), as: .queued))
  }

  func deliveries(of event: EventRecord) async throws -> [DueDelivery] { [] }
}

extension SQLiteStore {
  /// Schedules, each of a playbook that is enabled, in one shop for every thousand.
  func fill(_ count: Int, playbook: String? = nil, _ terms: (Int) -> JSON) async throws {
    let now = WallClock().now()
    let signature = Signature(by: "bench", at: now)
    try await withThrowingTaskGroup(of: Void.self) { group in
      for number in 0..<count {
        if number >= 4000 { try await group.next() }
        let name = playbook ?? "p\(number % 1000)"
        let profile = playbook == nil ? "shop\(number / 1000)" : "env"
        let schedule = ScheduleRecord(
          key: ScheduleKey("s\(number)", profile: profile), playbook: name, origin: .added, terms: terms(number),
          through: now)
        group.addTask {
          try await self.enable(Enablement(playbook: name, profile: profile, mode: .live, since: now), signature)
          guard try await self.put(schedule, replacing: nil, signature) else { throw BenchError("it is there already") }
        }
      }
      try await group.waitForAll()
    }
  }
}

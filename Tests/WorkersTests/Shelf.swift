import JSON
import Journal
import Synchronization

@testable import Workers

/// Runs that are made of nothing, for tests of who starts them.
final class Shelf: RunSource {
  /// Why no run can be made; nil where it can.
  let obstacle = Mutex<String?>(nil)
  /// What fails while a run is made; nil where nothing does.
  let failure = Mutex<JournalError?>(nil)
  /// Awaited before each run is made.
  let door = Mutex<(@Sendable () async -> Void)?>(nil)
  /// The playbooks that ask for events, by kind.
  let subscriptions = Mutex<[String: [String]]>([:])

  func run(
    for schedule: ScheduleRecord, _ parameters: JSONObject, at instant: Milliseconds, trigger: Trigger
  ) async throws -> Result<RunRecord, Obstacle> {
    await door.withLock(\.self)?()
    if let error = failure.withLock({ $0 }) { throw error }
    if let reason = obstacle.withLock({ $0 }) { return .failure(Obstacle(reason)) }
    return .success(
      RunRecord(
        id: RunID("\(schedule.key.name)-\(instant)"), playbook: schedule.playbook, version: "v",
        profile: schedule.key.profile, trigger: trigger, parameters: .object(parameters), started: instant))
  }

  func deliveries(of event: EventRecord) async throws -> [DueDelivery] {
    (subscriptions.withLock { $0[event.kind ?? ""] } ?? []).map { playbook in
      DueDelivery(
        playbook,
        .start(
          RunRecord(
            id: RunID("\(event.key)-\(event.round)-\(playbook)"), playbook: playbook, version: "v",
            profile: event.profile, trigger: .event, parameters: [:], started: event.received)))
    }
  }
}

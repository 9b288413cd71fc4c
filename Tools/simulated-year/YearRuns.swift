import JSON
import Journal
import Workers

/// Runs that are made of nothing: what is looked at is when they start.
struct YearRuns: RunSource {
  func run(
    for schedule: ScheduleRecord, _ parameters: JSONObject, at instant: Milliseconds, trigger: Trigger
  ) async throws -> Result<RunRecord, Obstacle> {
    .success(
      RunRecord(
        id: RunID("\(schedule.key.name)@\(instant)"), playbook: schedule.playbook, version: "v",
        profile: schedule.key.profile, trigger: trigger, parameters: .object(parameters), started: instant))
  }

  func deliveries(of event: EventRecord) async throws -> [DueDelivery] { [] }
}

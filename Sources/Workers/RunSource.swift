public import JSON
public import Journal

/// Makes the runs that nobody starts by hand: it knows the playbooks as they are now, and what a shop's settings say.
public protocol RunSource: Sendable {
  /// A run for an occurrence of a schedule, its version kept; its id derives from the schedule and the instant (G14).
  func run(
    for schedule: ScheduleRecord, _ parameters: JSONObject, at instant: Milliseconds, trigger: Trigger
  ) async throws -> Result<RunRecord, Obstacle>

  /// What becomes of an event for each playbook that subscribes to it.
  func deliveries(of event: EventRecord) async throws -> [DueDelivery]
}

/// Advances runs, however that is done.
public protocol RunAdvancing: Sendable {
  /// Advances a run until it ends, waits for long, or the task is cancelled.
  ///
  /// - Returns: how long it is to be left alone where nothing could be done for it, in milliseconds; nil where it was
  ///   advanced.
  func advance(_ run: RunRecord) async -> Milliseconds?
}

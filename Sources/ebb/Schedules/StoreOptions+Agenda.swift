import Journal

extension StoreOptions {
  /// The store with its schedules and events.
  func agenda(_ use: Use, in configuration: Configuration) async throws -> any ScheduleStore & EventStore {
    guard let store = try await open(use, in: configuration) as? any ScheduleStore & EventStore else {
      throw CommandFailure(.failed, "this store keeps no schedules")
    }
    return store
  }
}

import Journal
import Scheduling
import Workers

extension StoreOptions {
  /// The store with its schedules and events.
  func agenda(_ use: Use, in configuration: Configuration) async throws -> any ScheduleStore & EventStore {
    guard let store = try await open(use, in: configuration) as? any ScheduleStore & EventStore else {
      throw CommandFailure(.failed, "this store keeps no schedules")
    }
    return store
  }
}

extension Arrears {
  /// Those of a project's schedules; one that cannot be read has none.
  init(_ store: any ScheduleStore, in configuration: Configuration) {
    let zone = configuration.zone.value
    let days = DaysFile(configuration.folder)
    self.init(store) { try? ScheduleTerms($0.terms, zone: zone, days: days.text) }
  }
}

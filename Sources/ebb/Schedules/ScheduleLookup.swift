import Journal

/// Finds the schedule that a person means.
struct ScheduleLookup {
  let store: any ScheduleStore

  /// The schedule of that name and shop; nil where none is in force.
  ///
  /// - Throws: `CommandFailure` of status `usage` where several shops have one.
  func schedule(_ name: String, profile: String?) async throws -> ScheduleRecord? {
    let all = try await store.schedules()
    let found = all.filter { $0.key.name == name && (profile == nil || $0.key.profile == profile) }
    guard found.count > 1 else { return found.first }
    throw CommandFailure.usage(
      "\(name) is kept for several shops", hint: "name one: --profile \(found[0].key.profile)", label: "which_shop")
  }

  /// The schedule of that name and shop, which must be in force.
  func present(_ name: String, profile: String?) async throws -> ScheduleRecord {
    if let schedule = try await schedule(name, profile: profile) { return schedule }
    let names = Set(try await store.schedules().map(\.key.name)).sorted()
    throw CommandFailure(
      .failed, "there is no schedule \(name)",
      hint: Suggestion.hint(for: name, in: names) ?? "`ebb schedule list` shows them", label: "no_schedule")
  }
}

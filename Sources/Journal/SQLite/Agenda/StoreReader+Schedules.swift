internal import JSON

extension StoreReader {
  /// A run of a playbook and shop that goes on: one that only waits for a person does not.
  ///
  /// - Parameter table: what stands before the columns, e.g. `e.`.
  static func goesOn(of table: String = "") -> String {
    let people = [RunStatus.Wait.approval, .settlement, .budget].map { String($0.code) }.joined(separator: ", ")
    return "(\(table)status < 2 OR \(table)status = 3 OR \(table)status = 2 AND \(table)waiting_for NOT IN (\(people)))"
  }

  private func enablement(_ row: Columns) throws -> Enablement {
    Enablement(
      playbook: try word(row.integer(0)), profile: try word(row.integer(1)),
      mode: try Enablement.Mode(code: row.integer(2)), since: row.integer(3))
  }

  func enablements() throws -> [Enablement] {
    try connection.all("SELECT playbook, profile, mode, since FROM enablements", read: enablement)
      .sorted { ($0.playbook, $0.profile) < ($1.playbook, $1.profile) }
  }

  func enablement(of playbook: String, for profile: String) throws -> Enablement? {
    try connection.first(
      """
      SELECT playbook, profile, mode, since FROM enablements
      WHERE playbook = (SELECT id FROM words WHERE text = ?) AND profile = (SELECT id FROM words WHERE text = ?)
      """, .text(playbook), .text(profile), read: enablement)
  }

  private static let scheduleColumns = "name, profile, playbook, origin, terms, through, paused, revision"

  private func schedule(_ row: Columns) throws -> ScheduleRecord {
    guard let terms = try? JSON(parsing: row.text(4)) else {
      throw JournalError.damaged("what the schedule \(row.text(0)) says cannot be read")
    }
    var schedule = ScheduleRecord(
      key: ScheduleKey(row.text(0), profile: try word(row.integer(1))), playbook: try word(row.integer(2)),
      origin: try ScheduleRecord.Origin(code: row.integer(3)), terms: terms, through: row.integer(5))
    schedule.paused = row.integerOrNil(6)
    schedule.revision = Int(row.integer(7))
    return schedule
  }

  func schedules() throws -> [ScheduleRecord] {
    try connection.all(
      "SELECT \(Self.scheduleColumns) FROM schedules WHERE removed IS NULL ORDER BY name", read: schedule
    ).sorted { ($0.key.name, $0.key.profile) < ($1.key.name, $1.key.profile) }
  }

  func schedule(_ key: ScheduleKey) throws -> ScheduleRecord? {
    try connection.first(
      """
      SELECT \(Self.scheduleColumns) FROM schedules
      WHERE removed IS NULL AND name = ? AND profile = (SELECT id FROM words WHERE text = ?)
      """, .text(key.name), .text(key.profile), read: schedule)
  }

  func nextDue(after instant: Milliseconds) throws -> Milliseconds? {
    try connection.first(
      """
      SELECT min(due) FROM (
        SELECT max(coalesce(CASE status WHEN 2 THEN wake ELSE 0 END, 9223372036854775807), coalesce(expires, 0)) AS due
        FROM runs INDEXED BY runs_live WHERE status < 3 AND status < 4)
      WHERE due > ? AND due < 9223372036854775807
      """, .integer(instant)
    ) { $0.integerOrNil(0) } ?? nil
  }

  static let occurrenceColumns = "s.name, s.profile, o.instant, o.outcome, o.run, o.into_instant, o.reason, o.accounted"

  func occurrence(_ row: Columns) throws -> Occurrence {
    Occurrence(
      schedule: ScheduleKey(row.text(0), profile: try word(row.integer(1))), instant: row.integer(2),
      outcome: try Occurrence.Outcome(code: row.integer(3)), run: row.textOrNil(4).map { RunID($0) },
      into: row.integerOrNil(5), reason: try row.integerOrNil(6).map(word), accounted: row.integer(7))
  }

  func occurrences(_ filter: OccurrenceFilter) throws -> [Occurrence] {
    var conditions: [String] = []
    var values: [SQLValue] = []
    func require(_ condition: String, _ value: SQLValue?) {
      guard let value else { return }
      conditions.append(condition)
      values.append(value)
    }
    require("s.name = ?", filter.schedule.map { .text($0.name) } ?? filter.name.map { .text($0) })
    require("s.profile = (SELECT id FROM words WHERE text = ?)", filter.schedule.map { .text($0.profile) })
    require("o.run = ?", filter.run.map { .text($0.text) })
    require("o.instant >= ?", filter.since.map { .integer($0) })
    require("o.instant <= ?", filter.until.map { .integer($0) })
    if let outcomes = filter.outcomes {
      conditions.append("o.outcome IN (\(outcomes.map { String($0.code) }.sorted().joined(separator: ", ")))")
    }
    return try connection.all(
      """
      SELECT \(Self.occurrenceColumns) FROM occurrences o JOIN schedules s ON s.id = o.schedule
      \(Self.clause(conditions)) ORDER BY o.instant DESC, s.name, s.id LIMIT \(max(filter.limit, 0))
      """, list: values, read: occurrence)
  }
}

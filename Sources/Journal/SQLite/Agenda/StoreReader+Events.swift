internal import JSON

extension StoreReader {
  private static let eventColumns =
    """
    name, profile, kind, type, platform, digest, received, repeat_of, dispatched, round, envelope, subject, says, sent,
    raised_by
    """

  private func event(_ row: Columns) throws -> EventRecord {
    let key = row.text(0)
    var event = EventRecord(
      key: key, profile: try word(row.integer(1)), kind: try row.integerOrNil(2).map(word),
      messageType: row.textOrNil(3), platform: row.integerOrNil(4), digest: row.text(5), received: row.integer(6),
      envelope: try payloads.json(row.bytes(10), PayloadPlace(owner: key, kind: .event)))
    event.repeatOf = row.textOrNil(7)
    event.dispatched = row.integerOrNil(8)
    event.round = Int(row.integer(9))
    event.subject = row.textOrNil(11)
    event.says = row.textOrNil(12)
    event.sent = row.integerOrNil(13)
    event.raisedBy = row.textOrNil(14).map { RunID($0) }
    return event
  }

  func undispatched(limit: Int) throws -> [EventRecord] {
    try connection.all(
      "SELECT \(Self.eventColumns) FROM events WHERE dispatched IS NULL ORDER BY id LIMIT \(max(limit, 0))", read: event
    )
  }

  func events(_ filter: EventFilter) throws -> [EventRecord] {
    var conditions: [String] = []
    var values: [SQLValue] = []
    func require(_ condition: String, _ value: SQLValue?) {
      guard let value else { return }
      conditions.append(condition)
      values.append(value)
    }
    require("substr(name, 1, length(?1)) = ?1", filter.key.map { .text($0) })
    require("profile = (SELECT id FROM words WHERE text = ?)", filter.profile.map { .text($0) })
    require("kind = (SELECT id FROM words WHERE text = ?)", filter.kind.map { .text($0) })
    require("subject = ?", filter.subject.map { .text($0) })
    require("received >= ?", filter.since.map { .integer($0) })
    return try connection.all(
      """
      SELECT \(Self.eventColumns) FROM events \(Self.clause(conditions)) ORDER BY id DESC LIMIT \(max(filter.limit, 0))
      """, list: values, read: event)
  }

  func verificationExpected(of profile: String) throws -> Milliseconds? {
    try connection.first(
      "SELECT until FROM verifications WHERE profile = (SELECT id FROM words WHERE text = ?)", .text(profile)
    ) { $0.integer(0) }
  }

  func deliveries(of key: String) throws -> [Delivery] {
    try connection.all(
      """
      SELECT d.round, d.playbook, d.outcome, d.run, d.reason FROM deliveries d JOIN events e ON e.id = d.event
      WHERE e.name = ? ORDER BY d.id
      """, .text(key)
    ) { row in
      Delivery(
        event: key, round: Int(row.integer(0)), playbook: try word(row.integer(1)),
        outcome: try Delivery.Outcome(code: row.integer(2)), run: row.textOrNil(3).map { RunID($0) },
        reason: row.textOrNil(4))
    }
  }
}

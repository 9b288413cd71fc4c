/// Events, and what becomes of them.
extension WriteTransaction {
  func receive(_ event: EventRecord) throws -> EventReception {
    guard try !connection.exists("SELECT 1 FROM events WHERE name = ?", .text(event.key)) else { return .duplicate }
    let same = try connection.first(
      "SELECT name, profile FROM events WHERE digest = ? AND repeat_of IS NULL AND profile = ? ORDER BY id DESC",
      .text(event.digest), .integer(try word(event.profile))
    ) { $0.text(0) }
    let first = try raisedBefore(event) ?? same
    try connection.run(
      """
      INSERT INTO events (name, profile, kind, type, platform, digest, received, repeat_of, subject, says, sent,
        raised_by, envelope)
      VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
      """, .text(event.key), .integer(try word(event.profile)), SQLValue(try event.kind.map { try word($0) }),
      SQLValue(event.messageType), SQLValue(event.platform), .text(event.digest), .integer(event.received),
      SQLValue(first), SQLValue(event.subject), SQLValue(event.says), SQLValue(event.sent),
      SQLValue(event.raisedBy?.text), try payloads.seal(event.envelope, PayloadPlace(owner: event.key, kind: .event)))
    try announce(.event)
    return .stored
  }

  /// The event that a run raised to say what a callback says, after that was sent: whoever was told by it has read the
  /// subject since.
  private func raisedBefore(_ event: EventRecord) throws -> String? {
    guard event.raisedBy == nil, let kind = event.kind, let subject = event.subject, let sent = event.sent else {
      return nil
    }
    return try connection.first(
      """
      SELECT name FROM events WHERE subject = ? AND profile = ? AND kind = ? AND says IS ? AND received >= ?
        AND raised_by IS NOT NULL ORDER BY id DESC
      """, .text(subject), .integer(try word(event.profile)), .integer(try word(kind)), SQLValue(event.says),
      .integer(sent)
    ) { $0.text(0) }
  }

  /// Stores an event that a run raises, unless its key is known or a callback tells it: of the events sent since, the latest
  /// says the same. What a run raised under another key tells of another change: it counts where it says otherwise.
  func raise(_ event: EventRecord, since: Milliseconds?) throws -> StoreStep.Raising {
    if try connection.exists("SELECT 1 FROM events WHERE name = ?", .text(event.key)) { return .known }
    if let since, let kind = event.kind, let subject = event.subject {
      // Those that were sent at one instant have no order.
      let isTold = try connection.first(
        """
        SELECT agrees FROM (
          SELECT coalesce(sent, received) AS told, raised_by, coalesce(says = ?5, 1) AS agrees
          FROM events WHERE subject = ?1 AND profile = ?2 AND kind = ?3)
        WHERE told >= ?4 AND (raised_by IS NULL OR NOT agrees) ORDER BY told DESC, agrees DESC
        """,
        .text(subject), .integer(try word(event.profile)), .integer(try word(kind)), .integer(since),
        SQLValue(event.says)
      ) { $0.integer(0) == 1 }
      if isTold == true { return .told }
    }
    _ = try receive(event)
    return .raised
  }

  func dispatch(_ event: EventRecord, _ deliveries: [DueDelivery], at instant: Milliseconds) throws -> [Delivery]? {
    let row = try connection.first(
      "SELECT id, dispatched, round, repeat_of FROM events WHERE name = ?", .text(event.key)
    ) { (number: $0.integer(0), isOver: !$0.isNull(1), round: Int($0.integer(2)), repeatOf: $0.textOrNil(3)) }
    guard let row, !row.isOver, row.round == event.round else { return nil }
    try connection.run("UPDATE events SET dispatched = ? WHERE id = ?", .integer(instant), .integer(row.number))
    var settled: [Delivery] = []
    for due in deliveries {
      let delivery = try settle(due, of: event, repeating: row.round == 0 ? row.repeatOf : nil)
      try connection.run(
        "INSERT INTO deliveries (event, round, playbook, outcome, run, reason) VALUES (?, ?, ?, ?, ?, ?)",
        .integer(row.number), .integer(Int64(row.round)), .integer(try word(due.playbook)),
        .integer(delivery.outcome.code), SQLValue(delivery.run?.text), SQLValue(delivery.reason))
      settled.append(delivery)
    }
    return settled
  }

  private func settle(_ due: DueDelivery, of event: EventRecord, repeating first: String?) throws -> Delivery {
    func delivery(_ outcome: Delivery.Outcome, _ run: RunID?, _ reason: String? = nil) -> Delivery {
      Delivery(
        event: event.key, round: event.round, playbook: due.playbook, outcome: outcome, run: run, reason: reason)
    }
    switch due.fate {
    case .ignored(let reason): return delivery(.ignored, nil, reason)
    case .start(let run):
      if let first, let (told, isRaised) = try runTold(by: first, event, playbook: due.playbook) {
        return delivery(.coalesced, told, Delivery.reason(first, isRaised: isRaised))
      }
      _ = try start(run, requiring: [], heldBy: nil)
      return delivery(.ran, run.id)
    }
  }

  /// The run of the first event for a playbook, which a repetition becomes part of: one that nobody has begun, or any where
  /// a run raised what a callback says.
  private func runTold(
    by first: String, _ event: EventRecord, playbook: String
  ) throws -> (run: RunID, isRaised: Bool)? {
    try connection.first(
      """
      SELECT d.run, e.raised_by IS NOT NULL AND ?3
      FROM deliveries d JOIN events e ON e.id = d.event LEFT JOIN runs r ON r.name = d.run
      WHERE e.name = ?1 AND d.playbook = ?2 AND d.run IS NOT NULL
        AND (e.raised_by IS NOT NULL AND ?3 OR r.status = 0 AND r.worker IS NULL) ORDER BY d.id
      """, .text(first), .integer(try word(playbook)), .integer(event.raisedBy == nil ? 1 : 0)
    ) { (RunID($0.text(0)), $0.integer(1) == 1) }
  }

  func expectVerification(of profile: String, until instant: Milliseconds, _ signature: Signature) throws {
    try connection.run(
      "INSERT INTO verifications (profile, until) VALUES (?1, ?2) ON CONFLICT (profile) DO UPDATE SET until = ?2",
      .integer(try word(profile)), .integer(instant))
    try note(.verificationExpected(profile, until: instant, signature))
  }

  func redeliver(_ key: String, _ signature: Signature) throws -> Bool {
    try connection.run(
      "UPDATE events SET dispatched = NULL, round = round + 1 WHERE name = ? AND dispatched IS NOT NULL", .text(key))
    guard connection.changed > 0 else {
      return try connection.exists("SELECT 1 FROM events WHERE name = ?", .text(key))
    }
    try note(.redelivered(key, signature))
    try announce(.event)
    return true
  }
}

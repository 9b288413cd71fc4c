/// Events, and what becomes of them.
extension WriteTransaction {
  func receive(_ event: EventRecord) throws -> EventReception {
    guard try !connection.exists("SELECT 1 FROM events WHERE name = ?", .text(event.key)) else { return .duplicate }
    let first = try connection.first(
      "SELECT name, profile FROM events WHERE digest = ? AND repeat_of IS NULL AND profile = ? ORDER BY id DESC",
      .text(event.digest), .integer(try word(event.profile))
    ) { $0.text(0) }
    try connection.run(
      """
      INSERT INTO events (name, profile, kind, type, platform, digest, received, repeat_of, envelope)
      VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)
      """, .text(event.key), .integer(try word(event.profile)), SQLValue(try event.kind.map { try word($0) }),
      SQLValue(event.messageType), SQLValue(event.platform), .text(event.digest), .integer(event.received),
      SQLValue(first), try payloads.seal(event.envelope, PayloadPlace(owner: event.key, kind: .event)))
    try announce(.event)
    return .stored
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
      if let first, let waiting = try unbegunRun(of: first, playbook: due.playbook) {
        return delivery(.coalesced, waiting, "it says what \(first.prefix(12)) said, whose run had not started")
      }
      _ = try start(run, requiring: [], heldBy: nil)
      return delivery(.ran, run.id)
    }
  }

  /// The run of an event for a playbook that nobody has begun.
  private func unbegunRun(of event: String, playbook: String) throws -> RunID? {
    try connection.first(
      """
      SELECT r.name FROM deliveries d JOIN events e ON e.id = d.event JOIN runs r ON r.name = d.run
      WHERE e.name = ? AND d.playbook = ? AND r.status = 0 AND r.worker IS NULL
      """, .text(event), .integer(try word(playbook))
    ) { RunID($0.text(0)) }
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

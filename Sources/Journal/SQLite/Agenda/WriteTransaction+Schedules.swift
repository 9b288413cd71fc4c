internal import JSON

/// Schedules and their ledger.
extension WriteTransaction {
  func enable(_ enablement: Enablement, _ signature: Signature) throws {
    try connection.run(
      """
      INSERT INTO enablements (playbook, profile, mode, since) VALUES (?1, ?2, ?3, ?4)
      ON CONFLICT (playbook, profile) DO UPDATE SET mode = ?3
      """, .integer(try word(enablement.playbook)), .integer(try word(enablement.profile)),
      .integer(enablement.mode.code), .integer(enablement.since))
    try note(.enabled(enablement, signature))
    try announce(.agenda)
  }

  func disable(_ playbook: String, profile: String, _ signature: Signature) throws -> Bool {
    try connection.run(
      "DELETE FROM enablements WHERE playbook = ? AND profile = ?", .integer(try word(playbook)),
      .integer(try word(profile)))
    guard connection.changed > 0 else { return false }
    try connection.run(
      """
      UPDATE schedules SET removed = ?, revision = revision + 1
      WHERE playbook = ? AND profile = ? AND origin = ? AND removed IS NULL
      """, .integer(signature.instant), .integer(try word(playbook)), .integer(try word(profile)),
      .integer(ScheduleRecord.Origin.header.code))
    try note(.disabled(playbook, profile: profile, signature))
    try announce(.agenda)
    return true
  }

  /// What the writer looks at of a schedule.
  private struct ScheduleRow {
    let number: Int64
    let through: Milliseconds
    let paused: Milliseconds?
    let revision: Int
    let isRemoved: Bool
  }

  private func schedule(_ key: ScheduleKey) throws -> ScheduleRow? {
    try connection.first(
      "SELECT id, through, paused, revision, removed FROM schedules WHERE name = ? AND profile = ?", .text(key.name),
      .integer(try word(key.profile))
    ) { row in
      ScheduleRow(
        number: row.integer(0), through: row.integer(1), paused: row.integerOrNil(2), revision: Int(row.integer(3)),
        isRemoved: !row.isNull(4))
    }
  }

  func put(_ schedule: ScheduleRecord, replacing revision: Int?, _ signature: Signature) throws -> Bool {
    let row = try self.schedule(schedule.key)
    let present = row.flatMap { $0.isRemoved ? nil : $0.revision }
    guard present == revision else { return false }
    let values: [SQLValue] = [
      .integer(try word(schedule.playbook)), .integer(schedule.origin.code), .text(schedule.terms.text(.canonical)),
      // One that comes back does not account for what it did not have to do meanwhile, nor twice for what it did.
      .integer(max(schedule.through, row?.through ?? .min)), SQLValue(schedule.paused),
    ]
    if let row {
      try connection.run(
        """
        UPDATE schedules SET playbook = ?, origin = ?, terms = ?, through = ?, paused = ?, revision = revision + 1,
          removed = NULL WHERE id = ?
        """, list: values + [.integer(row.number)])
    } else {
      try connection.run(
        """
        INSERT INTO schedules (playbook, origin, terms, through, paused, revision, name, profile)
        VALUES (?, ?, ?, ?, ?, 1, ?, ?)
        """, list: values + [.text(schedule.key.name), .integer(try word(schedule.key.profile))])
    }
    try note(.scheduled(schedule, signature))
    try announce(.agenda)
    return true
  }

  func pause(_ key: ScheduleKey, _ paused: Bool, _ signature: Signature) throws -> Bool {
    guard let row = try schedule(key), !row.isRemoved, (row.paused != nil) != paused else { return false }
    try connection.run(
      "UPDATE schedules SET paused = ?, revision = revision + 1 WHERE id = ?",
      paused ? .integer(signature.instant) : .null, .integer(row.number))
    try note(.paused(key, paused, signature))
    try announce(.agenda)
    return true
  }

  func remove(_ key: ScheduleKey, _ signature: Signature) throws -> Bool {
    guard let row = try schedule(key), !row.isRemoved else { return false }
    try connection.run(
      "UPDATE schedules SET removed = ?, revision = revision + 1 WHERE id = ?", .integer(signature.instant),
      .integer(row.number))
    try note(.unscheduled(key, signature))
    try announce(.agenda)
    return true
  }

  // MARK: The ledger

  func account(
    _ due: [DueOccurrence], of schedule: ScheduleRecord, through: Milliseconds, at instant: Milliseconds
  ) throws -> Accounting {
    guard let row = try self.schedule(schedule.key), !row.isRemoved, row.revision == schedule.revision,
      row.through == schedule.through
    else { return .changed }
    var occurrences: [Occurrence] = []
    for occurrence in due {
      let settled = try settle(occurrence, of: schedule.key, at: instant)
      if try record(settled, of: row.number, replacing: []) { occurrences.append(settled) }
    }
    try connection.run("UPDATE schedules SET through = ? WHERE id = ?", .integer(through), .integer(row.number))
    return .accounted(occurrences)
  }

  func makeUp(
    _ due: [DueOccurrence], of key: ScheduleKey, at instant: Milliseconds, _ signature: Signature
  ) throws -> [Occurrence] {
    guard let row = try schedule(key) else { return [] }
    var occurrences: [Occurrence] = []
    for occurrence in due {
      let isOpen = try !connection.exists(
        "SELECT 1 FROM occurrences WHERE schedule = ? AND instant = ? AND outcome NOT IN (?, ?)", .integer(row.number),
        .integer(occurrence.instant), .integer(Occurrence.Outcome.missed.code),
        .integer(Occurrence.Outcome.skipped.code))
      guard isOpen else { continue }
      let settled = try settle(occurrence, of: key, at: instant)
      if try record(settled, of: row.number, replacing: [.missed, .skipped]) { occurrences.append(settled) }
    }
    try note(.madeUp(key, occurrences.count, signature))
    return occurrences
  }

  /// - Returns: whether it is written; an occurrence has one row.
  private func record(
    _ occurrence: Occurrence, of schedule: Int64, replacing outcomes: [Occurrence.Outcome]
  ) throws -> Bool {
    let replaced = outcomes.map { String($0.code) }.joined(separator: ", ")
    try connection.run(
      """
      INSERT INTO occurrences (schedule, instant, outcome, run, into_instant, reason, accounted)
      VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7) ON CONFLICT (schedule, instant) DO UPDATE SET
        outcome = ?3, run = ?4, into_instant = ?5, reason = ?6, accounted = ?7 WHERE outcome IN (\(replaced))
      """, .integer(schedule), .integer(occurrence.instant), .integer(occurrence.outcome.code),
      SQLValue(occurrence.run?.text), SQLValue(occurrence.into),
      SQLValue(try occurrence.reason.map { try word($0) }), .integer(occurrence.accounted))
    return connection.changed > 0
  }

  /// Finds out what becomes of an occurrence, and starts its run where that is what becomes of it.
  private func settle(_ due: DueOccurrence, of key: ScheduleKey, at instant: Milliseconds) throws -> Occurrence {
    func row(
      _ outcome: Occurrence.Outcome, run: RunID? = nil, into: Milliseconds? = nil, _ reason: String? = nil
    ) -> Occurrence {
      Occurrence(
        schedule: key, instant: due.instant, outcome: outcome, run: run, into: into, reason: reason, accounted: instant)
    }
    switch due.fate {
    case .coalesced(let into): return row(.coalesced, into: into)
    case .skipped(let reason): return row(.skipped, reason)
    case .missed(let reason): return row(.missed, reason)
    case .start(var run, let overlap):
      switch overlap {
      case .allow: break
      case .skip:
        if let first = try going(run, atMost: 1).first { return row(.skipped, "\(first) still went on") }
      case .queue:
        let earlier = try going(run, atMost: DueOccurrence.longestQueue).count
        guard earlier < DueOccurrence.longestQueue else {
          return row(.skipped, "\(earlier) runs waited for their turn already")
        }
        run.isInTurn = true
      case .cancelRunning:
        for other in try going(run, atMost: .max).map({ try self.run($0) }) {
          try setRequest(.cancel, of: other)
          try comeDue(other, at: instant)
        }
        run.isInTurn = true
      }
      _ = try start(run, requiring: [], heldBy: nil)
      return row(.ran, run: run.id)
    }
  }

  /// The runs of the same playbook and shop that go on, the earliest first.
  private func going(_ run: RunRecord, atMost most: Int) throws -> [RunID] {
    try connection.all(
      """
      SELECT name FROM runs INDEXED BY runs_live
      WHERE status < 4 AND playbook = ? AND profile = ? AND \(StoreReader.goesOn()) ORDER BY id LIMIT ?
      """, .integer(try word(run.playbook)), .integer(try word(run.profile)), .integer(Int64(most))
    ) { RunID($0.text(0)) }
  }
}

internal import JSON
extension StoreReader {
  static let runColumns = """
    id, name, playbook, version, profile, zone, trigger, by, started, status, waiting_for, wake, ended, input, result,
    failure, in_turn, plans
    """

  func run(_ row: Columns) throws -> RunRecord {
    let id = RunID(row.text(1))
    func place(_ kind: PayloadPlace.Kind) -> PayloadPlace { PayloadPlace(owner: id.text, kind: kind) }
    let input = try payloads.frames(row.bytes(13), place(.input))
    guard input.count >= 3 else { throw JournalError.damaged("what \(id) was given cannot be read") }
    var record = RunRecord(
      id: id, playbook: try word(row.integer(2)), version: try word(row.integer(3)), profile: try word(row.integer(4)),
      trigger: try Trigger(code: row.integer(6)), by: row.text(7),
      parameters: try Payloads.parse(input[0], place(.input)), event: try Payloads.parse(input[1], place(.input)),
      tags: try Payloads.parse(input[2], place(.input)),
      guards: input.count > 3 ? try Payloads.parse(input[3], place(.input)) : [:],
      zone: try word(row.integer(5)), started: row.integer(8),
      status: try RunStatus(code: row.integer(9), wait: row.integerOrNil(10)))
    record.isInTurn = row.integer(16) != 0
    record.plansOnly = row.integer(17) != 0
    record.wake = row.integerOrNil(11)
    record.ended = row.integerOrNil(12)
    record.result = try payloads.json(row.bytesOrNil(14), place(.result))
    record.failure = try payloads.json(row.bytesOrNil(15), place(.failure))
    return record
  }

  func run(_ id: RunID) throws -> RunRecord? {
    try connection.first("SELECT \(Self.runColumns) FROM runs WHERE name = ?", .text(id.text), read: run)
  }

  /// The lease of a run that has not been given back.
  func holder(of id: RunID, doubtSince: Milliseconds?) throws -> Lease? {
    let lease = try connection.first("SELECT worker, epoch, expires FROM runs WHERE name = ?", .text(id.text)) { row in
      row.textOrNil(0).map { worker in
        Lease(
          run: id, worker: worker, epoch: Int(row.integer(1)), expires: row.integer(2), doubtSince: doubtSince)
      }
    }
    guard let lease else { throw JournalError.unknownRun(id) }
    return lease
  }

  func runs(_ filter: RunFilter) throws -> [RunRecord] {
    var conditions: [String] = []
    var values: [SQLValue] = []
    if let statuses = filter.statuses {
      let codes = RunStatus.names.filter { statuses.contains($0.key) }.map { String($0.value) }
      conditions.append("status IN (\(codes.sorted().joined(separator: ", ")))")
    }
    for (column, text) in [("playbook", filter.playbook), ("profile", filter.profile)] {
      guard let text else { continue }
      conditions.append("\(column) = (SELECT id FROM words WHERE text = ?)")
      values.append(.text(text))
    }
    if let since = filter.since {
      conditions.append("started >= ?")
      values.append(.integer(since))
    }
    return try connection.all(
      """
      SELECT \(Self.runColumns) FROM runs \(Self.clause(conditions))
      ORDER BY started DESC, id DESC LIMIT \(max(filter.limit, 0))
      """, list: values, read: run)
  }

  func due(before instant: Milliseconds) throws -> [RunID] {
    try connection.all(
      """
      SELECT name FROM runs INDEXED BY runs_live
      WHERE status < 4 AND (worker IS NULL OR expires <= ?1) AND (status < 2 OR status = 2 AND wake <= ?1)
        AND NOT (in_turn = 1 AND status = 0 AND \(Self.hasEarlier))
      ORDER BY coalesce(wake, started), name
      """, .integer(instant)
    ) { RunID($0.text(0)) }
  }

  /// Whether an earlier run of the playbook for the shop goes on.
  private static let hasEarlier = """
    EXISTS (SELECT 1 FROM runs e INDEXED BY runs_live WHERE e.status < 4 AND e.playbook = runs.playbook
      AND e.profile = runs.profile AND e.id < runs.id AND \(goesOn(of: "e.")))
    """

  /// Whether a run that is queued must not begin yet.
  func waitsItsTurn(_ run: Int64) throws -> Bool {
    try connection.exists("SELECT 1 FROM runs WHERE id = ? AND in_turn = 1 AND \(Self.hasEarlier)", .integer(run))
  }

  // MARK: History

  func history(of id: RunID) throws -> RunHistory? {
    let found = try connection.first(
      "SELECT \(Self.runColumns) FROM runs WHERE name = ?", .text(id.text)
    ) { row in (row.integer(0), try run(row)) }
    guard let (number, record) = found else { return nil }
    return RunHistory(
      record: record, steps: try steps(of: id, number), notes: try notes(of: id, number),
      effects: try connection.all(
        "SELECT \(Self.effectColumns) FROM effects e WHERE run = ? ORDER BY path", .integer(number)
      ) { try effect($0, of: id) },
      approvals: try connection.all(
        "SELECT \(Self.approvalColumns) FROM approvals a WHERE run = ? ORDER BY id", .integer(number)
      ) { try approval($0, of: id) })
  }

  static let stepColumns = "path, name, digest, sequence, began, instant, attempts, line, raised, body"

  func step(_ row: Columns, of id: RunID) throws -> Step {
    let path = try row.path(0)
    var values = try payloads.frames(row.bytes(9), PayloadPlace(owner: id.text, path: path, kind: .step))
    guard !values.isEmpty else { throw JournalError.damaged("step \(path) of \(id) cannot be read") }
    let arguments = values.removeFirst()
    let raised = row.integer(8) != 0
    return Step(
      path: path, name: try word(row.integer(1)), arguments: arguments, digest: row.digest(2),
      result: raised ? .raised(values.first ?? []) : .returned(values), sequence: Int(row.integer(3)),
      began: row.integer(4), instant: row.integer(5), attempts: Int(row.integer(6)),
      line: try row.integerOrNil(7).map(word))
  }

  /// Not sorted by SQLite: that would carry each result through its sorter.
  private func steps(of id: RunID, _ number: Int64) throws -> [Step] {
    let steps = try connection.all("SELECT \(Self.stepColumns) FROM steps WHERE run = ?", .integer(number)) {
      try step($0, of: id)
    }
    return steps.sorted { $0.sequence < $1.sequence }
  }

  private func notes(of id: RunID, _ number: Int64) throws -> [Note] {
    try connection.all(
      "SELECT after, ordinal, kind, subject, body FROM notes WHERE run = ? ORDER BY id", .integer(number)
    ) { row in
      let after = try row.path(0)
      let body = try payloads.json(row.bytes(4), PayloadPlace(owner: id.text, path: after, kind: .note))
      return Note(
        after: after, ordinal: Int(row.integer(1)),
        content: try NoteBody.content(row.integer(2), row.textOrNil(3), body))
    }
  }

  // MARK: Decisions

  func decisions(about subject: String) throws -> [SubjectDecision] {
    let past = try connection.all(
      """
      SELECT run, playbook, profile, after, instant, kind, subject, body FROM past_decisions WHERE subject = ?
      ORDER BY instant, id
      """, .text(subject), read: subjectDecision)
    let present = try connection.all(
      """
      SELECT r.name, r.playbook, r.profile, n.after, n.instant, n.kind, n.subject, n.body
      FROM notes n JOIN runs r ON r.id = n.run WHERE n.subject = ? ORDER BY n.instant, n.run, n.id
      """, .text(subject), read: subjectDecision)
    // A sort keeps the order of equals.
    return (past + present).sorted { $0.instant < $1.instant }
  }

  private func subjectDecision(_ row: Columns) throws -> SubjectDecision {
    let run = RunID(row.text(0))
    let body = try payloads.json(row.bytes(7), PayloadPlace(owner: run.text, path: try row.path(3), kind: .note))
    guard let decision = try NoteBody.content(row.integer(5), row.textOrNil(6), body).decision else {
      throw JournalError.damaged("a decision of \(run) cannot be read")
    }
    return SubjectDecision(
      run: run, playbook: try word(row.integer(1)), profile: try word(row.integer(2)), instant: row.integer(4),
      decision: decision)
  }

  static func clause(_ conditions: [String]) -> String {
    conditions.isEmpty ? "" : "WHERE " + conditions.joined(separator: " AND ")
  }
}

extension RunStatus {
  /// The numbers of the statuses by the names that people use.
  static let names: [String: Int64] = Dictionary(
    uniqueKeysWithValues: [
      RunStatus.queued, .running, .waiting(.time), .paused, .succeeded, .failed, .cancelled, .diverged,
    ].map { ($0.name, $0.code) })
}

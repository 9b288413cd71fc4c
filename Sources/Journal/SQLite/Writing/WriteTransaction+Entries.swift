internal import JSON

extension WriteTransaction {
  func commit(_ entries: [Entry], under lease: Lease) throws -> [EntryOutcome] {
    var run = try run(lease.run)
    return try entries.map { try commit($0, under: lease, of: &run) }
  }

  private func commit(_ entry: Entry, under lease: Lease, of run: inout RunRow) throws -> EntryOutcome {
    guard run.epoch == Int64(lease.epoch), run.worker != nil else { return .fenced }
    var outcome = EntryOutcome.committed
    switch entry.body {
    case .step(let step):
      if let known = try recorded(step.path, of: run) {
        // The same step again is a repeated commit, whose notes are recorded as well.
        return known == step ? .committed : .conflict("step \(step.path) is recorded with another result")
      }
      try insert(step, of: run)
    case .answer(let asked):
      if let known = try recorded(asked.refused.path, of: run) {
        guard asked.isRecorded(as: known) else {
          return .conflict("step \(known.path) is recorded with another result")
        }
        return .answered(known)
      }
      let step = try answer(asked, by: run.id, at: entry.instant)
      try insert(step, of: run)
      outcome = .answered(step)
    case .supersede(let path):
      guard try supersede(path, of: run) else { return .conflict("step \(path) is not the last one") }
    case .intent(let effect, let caps, let approval):
      if let refusal = try announce(effect, within: caps, approval, of: run, at: entry.instant) { return refusal }
    case .settle(let path, let state, let detail, let answer):
      if let conflict = try settle(path, state, detail, answer, of: run, at: entry.instant) { return conflict }
    case .ask(let request):
      outcome = try ask(request, of: run, at: entry.instant)
      if case .conflict = outcome { return outcome }
    case .lapse(let id):
      outcome = try end(id, of: run, from: .pending, as: .expired, at: entry.instant)
    case .retract(let id):
      outcome = try end(id, of: run, from: .approved, as: .superseded, at: entry.instant)
    case .status(let status, let wake, let result, let failure):
      try setStatus(status, wake: wake, result: result, failure: failure, of: &run, at: entry.instant)
    case .version(let version):
      guard let record = try reader.run(run.id) else { throw JournalError.unknownRun(run.id) }
      try note(.moved(record, to: version, by: lease, at: entry.instant))
      try connection.run(
        "UPDATE runs SET version = ? WHERE id = ?", .integer(try word(version)), .integer(run.number))
    case .release:
      try connection.run("UPDATE runs SET worker = NULL, expires = NULL WHERE id = ?", .integer(run.number))
      run.worker = nil
    case .notes:
      break
    }
    for note in entry.notes { try insert(note, of: run, at: entry.instant) }
    return outcome
  }

  // MARK: Steps and notes

  func recorded(_ path: StepPath, of run: RunRow) throws -> Step? {
    try connection.first(
      "SELECT \(StoreReader.stepColumns) FROM steps WHERE run = ? AND path = ?", .integer(run.number), SQLValue(path)
    ) { try reader.step($0, of: run.id) }
  }

  func insert(_ step: Step, of run: RunRow) throws {
    let values: [[UInt8]]
    let raised: Bool
    switch step.result {
    case .returned(let results): (values, raised) = (results, false)
    case .raised(let error): (values, raised) = ([error], true)
    }
    let place = PayloadPlace(owner: run.id.text, path: step.path, kind: .step)
    try connection.run(
      """
      INSERT INTO steps (run, path, sequence, name, line, digest, began, instant, attempts, raised, body)
      VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
      """, .integer(run.number), SQLValue(step.path), .integer(Int64(step.sequence)), .integer(try word(step.name)),
      SQLValue(try step.line.map(word)), Digests.value(step.digest), .integer(step.began), .integer(step.instant),
      .integer(Int64(step.attempts)), .integer(raised ? 1 : 0),
      try payloads.seal(Frames.joined([step.arguments] + values), place))
  }

  private func supersede(_ path: StepPath, of run: RunRow) throws -> Bool {
    let last = try connection.exists(
      """
      SELECT 1 FROM steps WHERE run = ?1 AND path = ?2 AND sequence = (SELECT count(*) FROM steps WHERE run = ?1)
      """, .integer(run.number), SQLValue(path))
    guard last else { return false }
    let columns = "run, path, sequence, name, line, digest, began, instant, attempts, raised, body"
    try connection.run(
      "INSERT INTO superseded (\(columns)) SELECT \(columns) FROM steps WHERE run = ? AND path = ?",
      .integer(run.number), SQLValue(path))
    try connection.run("DELETE FROM steps WHERE run = ? AND path = ?", .integer(run.number), SQLValue(path))
    return true
  }

  private func insert(_ note: Note, of run: RunRow, at instant: Milliseconds) throws {
    let body = NoteBody(note.content)
    let place = PayloadPlace(owner: run.id.text, path: note.after, kind: .note)
    try connection.run(
      "INSERT INTO notes (run, after, ordinal, instant, kind, subject, body) VALUES (?, ?, ?, ?, ?, ?, ?)",
      .integer(run.number), SQLValue(note.after), .integer(Int64(note.ordinal)), .integer(instant),
      .integer(body.kind.rawValue), SQLValue(body.subject), try payloads.seal(body.sealed, place))
  }

  // MARK: Status

  private func setStatus(
    _ status: RunStatus, wake: Milliseconds?, result: JSON?, failure: JSON?, of run: inout RunRow,
    at instant: Milliseconds
  ) throws {
    func place(_ kind: PayloadPlace.Kind) -> PayloadPlace { PayloadPlace(owner: run.id.text, kind: kind) }
    run.status = status
    if status.isFinal || status == .paused { run.request = nil }
    try connection.run(
      """
      UPDATE runs SET status = ?1, waiting_for = ?2,
        wake = CASE WHEN ?2 IS NULL OR woken IS NULL THEN ?3 ELSE min(coalesce(?3, woken), woken) END, woken = NULL,
        result = coalesce(?4, result), failure = ?5, ended = ?6, request = ?7 WHERE id = ?8
      """, .integer(status.code), SQLValue(status.waitCode), SQLValue(wake), try payloads.seal(result, place(.result)),
      try payloads.seal(failure, place(.failure)), SQLValue(status.isFinal ? instant : nil),
      SQLValue(run.request?.code), .integer(run.number))
    if status.isFinal { try dropQuestions(of: run) }
    try announce(run, status)
  }

  /// A run that stands still is to go on.
  func queue(_ run: inout RunRow) throws {
    run.status = .queued
    try connection.run(
      "UPDATE runs SET status = 0, waiting_for = NULL, wake = NULL, failure = NULL, ended = NULL WHERE id = ?",
      .integer(run.number))
    try announce(run, .queued)
  }
}

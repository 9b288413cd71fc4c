internal import GRDB

/// One transaction of the group-committing writer, confined to the writer's queue: what several callers ask for, one
/// after the other. Whatever is refused is found out before anything is written, so that a refusal leaves no trace.
final class WriteTransaction {
  let connection: Connection
  let reader: StoreReader
  /// Tells the changes of this process from those of others.
  let opening: Int64
  /// The present, by the store's own clock.
  let now: @Sendable () -> Milliseconds
  private(set) var changes: [Change] = []
  /// Words that are first used here; known to all once they are committed.
  private(set) var freshWords: [String: Int64] = [:]

  init(
    _ database: Database, payloads: Payloads, words: Words, opening: Int64, now: @escaping @Sendable () -> Milliseconds
  ) {
    connection = Connection(database: database)
    reader = StoreReader(connection: connection, payloads: payloads, words: words, isCommitted: false)
    self.opening = opening
    self.now = now
  }

  var payloads: Payloads { reader.payloads }

  /// Where the store was restored from a copy, and what was unfinished then is not yet settled: the moment of the copy.
  func doubtSince() throws -> Milliseconds? {
    if let known = doubt { return known.since }
    let since = try reader.meta(.restoredSince)
    doubt = (since, true)
    return since
  }
  private var doubt: (since: Milliseconds?, isKnown: Bool)?

  func word(_ text: String) throws -> Int64 {
    if let known = reader.words.number(of: text) ?? freshWords[text] { return known }
    let value = SQLValue.text(text)
    let number: Int64
    if let found = try connection.first("SELECT id FROM words WHERE text = ?", value, read: { $0.integer(0) }) {
      number = found
    } else {
      try connection.run("INSERT INTO words (text) VALUES (?)", value)
      number = connection.lastID
    }
    freshWords[text] = number
    return number
  }

  func setMeta(_ name: MetaName, _ value: SQLValue) throws {
    try connection.run(
      "INSERT INTO meta (name, value) VALUES (?1, ?2) ON CONFLICT (name) DO UPDATE SET value = ?2",
      .text(name.rawValue), value)
  }

  func note(_ line: AuditLine) throws {
    try connection.run(
      "INSERT INTO audit (instant, by, action, subject, detail) VALUES (?, ?, ?, ?, ?)", .integer(line.instant),
      .text(line.by), .text(line.action), .text(line.subject), SQLValue(line.detail))
  }

  // MARK: Changes

  func announce(_ run: RunRow, _ status: RunStatus) throws {
    changes.append(.run(run.id, status))
    try connection.run(
      "INSERT INTO changes (opening, run, state, waiting_for) VALUES (?, ?, ?, ?)", .integer(opening),
      .integer(run.number), .integer(status.code), SQLValue(status.waitCode))
    try shortenChanges()
  }

  func announce(_ run: RunRow, _ path: StepPath, _ state: EffectState) throws {
    changes.append(.effect(run.id, path, state))
    try connection.run(
      "INSERT INTO changes (opening, run, path, state) VALUES (?, ?, ?, ?)", .integer(opening), .integer(run.number),
      SQLValue(path), .integer(state.code))
    try shortenChanges()
  }

  /// Something that is no run's.
  ///
  /// - Parameter change: `agenda` or `event`.
  func announce(_ change: Change) throws {
    changes.append(change)
    try connection.run(
      "INSERT INTO changes (opening, run, state) VALUES (?, 0, ?)", .integer(opening),
      .integer(change == .event ? 1 : 0))
    try shortenChanges()
  }

  /// Only who listens needs them, and within a second or so.
  private func shortenChanges() throws {
    let newest = connection.lastID
    guard newest % 4096 == 0 else { return }
    try connection.run("DELETE FROM changes WHERE id <= ?", .integer(newest - 8192))
  }
}

/// What the writer looks at of a run before it records anything of it.
struct RunRow {
  let number: Int64
  let id: RunID
  /// The shop's word.
  let profile: Int64
  var epoch: Int64
  var worker: String?
  var expires: Milliseconds
  var status: RunStatus
  var request: RunRequest?

  /// Whether a worker advances the run at that instant.
  func isHeld(at instant: Milliseconds) -> Bool { worker != nil && expires > instant }

  func lease(doubtSince: Milliseconds?) -> Lease? {
    worker.map { Lease(run: id, worker: $0, epoch: Int(epoch), expires: expires, doubtSince: doubtSince) }
  }
}

extension WriteTransaction {
  func findRun(_ id: RunID) throws -> RunRow? {
    try connection.first(
      "SELECT id, profile, epoch, worker, expires, status, waiting_for, request FROM runs WHERE name = ?",
      .text(id.text)
    ) { row in
      RunRow(
        number: row.integer(0), id: id, profile: row.integer(1), epoch: row.integer(2), worker: row.textOrNil(3),
        expires: row.integer(4), status: try RunStatus(code: row.integer(5), wait: row.integerOrNil(6)),
        request: try row.integerOrNil(7).map { code throws(JournalError) in try RunRequest(code: code) })
    }
  }

  func run(_ id: RunID) throws -> RunRow {
    guard let run = try findRun(id) else { throw JournalError.unknownRun(id) }
    return run
  }

  /// A run that waits goes on at once; one that a worker advances does so as soon as it waits, since that one may have looked
  /// before. One that neither waits nor is advanced stays as it is.
  func comeDue(_ run: RunRow, at instant: Milliseconds) throws {
    if run.worker != nil {
      try connection.run("UPDATE runs SET woken = ? WHERE id = ?", .integer(instant), .integer(run.number))
    }
    guard case .waiting = run.status else { return }
    try connection.run(
      "UPDATE runs SET wake = min(coalesce(wake, ?1), ?1) WHERE id = ?2", .integer(instant), .integer(run.number))
    try announce(run, run.status)
  }
}

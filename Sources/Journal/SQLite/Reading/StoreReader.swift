/// Reads records from what one connection sees.
struct StoreReader {
  let connection: Connection
  let payloads: Payloads
  let words: Words
  /// Whether all that the connection sees is committed.
  var isCommitted = true

  func word(_ number: Int64) throws -> String {
    try words.text(number, on: connection, isCommitted: isCommitted)
  }

  // MARK: Versions and plans

  func version(_ name: String) throws -> PlaybookVersion? {
    let found = try connection.first("SELECT id, catalogue FROM versions WHERE name = ?", .text(name)) {
      ($0.integer(0), $0.text(1))
    }
    guard let (id, catalogue) = found else { return nil }
    let files = try connection.all(
      """
      SELECT v.name, v.path, f.bytes FROM version_files v JOIN files f ON f.id = v.file
      WHERE v.version = ? ORDER BY v.ordinal
      """, .integer(id)
    ) { PlaybookVersion.File(name: $0.text(0), path: $0.text(1), bytes: $0.bytes(2)) }
    return PlaybookVersion(id: name, files: files, catalogue: catalogue)
  }

  func plan(_ digest: String) throws -> PlanRecord? {
    try connection.first(
      "SELECT document, created, expires, applied_by FROM plans WHERE digest = ?", .text(digest)
    ) { row in
      PlanRecord(
        digest: digest, document: try payloads.json(row.bytes(0), PayloadPlace(owner: digest, kind: .plan)),
        created: row.integer(1), expires: row.integer(2), appliedBy: row.textOrNil(3).map { RunID($0) })
    }
  }

  // MARK: Holds, freezes, the trail

  func holds() throws -> [Hold] {
    try connection.all("SELECT \(Self.holdColumns) FROM holds ORDER BY id", read: hold)
  }

  static let holdColumns = "subject, profile, why, by, since, until"

  func hold(_ row: Columns) -> Hold {
    Hold(
      subject: row.text(0), profile: row.textOrNil(1), why: row.text(2), by: row.text(3), since: row.integer(4),
      until: row.integerOrNil(5))
  }

  func freezes() throws -> [Freeze] {
    try connection.all("SELECT profile, why, by, since FROM freezes ORDER BY id") { row in
      Freeze(profile: row.textOrNil(0), why: row.textOrNil(1), by: row.text(2), since: row.integer(3))
    }
  }

  func audit(about subject: String?, limit: Int) throws -> [AuditLine] {
    try connection.all(
      """
      SELECT instant, by, action, subject, detail FROM audit
      \(subject == nil ? "" : "WHERE subject = ?") ORDER BY id DESC LIMIT \(max(limit, 0))
      """, list: subject.map { [.text($0)] } ?? []
    ) { row in
      AuditLine(
        instant: row.integer(0), by: row.text(1), action: row.text(2), subject: row.text(3), detail: row.textOrNil(4))
    }
  }

  func meta(_ name: MetaName) throws -> Int64? {
    try connection.first("SELECT value FROM meta WHERE name = ?", .text(name.rawValue)) { $0.integerOrNil(0) } ?? nil
  }
}

/// What the store knows of itself.
enum MetaName: String {
  /// A random name, so that one store is not taken for another.
  case store
  /// How often it was opened for writing or copied.
  case generation
  /// The moment of the copy it was restored from, until all that was unfinished then is settled.
  case restoredSince = "restored_since"
  /// When old runs were last looked for.
  case pruned
  /// Whether payloads are sealed: see ``StoreSealing``.
  case sealed
}

internal import Foundation
internal import GRDB

/// Brings a store to the newest schema, forward only, after it was copied aside.
struct SchemaMigrator {
  let migrations: [Migration]
  /// Names the copy.
  let now: Milliseconds

  /// The schema that this Ebb knows.
  var newest: Int { migrations.last?.version ?? 0 }

  /// Whoever comes second waits for the first and finds it done: the copy is taken, and the schema changed, while nobody
  /// else may write.
  ///
  /// - Returns: the copy that was put aside; nil where nothing had to be done or the store is new.
  func migrate(_ pool: DatabasePool) throws -> String? {
    try pool.writeWithoutTransaction { database in
      guard try version(of: database) != newest else { return nil }
      var copy: String?
      try database.inTransaction(.immediate) {
        let present = try version(of: database)
        guard present != newest else { return .rollback }
        // What is read beside this transaction is the store as it was before.
        if present > 0 { copy = try putAside(pool, present) }
        for migration in migrations where migration.version > present {
          try database.execute(sql: migration.statements)
          try database.execute(sql: "PRAGMA user_version = \(migration.version)")
        }
        return .commit
      }
      return copy
    }
  }

  private func version(of database: Database) throws -> Int {
    let version = try Int.fetchOne(database, sql: "PRAGMA user_version") ?? 0
    guard version <= newest else {
      throw JournalError.newer(
        "the store has schema \(version), which a newer Ebb made; this one knows schemas up to \(newest)")
    }
    return version
  }

  /// `store.db.v1-backup-2026-11-23`; a second one of the day counts on.
  private func putAside(_ pool: DatabasePool, _ version: Int) throws -> String {
    let day = Date(timeIntervalSince1970: Double(now) / 1000).formatted(.iso8601.year().month().day())
    let stem = "\(pool.path).v\(version)-backup-\(day)"
    var copy = stem
    var ordinal = 2
    while FileManager.default.fileExists(atPath: copy) {
      copy = "\(stem)-\(ordinal)"
      ordinal += 1
    }
    try StoreCopy(to: copy).take(from: pool)
    return copy
  }
}

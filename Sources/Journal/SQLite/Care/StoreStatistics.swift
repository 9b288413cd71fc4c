internal import Foundation

/// How large a store is, and with what.
public struct StoreStatistics: Hashable, Sendable {
  /// One table with its indexes.
  public struct Table: Hashable, Sendable {
    public let name: String
    public let rows: Int
    /// Bytes of its pages; nil where this SQLite does not say.
    public let bytes: Int?
  }

  /// Names the store, wherever its file is.
  public let store: String
  /// The version of its schema.
  public let schema: Int
  /// How often it was opened for writing or copied.
  public let generation: Int
  /// The moment of the copy it was restored from, until all that was unfinished then is settled.
  public let restoredSince: Milliseconds?
  /// Bytes of its file, without what is free.
  public let bytes: Int
  /// Bytes of pages that are free for what comes.
  public let freeBytes: Int
  /// Bytes that wait in the write-ahead log.
  public let logBytes: Int
  /// By name.
  public let tables: [Table]
  /// How many runs have which status.
  public let runs: [String: Int]
  /// Writes whose outcome is not settled.
  public let unsettledEffects: Int
  /// Questions that nobody answered.
  public let openQuestions: Int
  /// When the oldest run that is kept was started.
  public let oldestRun: Milliseconds?
  /// The most steps that a run has.
  public let mostSteps: Int
  /// When old runs were last looked for.
  public let pruned: Milliseconds?

  /// Rows of a table; 0 where there is none of that name.
  public func rows(_ table: String) -> Int { tables.first { $0.name == table }?.rows ?? 0 }

  /// Steps for each run, on average.
  public var stepsPerRun: Double {
    rows("runs") == 0 ? 0 : Double(rows("steps")) / Double(rows("runs"))
  }

  /// Bytes of the file for each step, whatever they are for.
  public var bytesPerStep: Double {
    rows("steps") == 0 ? 0 : Double(bytes) / Double(rows("steps"))
  }
}

extension SQLiteStore {
  /// How large the store is, and with what.
  public func statistics() async throws(JournalError) -> StoreStatistics {
    let log = (try? FileManager.default.attributesOfItem(atPath: path + "-wal"))?[.size] as? Int ?? 0
    return try await read { try $0.statistics(logBytes: log) }
  }
}

extension StoreReader {
  fileprivate func statistics(logBytes: Int) throws -> StoreStatistics {
    func number(_ sql: String) throws -> Int { try connection.first(sql) { Int($0.integer(0)) } ?? 0 }
    let page = try number("PRAGMA page_size")
    let free = try number("PRAGMA freelist_count") * page
    let names = try connection.all(
      "SELECT name FROM sqlite_schema WHERE type = 'table' AND name NOT LIKE 'sqlite_%' ORDER BY name"
    ) { $0.text(0) }
    let sizes = tableBytes()
    var runs: [String: Int] = [:]
    for (code, count) in try connection.all(
      "SELECT status, count(*) FROM runs GROUP BY status", read: { ($0.integer(0), Int($0.integer(1))) })
    {
      runs[RunStatus.names.first { $0.value == code }?.key ?? "unknown"] = count
    }
    return StoreStatistics(
      store: try connection.first("SELECT value FROM meta WHERE name = 'store'") { $0.text(0) } ?? "",
      schema: try number("PRAGMA user_version"), generation: Int(try meta(.generation) ?? 0),
      restoredSince: try meta(.restoredSince), bytes: try number("PRAGMA page_count") * page - free, freeBytes: free,
      logBytes: logBytes,
      tables: try names.map { name in
        StoreStatistics.Table(name: name, rows: try number("SELECT count(*) FROM \"\(name)\""), bytes: sizes?[name])
      },
      runs: runs, unsettledEffects: try number("SELECT count(*) FROM effects e WHERE \(Self.isLive)"),
      openQuestions: try number("SELECT count(*) FROM approvals WHERE state = 0"),
      oldestRun: try connection.first("SELECT min(started) FROM runs") { $0.integerOrNil(0) } ?? nil,
      mostSteps: try number("SELECT coalesce(max(n), 0) FROM (SELECT count(*) AS n FROM steps GROUP BY run)"),
      pruned: try meta(.pruned))
  }

  /// Not every SQLite is built to tell.
  private func tableBytes() -> [String: Int]? {
    let sizes = try? connection.all(
      """
      SELECT s.tbl_name, sum(d.pgsize) FROM dbstat d JOIN sqlite_schema s ON s.name = d.name
      WHERE d.aggregate = TRUE GROUP BY s.tbl_name
      """
    ) { ($0.text(0), Int($0.integer(1))) }
    return sizes.map { Dictionary($0, uniquingKeysWith: +) }
  }
}

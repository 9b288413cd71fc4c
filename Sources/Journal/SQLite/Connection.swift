internal import GRDB
internal import GRDBSQLite

/// A value as SQLite keeps it.
enum SQLValue: Hashable, Sendable {
  case null
  case integer(Int64)
  case text(String)
  case bytes([UInt8])

  init(_ integer: Int64?) { self = integer.map(SQLValue.integer) ?? .null }
  init(_ text: String?) { self = text.map(SQLValue.text) ?? .null }
  init(_ path: StepPath) { self = .bytes(PathBytes.encode(path)) }
}

/// Runs statements on one connection, on the queue that owns it.
///
/// The statements are prepared and kept by GRDB; their values go to SQLite and back without a detour, because a busy
/// store binds a million of them a second.
struct Connection {
  let database: Database

  /// Runs a statement that answers nothing.
  func run(_ sql: String, _ values: SQLValue...) throws {
    try step(sql, values) { _ in false }
  }

  /// Runs a statement that answers nothing; the values are as many as the statement has places.
  func run(_ sql: String, list values: [SQLValue]) throws {
    try step(sql, values) { _ in false }
  }

  /// The first row.
  func first<Value>(_ sql: String, _ values: SQLValue..., read: (Columns) throws -> Value) throws -> Value? {
    var result: Value?
    try step(sql, values) { columns in
      result = try read(columns)
      return false
    }
    return result
  }

  /// All rows.
  func all<Value>(_ sql: String, _ values: SQLValue..., read: (Columns) throws -> Value) throws -> [Value] {
    try all(sql, list: values, read: read)
  }

  /// All rows; the values are as many as the statement has places.
  func all<Value>(_ sql: String, list values: [SQLValue], read: (Columns) throws -> Value) throws -> [Value] {
    var results: [Value] = []
    try step(sql, values) { columns in
      results.append(try read(columns))
      return true
    }
    return results
  }

  /// Whether there is a row.
  func exists(_ sql: String, _ values: SQLValue...) throws -> Bool {
    var exists = false
    try step(sql, values) { _ in
      exists = true
      return false
    }
    return exists
  }

  var lastID: Int64 { database.lastInsertedRowID }
  /// How many rows the latest statement changed.
  var changed: Int { database.changesCount }

  private func step(_ sql: String, _ values: [SQLValue], row: (Columns) throws -> Bool) throws {
    let statement = try database.cachedStatement(sql: sql).sqliteStatement
    defer {
      sqlite3_reset(statement)
      sqlite3_clear_bindings(statement)
    }
    for (index, value) in values.enumerated() { bind(value, at: CInt(index + 1), of: statement) }
    while true {
      switch sqlite3_step(statement) {
      case SQLITE_DONE: return
      case SQLITE_ROW:
        guard try row(Columns(statement: statement)) else { return }
      case let code:
        throw DatabaseError(
          resultCode: ResultCode(rawValue: code),
          message: sqlite3_errmsg(sqlite3_db_handle(statement)).map(String.init),
          sql: sql)
      }
    }
  }

  private func bind(_ value: SQLValue, at index: CInt, of statement: OpaquePointer) {
    // SQLite makes a copy: the value need not outlive the call.
    let copied = unsafeBitCast(-1, to: sqlite3_destructor_type.self)
    switch value {
    case .null: sqlite3_bind_null(statement, index)
    case .integer(let integer): sqlite3_bind_int64(statement, index, integer)
    case .text(var text):
      text.withUTF8 { utf8 in
        // No bytes at all would have no address, which SQLite takes for null.
        guard let start = utf8.baseAddress else {
          sqlite3_bind_text(statement, index, "", 0, copied)
          return
        }
        start.withMemoryRebound(to: CChar.self, capacity: utf8.count) { characters in
          _ = sqlite3_bind_text(statement, index, characters, CInt(utf8.count), copied)
        }
      }
    case .bytes(let bytes):
      bytes.withUnsafeBytes { buffer in
        guard let start = buffer.baseAddress, !buffer.isEmpty else {
          sqlite3_bind_zeroblob(statement, index, 0)
          return
        }
        sqlite3_bind_blob(statement, index, start, CInt(buffer.count), copied)
      }
    }
  }
}

/// The row a statement is at.
struct Columns {
  fileprivate let statement: OpaquePointer

  func isNull(_ index: CInt) -> Bool { sqlite3_column_type(statement, index) == SQLITE_NULL }

  func integer(_ index: CInt) -> Int64 { sqlite3_column_int64(statement, index) }

  func integerOrNil(_ index: CInt) -> Int64? { isNull(index) ? nil : integer(index) }

  func text(_ index: CInt) -> String {
    guard let start = sqlite3_column_text(statement, index) else { return "" }
    let length = Int(sqlite3_column_bytes(statement, index))
    return String(decoding: UnsafeBufferPointer(start: start, count: length), as: UTF8.self)
  }

  func textOrNil(_ index: CInt) -> String? { isNull(index) ? nil : text(index) }

  func bytes(_ index: CInt) -> [UInt8] {
    guard let start = sqlite3_column_blob(statement, index) else { return [] }
    return Array(UnsafeRawBufferPointer(start: start, count: Int(sqlite3_column_bytes(statement, index))))
  }

  func bytesOrNil(_ index: CInt) -> [UInt8]? { isNull(index) ? nil : bytes(index) }

  /// A digest as it was given.
  func digest(_ index: CInt) -> String {
    sqlite3_column_type(statement, index) == SQLITE_BLOB ? Digests.text(bytes(index)) : text(index)
  }

  func path(_ index: CInt) throws(JournalError) -> StepPath {
    guard let path = PathBytes.decode(bytes(index)) else { throw .damaged("a path in the store cannot be read") }
    return path
  }
}

internal import GRDB

extension JournalError {
  /// What a failure of SQLite means to whoever uses the store.
  init(_ error: any Error) {
    switch error {
    case let error as JournalError: self = error
    case let error as DatabaseError: self.init(error)
    default: self = .unavailable("the store failed: \(error)")
    }
  }

  private init(_ error: DatabaseError) {
    let reason = error.message ?? "SQLite's error \(error.extendedResultCode.rawValue)"
    switch error.resultCode {
    case .SQLITE_FULL: self = .full("the store cannot grow: \(reason)")
    case .SQLITE_READONLY, .SQLITE_PERM: self = .readOnly("the store cannot be written: \(reason)")
    case .SQLITE_CORRUPT: self = .damaged("the store is damaged: \(reason)")
    case .SQLITE_NOTADB: self = .foreign("the store's file is no database")
    case .SQLITE_BUSY, .SQLITE_LOCKED: self = .busy("another process writes to the store and does not end")
    case .SQLITE_CANTOPEN:
      self = .unavailable("the store cannot be opened: \(reason)", hint: "its folder must be writable for this user")
    case .SQLITE_IOERR where error.extendedResultCode == .SQLITE_IOERR_SHORT_READ:
      self = .damaged("the store's file ends too early")
    case .SQLITE_IOERR:
      self = .unavailable(
        "the store cannot be read or written: \(reason) (\(error.extendedResultCode.rawValue))",
        hint: "its disk is full, at a limit or failing; when it is well, `ebb runs resume --all` goes on")
    case .SQLITE_IOERR:
      self = .unavailable(
        "the store cannot be read or written: \(reason) (\(error.extendedResultCode.rawValue))",
        hint: "its disk is full, at a limit or failing; when it is well, `ebb runs resume --all` goes on")
    default: self = .unavailable("the store failed: \(reason)")
    }
  }
}

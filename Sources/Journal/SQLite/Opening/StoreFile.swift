internal import Foundation
internal import GRDB
internal import GRDBSQLite

/// The file of a store, before it is opened: made for its owner alone, and looked at so that nothing of others' is
/// touched.
struct StoreFile {
  /// Marks a SQLite file as a store of Ebb's: `Ebb!` in its header.
  static let applicationID: UInt32 = 0x4562_6221

  let path: String

  /// Makes the file where there is none, or refuses what is no store.
  ///
  /// - Returns: whether the store is new.
  func prepare(creating: Bool) throws(JournalError) -> Bool {
    var information = stat()
    guard stat(path, &information) == 0 else {
      guard errno == ENOENT else { throw failure("cannot be opened") }
      guard creating else {
        throw .unavailable("there is no store at \(path)", hint: "the first `ebb run` makes it; --store names another")
      }
      try makeFolder()
      try make()
      try mark()
      return true
    }
    guard information.st_mode & S_IFMT == S_IFREG else { throw .foreign("\(path) is no file") }
    try restrict(information)
    guard information.st_size > 0 else {
      try mark()
      return true
    }
    guard try applicationID() == Self.applicationID else { throw .foreign("\(path) is a database of another program") }
    return false
  }

  /// The files beside the store that hold parts of it while it is open.
  var companions: [String] { [path + "-wal", path + "-shm"] }

  private func makeFolder() throws(JournalError) {
    let folder = URL(filePath: path).deletingLastPathComponent().path(percentEncoded: false)
    do {
      try FileManager.default.createDirectory(
        atPath: folder, withIntermediateDirectories: true, attributes: [.posixPermissions: 0o700])
    } catch {
      throw .unavailable("the folder \(folder) cannot be made", hint: "name another place with --store or EBB_STORE")
    }
  }

  /// SQLite gives the files beside it the same permissions. A file that another one has made meanwhile is not opened:
  /// see ``applicationID()``.
  private func make() throws(JournalError) {
    let descriptor = Foundation.open(path, O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0o600)
    guard descriptor >= 0 else {
      guard errno == EEXIST else { throw failure("cannot be made") }
      return
    }
    close(descriptor)
  }

  /// Before anything else is written: a crash in between leaves an empty file, or a store without a schema.
  private func mark() throws(JournalError) {
    do {
      var configuration = GRDB.Configuration()
      configuration.busyMode = .timeout(5)
      try Contention.outlast(.seconds(5)) {
        let queue = try DatabaseQueue(path: path, configuration: configuration)
        try queue.writeWithoutTransaction { try $0.execute(sql: "PRAGMA application_id = \(Self.applicationID)") }
        try queue.close()
      }
    } catch {
      throw JournalError(error)
    }
  }

  /// What others may read is taken from them; a file of another user's is left to its owner.
  private func restrict(_ information: stat) throws(JournalError) {
    guard information.st_mode & 0o077 != 0, information.st_uid == geteuid() else { return }
    for path in [path] + companions {
      guard chmod(path, 0o600) == 0 || errno == ENOENT || errno == EROFS else { throw failure("cannot be protected") }
    }
  }

  /// What the header says whose file it is.
  ///
  /// SQLite is asked, and not the file: a process that closes any descriptor of a file loses all locks that it has on it,
  /// which SQLite knows and waits with while this process has the store open elsewhere. As a file that nobody changes
  /// ("immutable") nothing is locked, and no log of another program's is opened or taken away.
  private func applicationID() throws(JournalError) -> UInt32 {
    let locator = URL(filePath: path).absoluteString + "?immutable=1"
    var database: OpaquePointer?
    defer { sqlite3_close(database) }
    var statement: OpaquePointer?
    defer { sqlite3_finalize(statement) }
    // What is damaged further on, or grows just now, is no matter here: "writable_schema" looks away.
    guard sqlite3_open_v2(locator, &database, SQLITE_OPEN_READONLY | SQLITE_OPEN_URI, nil) == SQLITE_OK,
      sqlite3_exec(database, "PRAGMA writable_schema = ON", nil, nil, nil) == SQLITE_OK,
      sqlite3_prepare_v2(database, "PRAGMA application_id", -1, &statement, nil) == SQLITE_OK,
      sqlite3_step(statement) == SQLITE_ROW
    else {
      guard sqlite3_errcode(database) == SQLITE_NOTADB else {
        throw .unavailable("\(path) cannot be read: \(String(cString: sqlite3_errmsg(database)))")
      }
      throw .foreign("\(path) is no database")
    }
    return UInt32(bitPattern: sqlite3_column_int(statement, 0))
  }

  private func failure(_ what: String) -> JournalError {
    let code = errno
    let text = "\(path) \(what): \(String(cString: strerror(code)))"
    return code == EROFS || code == EACCES || code == EPERM ? .readOnly(text) : .unavailable(text)
  }
}

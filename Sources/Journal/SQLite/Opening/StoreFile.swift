internal import Foundation
internal import GRDB

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
    let header = try header()
    guard !header.isEmpty else {
      try mark()
      return true
    }
    guard header.count == 100, header.starts(with: Array("SQLite format 3\0".utf8)) else {
      throw .foreign("\(path) is no database")
    }
    let application = header[68..<72].reduce(UInt32(0)) { $0 << 8 | UInt32($1) }
    guard application == Self.applicationID else { throw .foreign("\(path) is a database of another program") }
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

  /// SQLite gives the files beside it the same permissions.
  private func make() throws(JournalError) {
    let descriptor = Foundation.open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0o600)
    guard descriptor >= 0 else { throw failure("cannot be made") }
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

  private func header() throws(JournalError) -> [UInt8] {
    let descriptor = Foundation.open(path, O_RDONLY | O_CLOEXEC)
    guard descriptor >= 0 else { throw failure("cannot be read") }
    defer { close(descriptor) }
    var bytes = [UInt8](repeating: 0, count: 100)
    let count = read(descriptor, &bytes, bytes.count)
    guard count >= 0 else { throw failure("cannot be read") }
    return Array(bytes.prefix(count))
  }

  private func failure(_ what: String) -> JournalError {
    let code = errno
    let text = "\(path) \(what): \(String(cString: strerror(code)))"
    return code == EROFS || code == EACCES || code == EPERM ? .readOnly(text) : .unavailable(text)
  }
}

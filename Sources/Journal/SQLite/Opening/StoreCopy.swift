internal import Foundation
internal import GRDB

/// A copy of a store that is in use, as it stood at one moment, for its owner alone.
struct StoreCopy {
  let path: String

  /// A copy to that file, which must not exist.
  init(to path: String) {
    self.path = path
  }

  /// Takes the copy and proves it; the file is there only if it is whole.
  func take(from source: some DatabaseReader) throws {
    let unfinished = path + ".unfinished"
    guard !FileManager.default.fileExists(atPath: path) else {
      throw JournalError.unavailable("\(path) exists", hint: "name a file that does not exist")
    }
    unlink(unfinished)
    let descriptor = Foundation.open(unfinished, O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0o600)
    guard descriptor >= 0 else {
      throw JournalError.unavailable("\(path) cannot be made: \(String(cString: strerror(errno)))")
    }
    defer { close(descriptor) }
    do {
      let target = try DatabaseQueue(path: unfinished)
      try source.backup(to: target)
      try target.writeWithoutTransaction { database in
        // A copy is one file: it needs none beside it.
        try database.execute(sql: "PRAGMA journal_mode = DELETE")
        let findings = try String.fetchAll(database, sql: "PRAGMA integrity_check(1)")
        guard findings == ["ok"] else {
          throw JournalError.damaged("the copy is not whole: \(findings.first ?? "unknown")")
        }
      }
      try target.close()
    } catch {
      unlink(unfinished)
      throw error
    }
    guard fsync(descriptor) == 0, rename(unfinished, path) == 0 else {
      let reason = String(cString: strerror(errno))
      unlink(unfinished)
      throw JournalError.unavailable("\(path) cannot be made: \(reason)")
    }
    syncFolder(of: path)
  }
}

/// Makes a new name in a folder outlive a loss of power. What cannot be synced is left to the system.
func syncFolder(of path: String) {
  let folder = URL(filePath: path).deletingLastPathComponent().path(percentEncoded: false)
  let descriptor = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
  guard descriptor >= 0 else { return }
  fsync(descriptor)
  close(descriptor)
}

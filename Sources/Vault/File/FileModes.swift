import Foundation

/// What is asked of the files that hold secrets: of this user, and open to no one else.
enum FileModes {
  /// Whether there is a file. A link is followed.
  static func exists(_ path: String) throws(VaultError) -> Bool {
    var information = stat()
    if stat(path, &information) == 0 { return true }
    guard errno == ENOENT || errno == ENOTDIR else { throw failure(path, "cannot be looked at") }
    return false
  }

  /// - Throws: ``VaultError`` `unprotected` where others than the owner have any right on a file.
  static func check(file path: String, as what: String) throws(VaultError) {
    let information = try owned(path)
    guard information.st_mode & S_IFMT == S_IFREG else { throw .unavailable("\(path) is no file") }
    guard information.st_mode & 0o077 == 0 else { throw .unprotected(what, mode: "600", path: path) }
  }

  /// - Throws: ``VaultError`` `unprotected` where others than the owner have any right on the folder of a file.
  static func check(folderOf path: String) throws(VaultError) {
    let folder = self.folder(of: path)
    guard try owned(folder).st_mode & 0o077 == 0 else { throw .unprotected("the folder", mode: "700", path: folder) }
  }

  private static func owned(_ path: String) throws(VaultError) -> stat {
    var information = stat()
    guard stat(path, &information) == 0 else { throw failure(path, "cannot be looked at") }
    guard information.st_uid == geteuid() || geteuid() == 0 else { throw .foreignOwner(path) }
    return information
  }

  /// Makes the folder of a file for its owner alone; one that is there stays as it is.
  static func makeFolder(of path: String) throws(VaultError) {
    let folder = self.folder(of: path)
    do {
      try FileManager.default.createDirectory(
        atPath: folder, withIntermediateDirectories: true, attributes: [.posixPermissions: 0o700])
    } catch {
      throw .unavailable("the folder \(folder) cannot be made", hint: "its parent must be writable for this user")
    }
  }

  static func folder(of path: String) -> String {
    let folder = (path as NSString).deletingLastPathComponent
    return folder.isEmpty ? "." : folder
  }

  /// Makes names that were given or taken in a folder last.
  static func sync(folderOf path: String) throws(VaultError) {
    let descriptor = open(folder(of: path), O_RDONLY | O_DIRECTORY | O_CLOEXEC)
    guard descriptor >= 0 else { throw failure(folder(of: path), "cannot be opened") }
    defer { close(descriptor) }
    guard fsync(descriptor) == 0 else { throw failure(folder(of: path), "cannot be written") }
  }

  /// What the system said last of a path.
  static func failure(_ path: String, _ what: String) -> VaultError {
    let code = errno
    let isOurs = code == EACCES || code == EPERM || code == EROFS
    return .unavailable(
      "\(path) \(what): \(String(cString: strerror(code)))",
      hint: isOurs ? "this user must have the right to" : code == ENOSPC || code == EDQUOT ? "make room" : nil)
  }
}

import Foundation

/// The vault's file: read as a whole, replaced as a whole, by one process at a time.
struct VaultFile: Sendable {
  /// A place in a write at which a process may die; whatever it is, old or new content opens afterwards.
  enum Step: CaseIterable, Sendable {
    case began
    case wrote
    case synced
    case keptPrevious
    case replaced
    case finished
  }

  let path: String
  /// Called at each step of a write; in tests it throws where a process would die.
  var reached: @Sendable (Step) throws(VaultError) -> Void = { (_: Step) throws(VaultError) -> Void in }

  /// The version before the last write.
  var previous: String { path + ".previous" }
  /// What a write begins as; one that was cut off leaves it, the next write takes it.
  private var fresh: String { path + ".new" }

  /// Tells whether the file is still the one that was read: each write makes another one.
  struct Stamp: Hashable, Sendable {
    let device: UInt64
    let file: UInt64
    let size: Int64
    let seconds: Int
    let nanoseconds: Int
  }

  var stamp: Stamp? {
    var information = stat()
    guard stat(path, &information) == 0 else { return nil }
    return Stamp(
      device: UInt64(information.st_dev), file: UInt64(information.st_ino), size: Int64(information.st_size),
      seconds: information.st_mtim.tv_sec, nanoseconds: information.st_mtim.tv_nsec)
  }

  /// The bytes, once the modes of file and folder are as they should be.
  func read() throws(VaultError) -> [UInt8] {
    guard try FileModes.exists(path) else { throw .absent(path) }
    try FileModes.check(folderOf: path)
    try FileModes.check(file: path, as: "the vault")
    return try bytes(of: path)
  }

  /// The bytes, whatever the modes: to list names, and for nothing that opens.
  func glance() throws(VaultError) -> [UInt8] {
    guard try FileModes.exists(path) else { throw .absent(path) }
    return try bytes(of: path)
  }

  private func bytes(of path: String) throws(VaultError) -> [UInt8] {
    var information = stat()
    guard stat(path, &information) == 0 else { throw FileModes.failure(path, "cannot be read") }
    guard information.st_size <= VaultDocument.mostBytes else {
      throw .damaged("it has more than \(VaultDocument.mostBytes >> 20) MiB")
    }
    guard let data = FileManager.default.contents(atPath: path) else {
      throw .unavailable("\(path) cannot be read", hint: "this user must have the right to")
    }
    return Array(data)
  }

  /// Puts new content in the place of the old one, and keeps that beside it. On the disk when it returns.
  func replace(by bytes: [UInt8]) throws(VaultError) {
    try reached(.began)
    try write(bytes)
    if try FileModes.exists(path) {
      // A second name for what is there: the vault itself is never without a name.
      let second = previous + ".new"
      unlink(second)
      guard link(path, second) == 0, rename(second, previous) == 0 else {
        throw FileModes.failure(previous, "cannot be made")
      }
    }
    try reached(.keptPrevious)
    guard rename(fresh, path) == 0 else { throw FileModes.failure(path, "cannot be replaced") }
    try reached(.replaced)
    try FileModes.sync(folderOf: path)
    try reached(.finished)
  }

  /// Removes the version before the last write: it must not be there for a key that was given up.
  func dropPrevious() throws(VaultError) {
    guard unlink(previous) == 0 || errno == ENOENT else { throw FileModes.failure(previous, "cannot be removed") }
    try FileModes.sync(folderOf: path)
  }

  private func write(_ bytes: [UInt8]) throws(VaultError) {
    unlink(fresh)
    let descriptor = open(fresh, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, 0o600)
    guard descriptor >= 0 else { throw FileModes.failure(fresh, "cannot be made") }
    defer { close(descriptor) }
    try bytes.lend { bytes throws(VaultError) in try SecretFile.write(bytes, to: descriptor, fresh) }
    try reached(.wrote)
    guard fsync(descriptor) == 0 else { throw FileModes.failure(fresh, "cannot be written") }
    try reached(.synced)
  }
}

import Foundation

/// The right to write the vault and its trail: one process at a time, and one thread of it.
struct VaultLock: ~Copyable {
  private let descriptor: Int32

  /// Waits for the lock beside a vault; the file stays, and the system gives the lock back when a process dies.
  ///
  /// - Throws: ``VaultError`` `busy` where another process holds it for longer than `patience`.
  init(ofVault path: String, patience: Duration = .seconds(10)) throws(VaultError) {
    let file = path + ".lock"
    let descriptor = open(file, O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0o600)
    guard descriptor >= 0 else { throw FileModes.failure(file, "cannot be made") }
    let end = ContinuousClock.now + patience
    while flock(descriptor, LOCK_EX | LOCK_NB) != 0 {
      guard errno == EWOULDBLOCK || errno == EINTR, ContinuousClock.now < end else {
        close(descriptor)
        throw .busy(file)
      }
      usleep(2000)
    }
    self.descriptor = descriptor
  }

  deinit { close(descriptor) }
}

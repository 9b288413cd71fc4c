import CProcess
import Synchronization

/// Keeps the process's memory to itself from the moment it holds a secret.
enum ProcessSecrecy {
  private static let isKept = Atomic(false)

  /// Forbids core dumps, and other processes of the same user to look into this one. What the system refuses (a sandbox may)
  /// is no reason to stop: the secret is as safe then as it was without.
  static func keep() {
    guard !isKept.exchange(true, ordering: .relaxed) else { return }
    _ = ebb_process_hide()
  }
}

import Glibc
import Synchronization

/// Counts the places that a process passes, writes each to a file before it goes on, and ends the process at one of
/// them as `kill -9` would.
final class Fuse: FaultPoints {
  private let passed = Mutex(0)
  private let fatal: Int?
  private let trace: Int32

  /// A fuse that blows at the place of that number, from 1; nil for never.
  ///
  /// - Parameter trace: the file that the places are appended to, one a line.
  init(blowingAt fatal: Int?, trace path: String) {
    self.fatal = fatal
    trace = open(path, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0o600)
  }

  deinit { close(trace) }

  func pass(_ place: @autoclosure () -> String) {
    let name = place()
    // Under the lock: a process that dies at a place must not pass another meanwhile.
    passed.withLock { count in
      count += 1
      let line = Array("\(name)\n".utf8)
      _ = line.withUnsafeBytes { write(trace, $0.baseAddress, $0.count) }
      guard count == fatal else { return }
      kill(getpid(), SIGKILL)
      while true { pause() }
    }
  }
}

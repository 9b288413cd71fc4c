import Foundation
import JSON
import ServiceLifecycle
import UnixSignals

/// Says that it serves; told to stop, gives what is under way so much time and no more.
///
/// The service ends when this part does. What is cut off goes on with whoever comes next, as after any crash.
struct ServedPresence: ServiceLifecycle.Service {
  /// What asks it to stop; heard since before anything began.
  let signals: UnixSignalsSequence
  /// How long what is under way may take to end.
  let grace: Duration
  let log: ServeLog
  /// Says that it serves.
  let greet: @Sendable () -> Void

  func run() async {
    greet()
    var heard = signals.makeAsyncIterator()
    guard await heard.next() != nil else { return }
    log.say(.info, "stopping: what is under way ends first", ["seconds": .integer(grace.components.seconds)])
    let (rest, grace, log) = (heard, grace, log)
    // These belong to nobody: they end with the process, or end it.
    Task.detached {
      var rest = rest
      // Who asks twice does not want to wait.
      if await rest.next() != nil { _exit(ExitStatus.interrupted.rawValue) }
    }
    Task.detached {
      try await Task.sleep(for: grace)
      log.say(.warn, "stopped in the middle of a step: it goes on with the next `ebb serve`")
      _exit(ExitStatus.done.rawValue)
    }
  }
}

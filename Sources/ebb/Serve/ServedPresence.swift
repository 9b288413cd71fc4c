import Dispatch
import Foundation
import JSON
import ServiceLifecycle

/// Says that it serves once signals are heard; told to stop, gives what is under way so much time and no more.
///
/// The last part of the service, and so the first that is told. What is cut off goes on with whoever comes next, as after
/// any crash.
struct ServedPresence: ServiceLifecycle.Service {
  /// How long what is under way may take to end.
  let grace: Duration
  let log: ServeLog
  /// Says that it serves.
  let greet: @Sendable () -> Void

  func run() async {
    greet()
    try? await gracefulShutdown()
    log.say(.info, "stopping: what is under way ends first", ["seconds": .integer(grace.components.seconds)])
    let (grace, log) = (grace, log)
    // It belongs to nobody: it ends with the process, or ends it.
    Task.detached {
      // Who asks twice does not want to wait.
      let sources = [SIGINT, SIGTERM].map { number in
        let source = DispatchSource.makeSignalSource(signal: number, queue: .global(qos: .userInteractive))
        source.setEventHandler { _exit(ExitStatus.interrupted.rawValue) }
        source.resume()
        return source
      }
      try await Task.sleep(for: grace)
      log.say(.warn, "stopped in the middle of a step: it goes on with the next `ebb serve`")
      withExtendedLifetime(sources) { _exit(ExitStatus.done.rawValue) }
    }
  }
}

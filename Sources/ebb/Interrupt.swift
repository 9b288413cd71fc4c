import Dispatch
import Foundation

/// Ctrl-C and `kill`, as something to wait for instead of an end without a word.
enum Interrupt {
  /// Runs `body` and cancels its task at the first SIGINT or SIGTERM; a second one ends the process at once with 130.
  ///
  /// Returns nil when it was interrupted and `body` ended with an error of its cancellation.
  static func cancelling<Value: Sendable>(_ body: @escaping @Sendable () async throws -> Value) async throws -> Value? {
    let task = Task { try await body() }
    return try await watching(task)
  }

  /// The same for a body that has something to say also when it was interrupted; with whether it was.
  static func noticing<Value: Sendable>(
    _ body: @escaping @Sendable () async throws -> Value
  ) async throws -> (value: Value, isInterrupted: Bool) {
    let task = Task { try await body() }
    guard let value = try await watching(task) else { throw ExitStatus.interrupted }
    return (value, task.isCancelled)
  }

  private static func watching<Value: Sendable>(
    _ task: Task<Value, any Error>
  ) async throws -> Value? {
    let sources = [SIGINT, SIGTERM].map { number in
      signal(number, SIG_IGN)
      let source = DispatchSource.makeSignalSource(signal: number, queue: .global(qos: .userInteractive))
      source.setEventHandler {
        if task.isCancelled { _exit(ExitStatus.interrupted.rawValue) }
        task.cancel()
      }
      source.resume()
      return source
    }
    defer {
      for source in sources { source.cancel() }
      for number in [SIGINT, SIGTERM] { signal(number, SIG_DFL) }
    }
    do {
      return try await task.value
    } catch {
      if task.isCancelled { return nil }
      throw error
    }
  }
}

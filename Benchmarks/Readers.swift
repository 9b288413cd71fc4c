import Catalogue
import JSON
import PandaPon
import Synchronization

/// An API that nobody asks.
struct Nobody: Reader, Writer {
  func read(_ operation: Operation, _ arguments: Arguments) async -> Outcome { .ok(Answer(data: .null)) }
  func write(_ operation: Operation, _ arguments: Arguments) async -> Outcome { .ok(Answer(data: .null)) }
}

/// An API that never answers, and knows how many wait for it.
final class SilentReader: Reader {
  private struct State {
    var waiting: [UnsafeContinuation<Outcome, Never>] = []
    var expected = 0
    var observer: CheckedContinuation<Void, Never>?
  }

  private let state = Mutex(State())

  func read(_ operation: Operation, _ arguments: Arguments) async -> Outcome {
    await withUnsafeContinuation { continuation in
      state.withLock { state in
        state.waiting.append(continuation)
        guard state.waiting.count >= state.expected else { return }
        state.observer?.resume()
        state.observer = nil
      }
    }
  }

  /// Returns once so many wait.
  func waits(_ count: Int) async {
    await withCheckedContinuation { continuation in
      state.withLock { state in
        guard state.waiting.count < count else { return continuation.resume() }
        (state.expected, state.observer) = (count, continuation)
      }
    }
  }
}

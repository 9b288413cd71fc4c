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
    var expected: Int
    var waiting: [UnsafeContinuation<Outcome, Never>] = []
    var observer: CheckedContinuation<Void, Never>?
  }

  private let state: Mutex<State>

  init(_ expected: Int) { state = Mutex(State(expected: expected)) }

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

  /// Returns once all wait.
  func allWait() async {
    await withCheckedContinuation { continuation in
      state.withLock { state in
        if state.waiting.count >= state.expected { continuation.resume() } else { state.observer = continuation }
      }
    }
  }
}

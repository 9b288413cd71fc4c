import Journal
import Playbooks
import Synchronization

/// Wakes one who waits, for a time or for others to ring; who rings while nobody waits is not forgotten.
final class Bell: Sendable {
  private struct State {
    var isRung = false
    var waiter: CheckedContinuation<Void, Never>?
  }

  private let state = Mutex(State())

  func ring() {
    let waiter = state.withLock { state in
      if state.waiter == nil { state.isRung = true }
      return state.waiter.take()
    }
    waiter?.resume()
  }

  /// Waits until it rings, the instant comes, or the task is cancelled.
  ///
  /// - Parameter instant: nil waits for the bell alone.
  func wait(until instant: Milliseconds?, by clock: any RunClock) async {
    let timer = instant.map { instant in
      Task {
        try? await clock.sleep(until: instant)
        if !Task.isCancelled { self.ring() }
      }
    }
    await withTaskCancellationHandler {
      await withCheckedContinuation { continuation in
        let isRung = state.withLock { state in
          if state.isRung {
            state.isRung = false
            return true
          }
          state.waiter = continuation
          return false
        }
        if isRung || Task.isCancelled {
          if !isRung { state.withLock { $0.waiter = nil } }
          continuation.resume()
        }
      }
    } onCancel: {
      ring()
    }
    timer?.cancel()
  }
}

import Synchronization

/// Where a run's completions wait for it. Anyone may post, without waiting for the run's thread; the run alone takes.
final class Mailbox: Sendable {
  private struct Contents {
    var completions: [Completion] = []
    var waiter: CheckedContinuation<Void, Never>?
  }

  private let contents = Mutex(Contents())

  /// Leaves a completion, and wakes the run where it waits for one.
  func post(_ completion: Completion) {
    let waiter = contents.withLock { contents in
      contents.completions.append(completion)
      return contents.waiter.take()
    }
    waiter?.resume()
  }

  /// All that came since the last time, at least one: in the order in which they came.
  nonisolated(nonsending) func take() async -> [Completion] {
    let arrived = takeArrived()
    if !arrived.isEmpty { return arrived }
    await withCheckedContinuation { continuation in
      let isLate = contents.withLock { contents in
        if !contents.completions.isEmpty { return true }
        contents.waiter = continuation
        return false
      }
      if isLate { continuation.resume() }
    }
    return takeArrived()
  }

  /// All that came since the last time, without waiting.
  func takeArrived() -> [Completion] {
    contents.withLock { contents in
      defer { contents.completions = [] }
      return contents.completions
    }
  }
}

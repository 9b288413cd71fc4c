import Console
import Synchronization

/// A sink in memory that can fail or hang.
final class TestSink: EventSink {
  enum Mood: Sendable {
    case well
    case failing
    /// It answers only when it is released.
    case hanging
  }

  private struct State {
    var mood = Mood.well
    var events: [IncomingEvent] = []
    var waiting: [CheckedContinuation<Void, Never>] = []
  }
  private let state = Mutex(State())

  struct Broken: Error {}

  var events: [IncomingEvent] { state.withLock { $0.events } }

  func set(_ mood: Mood) {
    state.withLock { $0.mood = mood }
  }

  /// Lets everybody go who waits.
  func release() {
    let waiting = state.withLock { state in
      state.mood = .well
      defer { state.waiting = [] }
      return state.waiting
    }
    for one in waiting { one.resume() }
  }

  func receive(_ event: IncomingEvent) async throws -> Reception {
    switch state.withLock({ $0.mood }) {
    case .well: break
    case .failing: throw Broken()
    case .hanging:
      await withCheckedContinuation { continuation in state.withLock { $0.waiting.append(continuation) } }
    }
    return state.withLock { state in
      if state.events.contains(where: { $0.key == event.key }) { return .duplicate }
      state.events.append(event)
      return .stored
    }
  }
}

public import Journal
public import Playbooks

/// Hands events to the playbooks that subscribe to them: each once, with the start of its run in one transaction.
public actor EventDispatcher {
  private let store: any EventStore
  private let source: any RunSource
  private let clock: any RunClock
  private let observe: @Sendable (Observation) -> Void
  private let bell = Bell()

  /// What a dispatcher tells whoever watches.
  public enum Observation: Sendable {
    case dispatched(EventRecord, [Delivery])
    case failed(String)
  }

  /// A dispatcher of the events of that store.
  public init(
    _ store: any EventStore, source: any RunSource, clock: any RunClock = WallClock(),
    observe: @escaping @Sendable (Observation) -> Void = { _ in }
  ) {
    self.store = store
    self.source = source
    self.clock = clock
    self.observe = observe
  }

  /// An event may have come.
  public nonisolated func ring() { bell.ring() }

  /// Dispatches events until the task is cancelled.
  public func run() async {
    while !Task.isCancelled {
      let isDone = await step()
      if Task.isCancelled { return }
      await bell.wait(until: isDone ? nil : clock.now() + Self.pause, by: clock)
    }
  }

  /// So many are looked at together.
  private static let most = 100
  /// How long a store that fails is left alone, in milliseconds.
  private static let pause: Milliseconds = 1000

  /// Dispatches all that waits.
  ///
  /// - Returns: whether that was possible.
  @discardableResult
  public func step() async -> Bool {
    do {
      while !Task.isCancelled {
        let events = try await store.undispatched(limit: Self.most)
        guard !events.isEmpty else { return true }
        for event in events {
          let due = try await source.deliveries(of: event)
          guard let deliveries = try await store.dispatch(event, due, at: clock.now()) else { continue }
          observe(.dispatched(event, deliveries))
        }
      }
    } catch {
      observe(.failed("\(error)"))
      return false
    }
    return true
  }
}

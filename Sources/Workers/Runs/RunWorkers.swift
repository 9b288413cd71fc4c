public import Journal
public import Playbooks

/// Advances all runs that can be advanced: those that were started and nobody has begun, those whose wait is over, and
/// those whose process died. What is unfinished when it begins is taken up first.
public actor RunWorkers {
  private let store: any ScheduleStore
  private let advancer: any RunAdvancing
  private let clock: any RunClock
  private let observe: @Sendable (Observation) -> Void
  private let bell = Bell()
  private var queue: RunQueue
  /// Runs for which nothing can be done just now, and until when they are left alone.
  private var resting: [RunID: Milliseconds] = [:]

  /// What workers tell whoever watches.
  public enum Observation: Sendable {
    /// How many wait to be advanced, and how many are.
    case depth(waiting: Int, running: Int)
    case failed(String)
  }

  /// Workers on the runs of that store.
  public init(
    _ store: any ScheduleStore, advancer: any RunAdvancing, limits: RunQueue.Limits = RunQueue.Limits(),
    clock: any RunClock = WallClock(), observe: @escaping @Sendable (Observation) -> Void = { _ in }
  ) {
    self.store = store
    self.advancer = advancer
    self.clock = clock
    self.observe = observe
    queue = RunQueue(limits)
  }

  /// A run may have become due.
  public nonisolated func ring() { bell.ring() }

  /// Advances runs until the task is cancelled; then those that are advanced are left where they can go on.
  public func run() async {
    await withDiscardingTaskGroup { group in
      while !Task.isCancelled {
        let next = await fill()
        while !Task.isCancelled, let run = queue.next() {
          group.addTask { await self.advance(run) }
        }
        observe(.depth(waiting: queue.count, running: queue.runningCount))
        if Task.isCancelled { break }
        await bell.wait(until: next, by: clock)
      }
      group.cancelAll()
    }
  }

  private func advance(_ run: RunRecord) async {
    let rest = await advancer.advance(run)
    queue.finish(run.id)
    if let rest { resting[run.id] = clock.now() + max(rest, 1) }
    bell.ring()
  }

  /// How long a store that fails is left alone, in milliseconds.
  private static let pause: Milliseconds = 1000

  /// Queues what is due.
  ///
  /// - Returns: when something is due next.
  private func fill() async -> Milliseconds? {
    let now = clock.now()
    do {
      resting = resting.filter { $0.value > now }
      for id in try await store.due(before: now) where !queue.holds(id) && resting[id] == nil {
        if let run = try await store.run(id) { queue.append(run) }
      }
      return [try await store.nextDue(after: now), resting.values.min()].compactMap(\.self).min()
    } catch {
      observe(.failed("\(error)"))
      return now + Self.pause
    }
  }
}

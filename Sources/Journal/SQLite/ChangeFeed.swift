internal import GRDB
internal import Synchronization

/// Tells listeners what this process recorded, and what others did: SQLite says on the writer's connection whether
/// another one committed since, and the store keeps a short list of changes.
final class ChangeFeed: Sendable {
  private struct State {
    var listeners: [Int: AsyncStream<Change>.Continuation] = [:]
    var next = 0
    var polling: Task<Void, Never>?
    var dataVersion: Int64 = 0
    var lastChange: Int64 = 0
  }

  private let state = Mutex(State())
  private let pool: DatabasePool
  private let words: Words
  private let opening: Int64
  private let interval: Duration

  /// - Parameter interval: how often other processes' changes are looked for while someone listens.
  init(_ pool: DatabasePool, words: Words, opening: Int64, interval: Duration) {
    self.pool = pool
    self.words = words
    self.opening = opening
    self.interval = interval
  }

  deinit { finish() }

  func finish() {
    let (listeners, polling) = state.withLock { ($0.listeners.values, $0.polling) }
    polling?.cancel()
    for listener in listeners { listener.finish() }
  }

  func announce(_ changes: [Change]) {
    guard !changes.isEmpty else { return }
    let listeners = state.withLock { $0.listeners }
    for listener in listeners.values {
      for change in changes { listener.yield(change) }
    }
  }

  /// What changes from now on.
  nonisolated(nonsending) func listen() async -> AsyncStream<Change> {
    await look(for: false)
    let (stream, continuation) = AsyncStream.makeStream(of: Change.self)
    let number = state.withLock { state in
      state.next += 1
      state.listeners[state.next] = continuation
      if state.polling == nil { state.polling = poll() }
      return state.next
    }
    continuation.onTermination = { [weak self] _ in self?.leave(number) }
    return stream
  }

  private func leave(_ number: Int) {
    let polling = state.withLock { state -> Task<Void, Never>? in
      state.listeners[number] = nil
      guard state.listeners.isEmpty else { return nil }
      defer { state.polling = nil }
      return state.polling
    }
    polling?.cancel()
  }

  private func poll() -> Task<Void, Never> {
    let interval = interval
    return Task { [weak self] in
      while !Task.isCancelled {
        try? await Task.sleep(for: interval)
        await self?.look(for: true)
      }
    }
  }

  /// Finds what other processes recorded since it was last looked for; a store that cannot be read is asked again.
  ///
  /// - Parameter telling: whether it is told; else only noted how far the list goes.
  nonisolated(nonsending) func look(for telling: Bool) async {
    await withCheckedContinuation { (done: CheckedContinuation<Void, Never>) in
      pool.asyncWriteWithoutTransaction { database in
        self.look(Connection(database: database), telling: telling)
        done.resume()
      }
    }
  }

  private func look(_ connection: Connection, telling: Bool) {
    let known = state.withLock { ($0.dataVersion, $0.lastChange, $0.listeners.isEmpty) }
    guard let version = try? connection.first("PRAGMA data_version", read: { $0.integer(0) }) else { return }
    guard telling, !known.2 else {
      // Someone listens already: what is not told yet stays to be told.
      guard known.2, let last = try? connection.first("SELECT max(id) FROM changes", read: { $0.integer(0) }) else {
        return
      }
      state.withLock { ($0.dataVersion, $0.lastChange) = (version, last) }
      return
    }
    guard version != known.0, let news = try? self.news(connection, after: known.1) else { return }
    state.withLock { ($0.dataVersion, $0.lastChange) = (version, news.last?.id ?? known.1) }
    announce(news.compactMap(\.change))
  }

  private func news(_ connection: Connection, after last: Int64) throws -> [(id: Int64, change: Change?)] {
    try connection.all(
      """
      SELECT c.id, r.name, c.path, c.state, c.waiting_for, c.opening, c.run FROM changes c LEFT JOIN runs r ON r.id = c.run
      WHERE c.id > ? ORDER BY c.id
      """, .integer(last)
    ) { row in
      // What this process did is told already; a run may be gone by now.
      if row.integer(5) != opening, row.isNull(1), row.integer(6) == 0 {
        return (row.integer(0), row.integer(3) == 1 ? .event : .agenda)
      }
      guard row.integer(5) != opening, let name = row.textOrNil(1) else { return (row.integer(0), nil) }
      let run = RunID(name)
      let change: Change =
        row.isNull(2)
        ? .run(run, try RunStatus(code: row.integer(3), wait: row.integerOrNil(4)))
        : .effect(run, try row.path(2), try EffectState(code: row.integer(3)))
      return (row.integer(0), change)
    }
  }
}

import Catalogue
import Foundation
import Journal
import PandaPon
import Playbooks
import Synchronization
import Workers

/// The parts of a service that run what is due, as `ebb serve` puts them together; what is looked at is when scripts begin.
final class RunService: Sendable {
  let store: SQLiteStore
  private let source: ScheduledRuns
  private let workers: RunWorkers
  private let began: Began

  /// Tells whoever listens when a script says its first line.
  private final class Began: Sendable {
    private let listener = Mutex<AsyncStream<(at: Double, wall: Double)>.Continuation?>(nil)

    func note() {
      let mark = (wallSeconds(), wallMilliseconds())
      _ = listener.withLock { $0?.yield(mark) }
    }

    /// What begins from now on; whoever listened before hears no more.
    func listen() -> AsyncStream<(at: Double, wall: Double)> {
      let (stream, continuation) = AsyncStream<(at: Double, wall: Double)>.makeStream()
      listener.withLock { listener in
        listener?.finish()
        listener = continuation
      }
      return stream
    }

    func finish() { listener.withLock { $0?.finish() } }
  }

  private struct Advancer: RunAdvancing {
    let surroundings: RunSurroundings

    func advance(_ run: RunRecord) async -> Milliseconds? {
      do {
        _ = try await RunAdvance.resume(run.id, in: surroundings)
        return nil
      } catch {
        return 1000
      }
    }
  }

  init(_ store: SQLiteStore) throws {
    self.store = store
    let began = Began()
    self.began = began
    source = try ScheduledRuns(store, script: "log.info(\"here\")")
    var surroundings = RunSurroundings(
      catalogue: try Catalogue.embedded(), reader: Nobody(), writer: Nobody(), journal: store,
      leases: LeaseKeeper(journal: store),
      observer: { event in
        if case .log = event { began.note() }
      })
    surroundings.isAttended = false
    workers = RunWorkers(store, advancer: Advancer(surroundings: surroundings))
  }

  /// Serves while something is measured.
  func serving<Result: Sendable>(_ body: @escaping @Sendable () async throws -> Result) async throws -> Result {
    let changes = await store.changes()
    let workers = workers
    let tasks = [
      Task { await workers.run() },
      Task {
        for await change in changes {
          switch change {
          case .agenda, .event, .run(_, .running), .effect: break
          case .run: workers.ring()
          }
        }
      },
    ]
    defer { for task in tasks { task.cancel() } }
    return try await body()
  }

  /// Milliseconds from handing over a run until its script begins, one after the other.
  func enqueue(_ count: Int) async throws -> [Double] {
    var figures: [Double] = []
    var marks = began.listen().makeAsyncIterator()
    for _ in 0..<count {
      let run = try RunAssignment(
        id: RunID(UUID().uuidString), version: source.version, header: nil, profile: "shop0")
      let start = wallSeconds()
      try await store.keep(source.version)
      _ = try await store.start(run.record(at: WallClock().now(), as: .queued), requiring: [], heldBy: nil)
      guard let mark = await marks.next() else { throw BenchError("the run did not begin") }
      figures.append((mark.at - start) * 1000)
      try await Task.sleep(for: .milliseconds(5))
    }
    return figures
  }

  /// Milliseconds from each full second until the scripts of schedules begin that are due then.
  func lateness(seconds: Double) async throws -> [Double] {
    let keeper = ScheduleKeeper(
      store, source: source, terms: { try? ScheduleTerms($0.terms, zone: "UTC") })
    let keeping = Task { await keeper.run() }
    try await Task.sleep(for: .milliseconds(1500))
    let marks = began.listen()
    try await Task.sleep(for: .seconds(seconds))
    began.finish()
    keeping.cancel()
    await keeping.value
    var late: [Double] = []
    for await mark in marks { late.append(mark.wall.truncatingRemainder(dividingBy: 1000)) }
    return late
  }
}

import JSON
import Journal
import Playbooks
import Synchronization
import Testing

@testable import Workers

@Suite struct RunWorkersTests {
  /// Ends each run that it is given; the first attempts of some fail.
  private final class Advancer: RunAdvancing {
    let store: MemoryJournal
    let seen = Mutex<[RunID]>([])
    let failing: Set<RunID>

    init(_ store: MemoryJournal, failing: Set<RunID> = []) {
      self.store = store
      self.failing = failing
    }

    func advance(_ run: RunRecord) async -> Milliseconds? {
      let attempts = seen.withLock { seen in
        seen.append(run.id)
        return seen.count { $0 == run.id }
      }
      if failing.contains(run.id), attempts < 3 { return 50 }
      let request = LeaseRequest(worker: "w", instant: 0, length: 1)
      guard let lease = try? await store.acquire(run.id, request, displacing: nil) else { return 50 }
      let entries = [Entry(.status(.succeeded), instant: 1), Entry(.release, instant: 1)]
      _ = try? await store.commit(entries, under: lease)
      return nil
    }
  }

  private func start(_ store: MemoryJournal, _ id: String, status: RunStatus = .queued, wake: Milliseconds? = nil) async
  {
    var run = RunRecord(
      id: RunID(id), playbook: "p", version: "v", profile: "shop", trigger: .schedule, parameters: [:], started: 0,
      status: status)
    run.wake = wake
    _ = await store.start(run, requiring: [], heldBy: nil)
  }

  /// Serves until all runs are over.
  private func serve(_ workers: RunWorkers, _ store: MemoryJournal, until count: Int) async {
    let changes = await store.changes()
    let task = Task { await workers.run() }
    var over = 0
    for await change in changes {
      if case .run(_, .succeeded) = change { over += 1 }
      if over == count { break }
    }
    task.cancel()
    await task.value
  }

  @Test func whatIsDueIsAdvancedAndWhatWaitsWhenItsTimeComes() async {
    let store = MemoryJournal()
    await start(store, "now")
    await start(store, "later", status: .waiting(.time), wake: 5_000)
    await start(store, "never", status: .waiting(.approval))
    let advancer = Advancer(store)
    await serve(RunWorkers(store, advancer: advancer, clock: VirtualClock(10)), store, until: 2)
    #expect(advancer.seen.withLock { $0 } == ["now", "later"])
  }

  @Test func whatCannotBeAdvancedIsLeftAloneForAWhile() async {
    let store = MemoryJournal()
    await start(store, "stuck")
    let advancer = Advancer(store, failing: ["stuck"])
    let clock = VirtualClock(10)
    await serve(RunWorkers(store, advancer: advancer, clock: clock), store, until: 1)
    #expect(advancer.seen.withLock { $0 } == ["stuck", "stuck", "stuck"])
    #expect(clock.now() == 110)
  }

  @Test func aRunInItsTurnBeginsOnceTheEarlierOneHasEnded() async {
    let store = MemoryJournal()
    await start(store, "first")
    var second = RunRecord(
      id: "second", playbook: "p", version: "v", profile: "shop", trigger: .schedule, parameters: [:], started: 0)
    second.isInTurn = true
    _ = await store.start(second, requiring: [], heldBy: nil)
    let advancer = Advancer(store)
    await serve(RunWorkers(store, advancer: advancer, clock: VirtualClock(10)), store, until: 2)
    #expect(advancer.seen.withLock { $0 } == ["first", "second"])
  }
}

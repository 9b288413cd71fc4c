import JSON
import Journal
import Playbooks
import Scheduling
import Synchronization
import Testing

@testable import Workers

@Suite struct ScheduleKeeperTests {
  private let store = MemoryJournal()
  private let shelf = Shelf()
  private static let key = ScheduleKey("s", profile: "shop")
  private static let minute: Milliseconds = 60_000

  private func keeper(_ clock: VirtualClock) -> ScheduleKeeper {
    ScheduleKeeper(store, source: shelf, clock: clock, terms: { try? ScheduleTerms($0.terms, zone: "GMT") })
  }

  private func put(_ terms: JSON, through: Milliseconds = 0) async {
    let known = await store.schedules().first
    var schedule = ScheduleRecord(key: Self.key, playbook: "p", origin: .added, terms: terms, through: through)
    if let known { schedule.through = max(known.through, through) }
    #expect(await store.put(schedule, replacing: known?.revision, Signature(by: "ann", at: through)))
  }

  /// `minute outcome` of each row, the earliest first.
  private func ledger() async -> [String] {
    var filter = OccurrenceFilter()
    filter.limit = .max
    return await store.occurrences(filter).reversed().map { "\($0.instant / Self.minute) \($0.outcome.rawValue)" }
  }

  private func finish(_ id: RunID) async throws {
    let lease = try #require(
      try await store.acquire(id, LeaseRequest(worker: "w", instant: 0, length: 1), displacing: nil))
    _ = try await store.commit([Entry(.status(.succeeded), instant: 1), Entry(.release, instant: 1)], under: lease)
  }

  @Test func eachOccurrenceRunsOnceAtItsTime() async throws {
    await put(["every": "15m", "overlap": "allow"])
    let clock = VirtualClock(1)
    let keeper = keeper(clock)
    var next = await keeper.step()
    for expected in 1...4 {
      #expect(next == Milliseconds(expected) * 15 * Self.minute)
      try await clock.sleep(until: try #require(next))
      next = await keeper.step()
      #expect(await keeper.step() == next)
    }
    #expect(await ledger() == ["15 ran", "30 ran", "45 ran", "60 ran"])
    #expect(await store.run(RunID("s-\(30 * Self.minute)"))?.status == .queued)
  }

  @Test(arguments: [
    ("none", ["15 missed", "30 missed", "45 missed", "60 ran"]),
    ("last", ["15 coalesced", "30 coalesced", "45 coalesced", "60 ran"]),
    ("all", ["15 ran", "30 ran", "45 ran", "60 ran"]),
  ])
  func downtimeIsAccountedForAsThePolicySays(_ misfire: String, _ rows: [String]) async {
    await put(["every": "15m", "overlap": "allow", "misfire": .string(misfire)])
    await keeper(VirtualClock(60 * Self.minute)).step()
    #expect(await ledger() == rows)
  }

  @Test func twoProcessesAccountForItOnce() async {
    await put(["every": "15m", "overlap": "allow"])
    let (one, other) = (keeper(VirtualClock(15 * Self.minute)), keeper(VirtualClock(15 * Self.minute)))
    await withTaskGroup(of: Void.self) { group in
      for keeper in [one, other] { group.addTask { _ = await keeper.step() } }
    }
    // Whoever came second reads the schedule anew.
    await one.step()
    await other.step()
    #expect(await ledger() == ["15 ran"])
  }

  @Test func aPausedScheduleSaysSo() async {
    await put(["every": "15m", "misfire": "all", "overlap": "allow"])
    _ = await store.pause(Self.key, true, Signature(by: "ann", at: 20 * Self.minute))
    await keeper(VirtualClock(45 * Self.minute)).step()
    #expect(await ledger() == ["15 ran", "30 skipped", "45 skipped"])
  }

  @Test func anEditIsNotForThePast() async {
    await put(["every": "15m", "misfire": "all", "overlap": "allow"])
    let clock = VirtualClock(30 * Self.minute)
    let keeper = keeper(clock)
    await keeper.step()
    await put(["every": "10m", "misfire": "all", "overlap": "allow"], through: 32 * Self.minute)
    await keeper.reload()
    clock.advance(by: 11 * Self.minute)
    await keeper.step()
    #expect(await ledger() == ["15 ran", "30 ran", "40 ran"])
  }

  @Test func aClockThatGoesBackDoublesNothing() async {
    await put(["every": "15m", "overlap": "allow"])
    let clock = VirtualClock(30 * Self.minute)
    let first = keeper(clock)
    await first.step()
    let back = VirtualClock(10 * Self.minute)
    let second = keeper(back)
    #expect(await second.step() == 45 * Self.minute)
    back.advance(by: 10 * Self.minute)
    await second.step()
    #expect(await ledger() == ["15 coalesced", "30 ran"])
  }

  @Test func overlapIsLookedAtWhenTheRunWouldBegin() async throws {
    await put(["every": "15m", "overlap": "skip"])
    let clock = VirtualClock(15 * Self.minute)
    let keeper = keeper(clock)
    await keeper.step()
    clock.advance(by: 15 * Self.minute)
    await keeper.step()
    try await finish(RunID("s-\(15 * Self.minute)"))
    clock.advance(by: 15 * Self.minute)
    await keeper.step()
    #expect(await ledger() == ["15 ran", "30 skipped", "45 ran"])
  }

  @Test func aPlaybookThatCannotRunIsMissedWithTheReason() async {
    await put(["every": "15m"])
    shelf.obstacle.withLock { $0 = "its file is broken" }
    await keeper(VirtualClock(15 * Self.minute)).step()
    let rows = await store.occurrences(OccurrenceFilter())
    #expect(rows.map(\.outcome) == [.missed] && rows.map(\.reason) == ["its file is broken"])
  }

  @Test func jitterSpreadsWithoutMovingTheOccurrence() async throws {
    await put(["every": "15m", "jitter": "5m", "overlap": "allow"])
    let clock = VirtualClock(1)
    let keeper = keeper(clock)
    let due = try #require(await keeper.step())
    #expect((15 * Self.minute..<20 * Self.minute).contains(due))
    try await clock.sleep(until: due)
    await keeper.step()
    #expect(await ledger() == ["15 ran"])
  }

  @Test func whatJitterPutsOffIsNotLate() async throws {
    await put(["every": "15m", "jitter": "5m", "misfire": "none", "overlap": "allow"])
    let clock = VirtualClock(1)
    let keeper = keeper(clock)
    try await clock.sleep(until: try #require(await keeper.step()))
    await keeper.step()
    #expect(await ledger() == ["15 ran"])
  }

  @Test func beforeAScheduleIsChangedWhatJitterPutsOffIsAccountedFor() async {
    await put(["every": "15m", "jitter": "10m", "overlap": "allow"])
    let keeper = keeper(VirtualClock(15 * Self.minute))
    await keeper.step()
    #expect(await ledger() == [])
    #expect(await keeper.conclude(Self.key))
    #expect(await ledger() == ["15 ran"])
    #expect(await keeper.conclude(ScheduleKey("other", profile: "shop")))
  }

  @Test func whatAnotherProcessAccountedForIsKeptOn() async {
    await put(["every": "15m", "overlap": "allow"])
    let clock = VirtualClock(14 * Self.minute)
    let (one, other) = (keeper(clock), keeper(VirtualClock(15 * Self.minute)))
    #expect(await one.step() == 15 * Self.minute)
    await other.step()
    // The one finds it done when it comes to it, and looks forward to the next.
    clock.advance(by: Self.minute)
    #expect(await one.step() == 30 * Self.minute)
    #expect(await ledger() == ["15 ran"])
  }

  @Test func whatFailsIsTriedAgainSoon() async {
    await put(["every": "15m", "overlap": "allow"])
    shelf.failure.withLock { $0 = .busy("a test") }
    let clock = VirtualClock(15 * Self.minute)
    let keeper = keeper(clock)
    #expect(await keeper.step() == 15 * Self.minute + 1000)
    #expect(await keeper.conclude(Self.key) == false)
    shelf.failure.withLock { $0 = nil }
    clock.advance(by: 1000)
    #expect(await keeper.step() == 30 * Self.minute)
    #expect(await ledger() == ["15 ran"])
  }

  /// Whoever asks for a step may change a schedule once it returns: what an earlier step found due has to be in the ledger.
  @Test func stepsAreTakenOneAfterTheOther() async {
    await put(["every": "15m", "overlap": "allow"])
    let keeper = keeper(VirtualClock(15 * Self.minute))
    let (asked, asks) = AsyncStream<Void>.makeStream()
    let (opened, opens) = AsyncStream<Void>.makeStream()
    shelf.door.withLock {
      $0 = {
        asks.finish()
        for await _ in opened {}
      }
    }
    await withDiscardingTaskGroup { group in
      group.addTask { _ = await keeper.step() }
      for await _ in asked {}
      group.addTask {
        await keeper.step()
        #expect(await ledger() == ["15 ran"])
      }
      for _ in 0..<100 { await Task.yield() }
      opens.finish()
    }
  }

  @Test(
    arguments: [
      (["cron": "0 9 * * *", "every": "1h"], "more than one"), ([:], "no time"), (["cron": "61 * * * *"], "61"),
      (["every": "1h", "overlap": "maybe"], "maybe"), (["every": "1h", "colour": "red"], "colour"),
      (["cron": "0 9 * * *", "zone": "Asia/Shangai"], "Asia/Shangai"), (["at": "tomorrow"], "tomorrow"),
      ("daily", "no table"),
    ] as [(JSON, String)])
  func whatCannotBeReadIsSaid(_ terms: JSON, _ word: String) {
    let problem = #expect(throws: ScheduleProblem.self) { try ScheduleTerms(terms, zone: "GMT") }
    #expect(problem?.description.contains(word) == true, "\(String(describing: problem))")
  }
}

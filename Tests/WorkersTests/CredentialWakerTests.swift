import JSON
import Journal
import Playbooks
import Testing

@testable import Workers

@Suite struct CredentialWakerTests {
  private static func store(_ runs: [(id: String, profile: String, status: RunStatus)]) async -> MemoryJournal {
    let store = MemoryJournal()
    for run in runs { await start(store, run.id, run.profile, run.status) }
    return store
  }

  private static func start(_ store: MemoryJournal, _ id: String, _ profile: String, _ status: RunStatus) async {
    let run = RunRecord(
      id: RunID(id), playbook: "p", version: "v", profile: profile, trigger: .schedule, parameters: [:], started: 0,
      status: status)
    _ = await store.start(run, requiring: [], heldBy: nil)
  }

  @Test func aChangeWakesTheRunsThatWaitForIt() async throws {
    let store = await Self.store([
      ("a", "hk", .waiting(.credentials)), ("b", "hk", .waiting(.approval)), ("c", "sg", .waiting(.credentials)),
      ("d", "hk", .succeeded),
    ])
    #expect(await store.due(before: 10).isEmpty)
    let waker = CredentialWaker(store, clock: VirtualClock(10))
    #expect(try await waker.changed("hk") == ["a"])
    #expect(await store.due(before: 11) == ["a"])
    #expect(await store.audit(about: "a", limit: 1).first?.action == "run.wake")
  }

  /// It was refused for the old ones, and waits only after the new ones were there.
  @Test func whoBeginsToWaitShortlyAfterAChangeIsWokenOnce() async throws {
    let store = await Self.store([])
    let clock = VirtualClock(10)
    let waker = CredentialWaker(store, clock: clock)
    try await waker.changed("hk")
    await Self.start(store, "late", "hk", .waiting(.credentials))
    await Self.start(store, "other", "sg", .waiting(.credentials))
    #expect(try await waker.waits("late"))
    #expect(try await !waker.waits("late"), "a secret that is wrong must not be tried for ever")
    #expect(try await !waker.waits("other"))
    clock.advance(by: CredentialWaker.span)
    await Self.start(store, "later", "hk", .waiting(.credentials))
    #expect(try await !waker.waits("later"))
    #expect(try await waker.changed("hk").count == 2)
  }
}

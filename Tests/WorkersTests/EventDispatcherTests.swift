import JSON
import Journal
import Playbooks
import Synchronization
import Testing

@testable import Workers

@Suite struct EventDispatcherTests {
  private let store = MemoryJournal()
  private let shelf = Shelf()

  private func event(_ key: String, kind: String? = "refund") -> EventRecord {
    EventRecord(
      key: key, profile: "shop", kind: kind, messageType: nil, platform: nil, digest: key, received: 3, envelope: [:])
  }

  @Test func anEventStartsEachSubscriberOnce() async {
    shelf.subscriptions.withLock { $0 = ["refund": ["p", "q"]] }
    let dispatcher = EventDispatcher(store, source: shelf, clock: VirtualClock(9))
    for _ in 0..<6 { _ = await store.receive(event("k")) }
    #expect(await dispatcher.step())
    #expect(await dispatcher.step())
    #expect(await store.deliveries(of: "k").map(\.run) == ["k-0-p", "k-0-q"])
    var filter = RunFilter()
    filter.limit = .max
    #expect(await store.runs(filter).count == 2)
  }

  @Test func whatNobodyAsksForIsKeptAndDone() async {
    let dispatcher = EventDispatcher(store, source: shelf, clock: VirtualClock(9))
    for index in 0..<250 { _ = await store.receive(event("k\(index)", kind: nil)) }
    #expect(await dispatcher.step())
    #expect(await store.undispatched(limit: 1).isEmpty)
    #expect(await store.events(EventFilter()).count == 100)
  }
}

import JSON
import Journal
import Testing

extension JournalConformance {
  private static func event(_ key: String, digest: String = "d", kind: String? = "taobao.events.refundChanged")
    -> EventRecord
  {
    EventRecord(
      key: key, profile: "shop", kind: kind, messageType: "9", platform: 0, digest: digest, received: 10,
      envelope: ["messageBody": ["refundId": 110_000_235_001_234_567]])
  }

  private static func received(
    _ name: String, _ check: @escaping @Sendable (any EventStore) async throws -> Void
  ) -> JournalConformance {
    .init(name) { (journal: any Store) async throws in try await check(try #require(journal as? any EventStore)) }
  }

  private static func waiting(_ store: any EventStore) async throws -> EventRecord {
    try #require(try await store.undispatched(limit: 10).first)
  }

  // MARK: Events

  static let events: [JournalConformance] = [
    received("an event is stored once, and comes back as it was") { (store: any EventStore) async throws in
      #expect(try await store.receive(event("k1")) == .stored)
      #expect(try await store.receive(event("k1")) == .duplicate)
      #expect(try await store.receive(event("k2", digest: "e", kind: nil)) == .stored)
      #expect(try await store.undispatched(limit: 10) == [event("k1"), event("k2", digest: "e", kind: nil)])
      #expect(try await store.undispatched(limit: 1).map(\.key) == ["k1"])
      var filter = EventFilter()
      filter.kind = "taobao.events.refundChanged"
      #expect(try await store.events(filter).map(\.key) == ["k1"])
      filter = EventFilter()
      filter.key = "k"
      #expect(try await store.events(filter).map(\.key) == ["k2", "k1"])
    },
    received("an event is handed out once, its runs start with it") { (store: any EventStore) async throws in
      _ = try await store.receive(event("k1"))
      let deliveries = [DueDelivery("p", .start(.sample("a"))), DueDelivery("q", .ignored("its filter"))]
      let told = try #require(try await store.dispatch(try await waiting(store), deliveries, at: 20))
      #expect(told.map(\.outcome) == [.ran, .ignored] && told.map(\.run) == ["a", nil])
      #expect(try await store.dispatch(event("k1"), deliveries, at: 21) == nil)
      #expect(try await store.undispatched(limit: 10).isEmpty)
      #expect(try await store.deliveries(of: "k1") == told)
      #expect(try await store.run("a")?.status == .queued)
      #expect(try await store.events(EventFilter()).map(\.dispatched) == [20])
    },
    received("one that says the same becomes part of a run that has not started, and of no other") {
      (store: any EventStore) async throws in
      _ = try await store.receive(event("k1"))
      _ = try await store.dispatch(try await waiting(store), [DueDelivery("p", .start(.sample("a")))], at: 20)
      _ = try await store.receive(event("k2"))
      #expect(try await waiting(store).repeatOf == "k1")
      let second = try await store.dispatch(try await waiting(store), [DueDelivery("p", .start(.sample("b")))], at: 21)
      #expect(second?.map(\.outcome) == [.coalesced] && second?.map(\.run) == ["a"])
      _ = try #require(try await store.acquire("a", by: "w", at: 22, for: 10))
      _ = try await store.receive(event("k3"))
      let third = try await store.dispatch(try await waiting(store), [DueDelivery("p", .start(.sample("c")))], at: 23)
      #expect(third?.map(\.outcome) == [.ran])
    },
    received("a callback address may be verified until then") { (store: any EventStore) async throws in
      #expect(try await store.verificationExpected(of: "shop") == nil)
      try await store.expectVerification(of: "shop", until: 70, .ann(5))
      try await store.expectVerification(of: "shop", until: 90, .ann(6))
      #expect(try await store.verificationExpected(of: "shop") == 90)
      #expect(try await store.verificationExpected(of: "other") == nil)
    },
    received("an event is delivered anew where a person asks for it") { (store: any EventStore) async throws in
      #expect(try await store.redeliver("k1", .ann(5)) == false)
      _ = try await store.receive(event("k1"))
      let first = try await waiting(store)
      _ = try await store.dispatch(first, [DueDelivery("p", .start(.sample("a")))], at: 20)
      #expect(try await store.redeliver("k1", .ann(5)))
      let again = try await waiting(store)
      #expect(again.round == 1)
      #expect(try await store.dispatch(first, [], at: 21) == nil)
      _ = try await store.dispatch(again, [DueDelivery("p", .start(.sample("b")))], at: 22)
      #expect(try await store.deliveries(of: "k1").map(\.run) == ["a", "b"])
    },
  ]
}

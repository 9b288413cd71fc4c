import JSON
import Journal
import Testing

extension JournalConformance {
  /// A callback, or an event that a run raises, that says of subject 7 that it is in that state.
  private static func saying(
    _ state: String?, key: String, at received: Milliseconds, sent: Milliseconds? = nil, by run: RunID? = nil,
    kind: String = "taobao.events.refundChanged", profile: String = "shop", subject: String = "7"
  ) -> EventRecord {
    var event = EventRecord(
      key: key, profile: profile, kind: kind, messageType: run == nil ? "9" : nil, platform: 0, digest: "d \(key)",
      received: received, envelope: ["messageBody": ["refundId": 7]])
    (event.subject, event.says, event.sent, event.raisedBy) = (subject, state, sent, run)
    return event
  }

  /// Has a run raise an event as its next step, and answers what became of it.
  private static func raise(
    _ event: EventRecord, since: Milliseconds? = nil, _ store: any EventStore
  ) async throws -> String? {
    let run = try #require(event.raisedBy)
    let lease = try await store.begin(run)
    let ordinal = try await store.steps(of: run).count + 1
    let refused = Step(
      path: StepPath([ordinal]), name: "events.raise", digest: "d \(ordinal)", result: .raised([]), sequence: ordinal,
      instant: event.received)
    let step = StoreStep(
      .raise(event, since: since), in: StateScope(playbook: "p", profile: "shop"), refused: refused)
    let outcome = try await store.commit([Entry(.answer(step), instant: event.received)], under: lease)
    try await store.release(lease)
    guard case .returned(let values)? = outcome.first?.answered?.result else { return nil }
    #expect(try JSON(parsing: values[1]) == .string(event.key))
    return try JSON(parsing: values[0]).string
  }

  private static func raising(
    _ name: String, _ check: @escaping @Sendable (any EventStore) async throws -> Void
  ) -> JournalConformance {
    .init(name) { (journal: any Store) async throws in try await check(try #require(journal as? any EventStore)) }
  }

  /// Hands out the earliest event that waits, as that run of playbook `p`.
  private static func dispatch(_ store: any EventStore, as run: String) async throws -> Delivery? {
    let event = try #require(try await store.undispatched(limit: 1).first)
    return try await store.dispatch(event, [DueDelivery("p", .start(.sample(run)))], at: 50)?.first
  }

  // MARK: Events that runs raise

  static let raising: [JournalConformance] = [
    raising("an event is raised once for its key, and waits like a callback") { (store: any EventStore) async throws in
      let event = saying("20", key: "r", at: 10, by: "a")
      #expect(try await raise(event, store) == "raised")
      #expect(try await raise(event, store) == "known")
      #expect(try await raise(saying("30", key: "r", at: 11, by: "b"), store) == "known")
      #expect(try await store.undispatched(limit: 9) == [event])
      var filter = EventFilter()
      filter.subject = "7"
      #expect(try await store.events(filter) == [event])
      filter.subject = "8"
      #expect(try await store.events(filter).isEmpty)
    },
    raising("what the latest callback since then says is not raised") { (store: any EventStore) async throws in
      _ = try await store.receive(saying("20", key: "c1", at: 10))
      #expect(try await raise(saying("20", key: "r1", at: 20, by: "a"), since: 10, store) == "told")
      #expect(try await raise(saying("20", key: "r2", at: 20, by: "a"), since: 11, store) == "raised")
      #expect(try await raise(saying("30", key: "r3", at: 21, by: "a"), since: 10, store) == "raised")
      // The latest says 30 by now: that something said 20 before does not tell it.
      #expect(try await raise(saying("20", key: "r4", at: 22, by: "a"), since: 10, store) == "raised")
      #expect(try await raise(saying("20", key: "r5", at: 23, by: "a"), store) == "raised")
      #expect(try await store.events(EventFilter()).map(\.key) == ["r5", "r4", "r3", "r2", "c1"])
    },
    raising("of callbacks that came out of order the one that was sent last counts") {
      (store: any EventStore) async throws in
      _ = try await store.receive(saying("30", key: "c2", at: 10, sent: 8))
      _ = try await store.receive(saying("20", key: "c1", at: 11, sent: 7))
      #expect(try await raise(saying("30", key: "r1", at: 20, by: "a"), since: 5, store) == "told")
      #expect(try await raise(saying("20", key: "r2", at: 20, by: "a"), since: 5, store) == "raised")
    },
    raising("of what was sent at one instant all counts, in whichever order it came") {
      (store: any EventStore) async throws in
      _ = try await store.receive(saying("30", key: "c2", at: 10, sent: 7))
      _ = try await store.receive(saying("20", key: "c1", at: 11, sent: 7))
      #expect(try await raise(saying("30", key: "r1", at: 20, by: "a"), since: 7, store) == "told")
      #expect(try await raise(saying("20", key: "r2", at: 20, by: "a"), since: 7, store) == "told")
      #expect(try await raise(saying("10", key: "r3", at: 20, by: "a"), since: 7, store) == "raised")
    },
    raising("a callback that comes late tells of when it was sent") { (store: any EventStore) async throws in
      _ = try await store.receive(saying("20", key: "c1", at: 19, sent: 7))
      #expect(try await raise(saying("20", key: "r1", at: 20, by: "a"), since: 8, store) == "raised")
      _ = try await store.receive(saying("20", key: "c2", at: 21, sent: 8))
      #expect(try await raise(saying("20", key: "r2", at: 22, by: "a"), since: 8, store) == "told")
    },
    raising("what a run raised tells of no other change, and ends what a callback told before it") {
      (store: any EventStore) async throws in
      #expect(try await raise(saying("20", key: "r1", at: 20, by: "a"), since: 10, store) == "raised")
      #expect(try await raise(saying("20", key: "r1", at: 21, by: "b"), since: 10, store) == "known")
      #expect(try await raise(saying("20", key: "r2", at: 22, by: "b"), since: 10, store) == "raised")
      #expect(try await raise(saying(nil, key: "r3", at: 23, by: "b", subject: "8"), since: 10, store) == "raised")
      #expect(try await raise(saying(nil, key: "r4", at: 24, by: "b", subject: "8"), since: 10, store) == "raised")
      // A callback of a state that a run raised after it was left tells it no more; one that came between does.
      _ = try await store.receive(saying("30", key: "c1", at: 30, sent: 21))
      #expect(try await raise(saying("30", key: "r5", at: 31, by: "b"), since: 10, store) == "raised")
      _ = try await store.receive(saying("30", key: "c2", at: 32, sent: 32))
      #expect(try await raise(saying("30", key: "r6", at: 33, by: "b"), since: 10, store) == "told")
    },
    raising("another kind, subject or shop tells nothing, one without a state anything") {
      (store: any EventStore) async throws in
      _ = try await store.receive(saying("20", key: "c1", at: 10, kind: "alibaba.events.refundChanged"))
      _ = try await store.receive(saying("20", key: "c2", at: 10, profile: "other"))
      _ = try await store.receive(saying("20", key: "c3", at: 10, subject: "8"))
      #expect(try await raise(saying("20", key: "r1", at: 20, by: "a"), since: 0, store) == "raised")
      _ = try await store.receive(saying(nil, key: "c4", at: 10, subject: "9"))
      #expect(try await raise(saying("20", key: "r2", at: 20, by: "a", subject: "9"), since: 0, store) == "told")
    },
    raising("a callback that was sent before what a run raised becomes part of its run, whatever that did since") {
      (store: any EventStore) async throws in
      #expect(try await raise(saying("20", key: "r", at: 20, by: "a"), store) == "raised")
      #expect(try await dispatch(store, as: "told")?.outcome == .ran)
      let lease = try #require(try await store.acquire("told", by: "w", at: 21, for: 10))
      _ = try await store.commit([.status(.succeeded)], under: lease)
      #expect(try await store.receive(saying("20", key: "late", at: 40, sent: 20)) == .stored)
      #expect(try await store.undispatched(limit: 1).first?.repeatOf == "r")
      let late = try await dispatch(store, as: "again")
      #expect(late?.outcome == .coalesced && late?.run == "told" && late?.reason?.contains("raised") == true)
      #expect(try await store.run("again") == nil)
    },
    raising("a callback that was sent later, says another state, or when it was sent is not known, starts its run") {
      (store: any EventStore) async throws in
      #expect(try await raise(saying("20", key: "r", at: 20, by: "a"), store) == "raised")
      _ = try await dispatch(store, as: "told")
      let lease = try #require(try await store.acquire("told", by: "w", at: 21, for: 10))
      _ = try await store.commit([.status(.succeeded)], under: lease)
      let others = [
        saying("20", key: "later", at: 40, sent: 21), saying("30", key: "other", at: 40, sent: 19),
        saying("20", key: "untimed", at: 40), saying("20", key: "else", at: 40, sent: 19, subject: "8"),
      ]
      for event in others {
        _ = try await store.receive(event)
        #expect(try await dispatch(store, as: event.key)?.outcome == .ran, "\(event.key)")
      }
    },
    raising("a playbook that was not told by what a run raised is told by the callback") {
      (store: any EventStore) async throws in
      #expect(try await raise(saying("20", key: "r", at: 20, by: "a"), store) == "raised")
      let event = try #require(try await store.undispatched(limit: 1).first)
      _ = try await store.dispatch(event, [DueDelivery("p", .ignored("it was not enabled"))], at: 30)
      _ = try await store.receive(saying("20", key: "late", at: 40, sent: 15))
      #expect(try await dispatch(store, as: "now")?.outcome == .ran)
    },
    raising("what is raised again in other words is another event") { (store: any EventStore) async throws in
      let first = saying("20", key: "r1", at: 20, by: "a")
      var second = EventRecord(
        key: "r2", profile: "shop", kind: first.kind, messageType: nil, platform: 0, digest: first.digest, received: 30,
        envelope: first.envelope)
      (second.subject, second.says, second.raisedBy) = ("7", "20", "a")
      #expect(try await raise(first, store) == "raised")
      _ = try await dispatch(store, as: "one")
      let lease = try #require(try await store.acquire("one", by: "w", at: 21, for: 10))
      _ = try await store.commit([.status(.succeeded)], under: lease)
      #expect(try await raise(second, store) == "raised")
      #expect(try await dispatch(store, as: "two")?.outcome == .ran)
    },
  ]
}

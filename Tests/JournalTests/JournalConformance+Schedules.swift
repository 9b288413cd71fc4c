import JSON
import Journal
import Testing

extension JournalConformance {
  private static let key = ScheduleKey("nightly", profile: "shop")

  private static func schedule(through: Milliseconds = 100) -> ScheduleRecord {
    ScheduleRecord(key: key, playbook: "p", origin: .header, terms: ["cron": "0 9 * * *"], through: through)
  }

  private static func scheduled(
    _ name: String, _ check: @escaping @Sendable (any ScheduleStore) async throws -> Void
  ) -> JournalConformance {
    .init(name) { (journal: any Store) async throws in
      let store = try #require(journal as? any ScheduleStore)
      #expect(try await store.put(schedule(), replacing: nil, .ann(1)))
      try await check(store)
    }
  }

  private static func present(_ store: any ScheduleStore) async throws -> ScheduleRecord {
    try #require(try await store.schedules().first)
  }

  private static func run(_ id: String) -> RunRecord { .sample(id) }

  private static func account(
    _ store: any ScheduleStore, _ due: [DueOccurrence], through: Milliseconds
  ) async throws -> [Occurrence] {
    let outcome = try await store.account(due, of: try await present(store), through: through, at: through + 1)
    guard case .accounted(let rows) = outcome else {
      Issue.record("it is not accounted for")
      return []
    }
    return rows
  }

  // MARK: Schedules and their ledger

  static let schedules: [JournalConformance] = [
    scheduled("a schedule comes back as it was set, and is set by what it replaces alone") {
      (store: any ScheduleStore) async throws in
      #expect(try await present(store) == schedule())
      #expect(try await store.put(schedule(), replacing: nil, .ann(2)) == false)
      #expect(try await store.put(schedule(), replacing: 7, .ann(2)) == false)
      var edited = schedule()
      edited.terms = ["every": "15m"]
      #expect(try await store.put(edited, replacing: 1, .ann(2)))
      #expect(try await present(store).terms == ["every": "15m"])
      #expect(try await present(store).revision == 2)
    },
    scheduled("an occurrence has one row, its run starts with it, and what is accounted for is not looked at again") {
      (store: any ScheduleStore) async throws in
      let due = [
        DueOccurrence(110, .missed("nobody was there")), DueOccurrence(120, .coalesced(into: 130)),
        DueOccurrence(130, .start(run("a"), .skip)),
      ]
      let before = try await present(store)
      let rows = try await account(store, due, through: 130)
      #expect(rows.map(\.outcome) == [.missed, .coalesced, .ran])
      #expect(try await store.run("a")?.status == .queued)
      #expect(try await store.account(due, of: before, through: 130, at: 140) == .changed)
      // Accounted for again under what it says now, all the same no row is written twice and no run started.
      #expect(try await account(store, due, through: 131).isEmpty)
      let ledger = try await store.occurrences(OccurrenceFilter())
      #expect(ledger == rows.reversed())
      #expect(ledger.map(\.reason) == [nil, nil, "nobody was there"])
      var filter = OccurrenceFilter()
      filter.run = "a"
      #expect(try await store.occurrences(filter).map(\.instant) == [130])
      filter = OccurrenceFilter()
      (filter.since, filter.until, filter.outcomes) = (110, 120, [.coalesced])
      #expect(try await store.occurrences(filter).map(\.into) == [130])
    },
    scheduled("several schedules are accounted for together, each by itself") {
      (store: any ScheduleStore) async throws in
      let other = ScheduleRecord(
        key: ScheduleKey("other", profile: "shop"), playbook: "q", origin: .added, terms: [:], through: 100)
      #expect(try await store.put(other, replacing: nil, .ann(1)))
      let first = try await present(store)
      var next = first
      next.through = 110
      let outcomes = try await store.account(
        [
          DueAccount(of: first, [DueOccurrence(110, .missed("down"))], through: 110),
          DueAccount(of: first, [DueOccurrence(115, .missed("down"))], through: 115),
          DueAccount(of: other, [DueOccurrence(120, .start(run("a"), .allow))], through: 120),
          DueAccount(of: next, [DueOccurrence(130, .missed("down"))], through: 130),
        ], at: 140)
      #expect(outcomes.map { $0 == .changed } == [false, true, false, false])
      #expect(try await store.schedule(key)?.through == 130)
      #expect(try await store.schedule(other.key)?.through == 120)
      #expect(try await store.occurrences(OccurrenceFilter()).map(\.instant) == [130, 120, 110])
      #expect(try await store.remove(key, .ann(7)))
      #expect(try await store.schedule(key) == nil)
      #expect(try await store.schedule(ScheduleKey("nowhere", profile: "shop")) == nil)
    },
    scheduled("what was changed since it was read is not accounted for") { (store: any ScheduleStore) async throws in
      let before = try await present(store)
      #expect(try await store.pause(key, true, .ann(5)))
      #expect(try await store.pause(key, true, .ann(5)) == false)
      #expect(try await present(store).paused == 5)
      #expect(try await store.account([], of: before, through: 200, at: 201) == .changed)
      #expect(try await store.pause(key, false, .ann(6)))
      #expect(try await present(store).paused == nil)
    },
    scheduled("one that was removed and comes back never accounts for the same again") {
      (store: any ScheduleStore) async throws in
      _ = try await account(store, [DueOccurrence(150, .skipped("paused"))], through: 200)
      #expect(try await store.remove(key, .ann(7)))
      #expect(try await store.remove(key, .ann(7)) == false)
      #expect(try await store.schedules().isEmpty)
      #expect(try await store.put(schedule(through: 50), replacing: nil, .ann(8)))
      #expect(try await present(store).through == 200)
      #expect(try await store.occurrences(OccurrenceFilter()).count == 1)
    },
    scheduled("overlap: skip leaves a row that names the run, unless that only waits for a person") {
      (store: any ScheduleStore) async throws in
      let lease = try await store.begin("a")
      let rows = try await account(store, [DueOccurrence(110, .start(run("b"), .skip))], through: 110)
      #expect(rows.map(\.outcome) == [.skipped] && rows[0].reason?.contains("a still went on") == true)
      #expect(try await store.run("b") == nil)
      _ = try await store.commit([.status(.waiting(.approval))], under: lease)
      let next = try await account(store, [DueOccurrence(120, .start(run("c"), .skip))], through: 120)
      #expect(next.map(\.run) == ["c"])
    },
    scheduled("overlap: queue holds a run back until the earlier ones have ended") {
      (store: any ScheduleStore) async throws in
      let lease = try await store.begin("a")
      _ = try await account(
        store, [DueOccurrence(110, .start(run("b"), .queue)), DueOccurrence(120, .start(run("c"), .queue))],
        through: 120)
      #expect(try await store.due(before: 1_000_000).filter { $0 != "a" }.isEmpty)
      #expect(try await store.acquire("b", by: "w", at: 130, for: 10) == nil)
      _ = try await store.commit([.status(.succeeded)], under: lease)
      #expect(try await store.due(before: 130) == ["b"])
      #expect(try await store.acquire("c", by: "w", at: 130, for: 10) == nil)
      let second = try #require(try await store.acquire("b", by: "w", at: 130, for: 10))
      _ = try await store.commit([.status(.failed)], under: second)
      #expect(try await store.due(before: 150) == ["c"])
    },
    scheduled("overlap: cancel-running asks the earlier run to end, and begins once it has; allow begins at once") {
      (store: any ScheduleStore) async throws in
      let lease = try await store.begin("a")
      _ = try await account(store, [DueOccurrence(110, .start(run("b"), .cancelRunning))], through: 110)
      #expect(try await store.renew(lease, at: 111, for: 10)?.request == .cancel)
      #expect(try await store.acquire("b", by: "w", at: 112, for: 10) == nil)
      _ = try await account(store, [DueOccurrence(120, .start(run("c"), .allow))], through: 120)
      #expect(try await store.acquire("c", by: "w", at: 121, for: 10) != nil)
      _ = try await store.commit([.status(.cancelled)], under: lease)
      #expect(try await store.acquire("b", by: "w", at: 122, for: 10) != nil)
    },
    scheduled("making up runs what was missed or skipped, and nothing that ran") {
      (store: any ScheduleStore) async throws in
      _ = try await account(
        store, [DueOccurrence(110, .missed("down")), DueOccurrence(120, .start(run("a"), .allow))], through: 120)
      let due = [110, 115, 120].map { DueOccurrence($0, .start(run("b\($0)"), .allow)) }
      let made = try await store.makeUp(due, of: key, at: 130, .ann(130))
      #expect(made.map(\.instant) == [110, 115] && made.map(\.outcome) == [.ran, .ran])
      #expect(try await store.occurrences(OccurrenceFilter()).map(\.run) == ["a", "b115", "b110"])
      #expect(try await store.run("b120") == nil)
    },
    .init("the next run that is due by itself is that of the earliest wait or lease") {
      (journal: any Store) async throws in
      let store = try #require(journal as? any ScheduleStore)
      #expect(try await store.nextDue(after: 0) == nil)
      let lease = try await store.begin("a", at: 0, for: 50)
      #expect(try await store.nextDue(after: 0) == 50)
      _ = try await store.commit([Entry(.status(.waiting(.time), wake: 70), instant: 0), .release], under: lease)
      let other = try await store.begin("b", at: 0, for: 90)
      #expect(try await store.nextDue(after: 0) == 70)
      #expect(try await store.nextDue(after: 70) == 90)
      _ = try await store.commit([.status(.waiting(.budget)), .release], under: other)
      #expect(try await store.nextDue(after: 70) == nil)
    },
    .init("a playbook that is disabled ends its header's schedule, and no other") { (journal: any Store) async throws in
      let store = try #require(journal as? any ScheduleStore)
      let enablement = Enablement(playbook: "p", profile: "shop", mode: .plan, since: 3)
      try await store.enable(enablement, .ann(3))
      #expect(try await store.enablements() == [enablement])
      #expect(try await store.enablement(of: "p", for: "shop") == enablement)
      #expect(try await store.enablement(of: "p", for: "other") == nil)
      try await store.enable(Enablement(playbook: "p", profile: "shop", mode: .live, since: 9), .ann(9))
      #expect(try await store.enablements() == [Enablement(playbook: "p", profile: "shop", mode: .live, since: 3)])
      #expect(try await store.put(schedule(), replacing: nil, .ann(3)))
      let own = ScheduleRecord(
        key: ScheduleKey("own", profile: "shop"), playbook: "p", origin: .added, terms: [:], through: 0)
      #expect(try await store.put(own, replacing: nil, .ann(3)))
      #expect(try await store.disable("p", profile: "shop", .ann(4)))
      #expect(try await store.disable("p", profile: "shop", .ann(4)) == false)
      #expect(try await store.schedules().map(\.key.name) == ["own"])
      let actions = try await store.audit(about: "p (shop)", limit: 9).map(\.action)
      #expect(actions == ["playbook.disable", "playbook.promote", "playbook.enable"])
    },
  ]
}

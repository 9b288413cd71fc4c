import JSON
import Journal
import Testing

extension JournalConformance {
  // MARK: Holds and freezes

  static let guards: [JournalConformance] = [
    .init("a hold refuses every write that touches its subject, by claim or by subject, until it ends") {
      (journal: any Store) async throws in
      let lease = try await journal.begin("a")
      let hold = Hold(subject: "77", profile: nil, why: "the buyer sues", by: "ann", since: 1, until: 100)
      try await journal.hold(hold)
      var named = EffectRecord.sample("a", "2", claims: ["r2"])
      named.subjects = ["76", "77"]
      let outcomes = try await journal.commit(
        [
          .intent(.sample("a", "1", claims: ["77"])), .intent(named), .intent(.sample("a", "3", claims: ["78"])),
          Entry(.intent(named, budgets: []), instant: 99), Entry(.intent(named, budgets: []), instant: 100),
        ], under: lease)
      #expect(outcomes == [.held(hold), .held(hold), .committed, .held(hold), .committed])
    },
    .init("a hold for one shop leaves the others alone") { (journal: any Store) async throws in
      let lease = try await journal.begin("a")
      try await journal.hold(Hold(subject: "r", profile: "other", why: "w", by: "ann", since: 0))
      #expect(try await journal.commit([.intent(.sample("a", "1"))], under: lease) == [.committed])
      try await journal.hold(Hold(subject: "s", profile: "shop", why: "w", by: "ann", since: 0))
      let outcome = try await journal.commit([.intent(.sample("a", "2", claims: ["s"]))], under: lease)[0]
      #expect(outcome == .held(Hold(subject: "s", profile: "shop", why: "w", by: "ann", since: 0)))
    },
    .init("a hold on the same subject and shop is replaced; releasing ends it, once") {
      (journal: any Store) async throws in
      for (why, profile) in [("one", "shop"), ("two", "shop"), ("three", nil)] {
        try await journal.hold(Hold(subject: "r", profile: profile, why: why, by: "ann", since: 0))
      }
      #expect(try await journal.holds(at: 5).map(\.why) == ["two", "three"])
      #expect(try await journal.release("r", profile: nil, .ann(6)))
      #expect(try await journal.release("r", profile: nil, .ann(6)) == false)
      #expect(try await journal.release("other", profile: "shop", .ann(6)) == false)
      #expect(try await journal.holds(at: 5).map(\.why) == ["two"])
    },
    .init("a hold that has ended is none") { (journal: any Store) async throws in
      try await journal.hold(Hold(subject: "r", profile: nil, why: "w", by: "ann", since: 0, until: 10))
      #expect(try await journal.holds(at: 9).count == 1)
      #expect(try await journal.holds(at: 10).isEmpty)
      #expect(try await journal.release("r", profile: nil, .ann(10)) == false)
    },
    .init("a freeze stops the writes of its shop, or of all, and a thaw ends the one that is named") {
      (journal: any Store) async throws in
      let lease = try await journal.begin("a")
      func outcome(_ path: StepPath) async throws -> EntryOutcome {
        try await journal.commit([.intent(.sample("a", path, claims: []))], under: lease)[0]
      }
      try await journal.freeze(Freeze(profile: "other", why: nil, by: "ann", since: 0))
      #expect(try await outcome("1") == .committed)
      let freeze = Freeze(profile: "shop", why: "stocktaking", by: "ann", since: 1)
      try await journal.freeze(freeze)
      #expect(try await outcome("2") == .frozen(freeze))
      let all = Freeze(profile: nil, why: nil, by: "ann", since: 2)
      try await journal.freeze(all)
      #expect(try await journal.thaw(profile: "shop", .ann(3)))
      #expect(try await outcome("2") == .frozen(all))
      #expect(try await journal.freezes().map(\.profile) == ["other", nil])
      #expect(try await journal.thaw(profile: nil, .ann(4)))
      #expect(try await journal.thaw(profile: nil, .ann(4)) == false)
      #expect(try await outcome("2") == .committed)
    },
    .init("a freeze of the same shop is replaced") { (journal: any Store) async throws in
      for why in ["one", "two"] { try await journal.freeze(Freeze(profile: nil, why: why, by: "ann", since: 0)) }
      #expect(try await journal.freezes().map(\.why) == ["two"])
    },
    .init("a held or frozen write takes no claim and no budget; what is live may still be settled") {
      (journal: any Store) async throws in
      let lease = try await journal.begin("a")
      let cap = Budget(scope: "s", writes: 2)
      _ = try await journal.commit([.spend(1, within: [cap])], under: lease)
      try await journal.freeze(Freeze(profile: nil, why: nil, by: "ann", since: 0))
      let refused = try await journal.commit(
        [Entry(.intent(.sample("a", "2"), budgets: [cap]), instant: 0), .settle("1", .confirmed)], under: lease)
      #expect(refused[1] == .committed)
      _ = try await journal.thaw(profile: nil, .ann(1))
      #expect(
        try await journal.commit(
          [Entry(.intent(.sample("a", "3"), budgets: [cap]), instant: 0)], under: lease) == [.committed])
    },
  ]
}

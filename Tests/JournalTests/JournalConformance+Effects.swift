import JSON
import Journal
import Testing

extension JournalConformance {
  // MARK: Effects

  static let effects: [JournalConformance] =
    EffectState.allCases.flatMap { from in
      EffectState.allCases.map { to in
        .init("\(from.rawValue) → \(to.rawValue)") { (journal: any Store) async throws in
          let lease = try await journal.begin("a")
          try await journal.bring(to: from, under: lease)
          // Announcing again is an intent with the next attempt, never a settlement.
          let outcome = try await journal.commit([.settle("1", to, instant: 77)], under: lease)[0]
          let after = try #require(try await journal.effects(of: "a").first)
          if EffectState.lifeCycle[from]?.contains(to) == true, to != .intended {
            #expect(outcome == .committed)
            #expect(after.state == to && after.changed == 77 && after.detail == "why")
          } else {
            #expect(outcome.isConflict, "\(outcome)")
            #expect(after.state == from && after.changed != 77)
          }
        }
      }
    } + [
      .init("an effect is announced once while it is not known to be undone") { (journal: any Store) async throws in
        for state in EffectState.allCases where state != .notDone {
          let run = RunID(state.rawValue)
          let lease = try await journal.begin(run)
          try await journal.bring(to: state, under: lease, claims: [])
          let again = EffectRecord.sample(run, "1", claims: [], attempt: 2)
          let outcome = try await journal.commit([.intent(again)], under: lease)[0]
          #expect(outcome.isConflict, "\(state): \(outcome)")
        }
      },
      .init("what was not done may be announced again, as the next attempt") { (journal: any Store) async throws in
        let lease = try await journal.begin("a")
        try await journal.bring(to: .notDone, under: lease)
        for attempt in [1, 3] {
          let outcome = try await journal.commit([.intent(.sample("a", "1", attempt: attempt))], under: lease)[0]
          #expect(outcome.isConflict, "attempt \(attempt): \(outcome)")
        }
        #expect(try await journal.commit([.intent(.sample("a", "1", attempt: 2))], under: lease) == [.committed])
        let effect = try #require(try await journal.effects(of: "a").first)
        #expect(effect.state == .intended && effect.attempt == 2)
      },
      .init("settling what was never announced is a conflict") { (journal: any Store) async throws in
        let lease = try await journal.begin("a")
        let outcome = try await journal.commit([.settle("1", .confirmed)], under: lease)[0]
        #expect(outcome.isConflict, "\(outcome)")
      },
      .init("effects come back by path") { (journal: any Store) async throws in
        let lease = try await journal.begin("a")
        let paths: [StepPath] = ["10", "2", "2/1/1", "1/3/1"]
        let entries = paths.map { Entry.intent(.sample("a", $0, claims: [])) }
        _ = try await journal.commit(entries, under: lease)
        #expect(try await journal.effects(of: "a").map(\.path) == ["1/3/1", "2", "2/1/1", "10"])
      },
    ]

  // MARK: Claims

  static let claims: [JournalConformance] = [
    .init("a live effect's claim refuses every other, and names its run; neighbours are recorded") {
      (journal: any Store) async throws in
      let one = try await journal.begin("a")
      let two = try await journal.begin("b")
      _ = try await journal.commit([.intent(.sample("a", "1", claims: ["r1"]))], under: one)
      let outcomes = try await journal.commit(
        [
          .step("1", 1), .intent(.sample("b", "2", claims: ["r2", "r1"])), .intent(.sample("b", "3", claims: ["r2"])),
          .step("4", 2),
        ], under: two)
      #expect(outcomes == [.committed, .claimed(.sample("r1"), by: "a"), .committed, .committed])
      #expect(try await journal.effects(of: "b").map(\.path) == ["3"])
      #expect(try await journal.steps(of: "b").count == 2)
    },
    .init("the run's own live effect holds its claim against the run itself") { (journal: any Store) async throws in
      let lease = try await journal.begin("a")
      let outcomes = try await journal.commit(
        [.intent(.sample("a", "1")), .intent(.sample("a", "2"))], under: lease)
      #expect(outcomes == [.committed, .claimed(.sample("r"), by: "a")])
    },
    .init("the same resource of another shop, or another kind, is another claim") {
      (journal: any Store) async throws in
      let lease = try await journal.begin("a")
      let keys = [
        ClaimKey(profile: "shop", kind: "taobao.refund", id: "1"),
        ClaimKey(profile: "two", kind: "taobao.refund", id: "1"),
        ClaimKey(profile: "shop", kind: "taobao.order", id: "1"),
      ]
      let entries = keys.enumerated().map { index, key in
        Entry.intent(.sample("a", StepPath([index + 1]), keys: [key]))
      }
      #expect(try await journal.commit(entries, under: lease) == [.committed, .committed, .committed])
    },
    .init("only the end of its effect releases a claim: not the run's end, not the lease's") {
      (journal: any Store) async throws in
      let one = try await journal.begin("a", at: 0, for: 10)
      _ = try await journal.commit(
        [.intent(.sample("a", "1")), .settle("1", .unknown), .status(.cancelled)], under: one)
      try await journal.release(one)
      let two = try await journal.begin("b", at: 1_000_000, for: 10)
      let intent = Entry.intent(.sample("b", "1"))
      #expect(try await journal.commit([intent], under: two) == [.claimed(.sample("r"), by: "a")])
      let successor = try #require(try await journal.acquire("a", by: "two", at: 1_000_000, for: 10))
      _ = try await journal.commit([.settle("1", .disputed)], under: successor)
      #expect(try await journal.commit([intent], under: two) == [.claimed(.sample("r"), by: "a")])
      _ = try await journal.commit([.settle("1", .confirmed)], under: successor)
      #expect(try await journal.commit([intent], under: two) == [.committed])
    },
    .init("a claim is held in exactly the live states") { (journal: any Store) async throws in
      for (index, state) in EffectState.allCases.enumerated() {
        let run = RunID("holder \(index)")
        let resource = "r\(index)"
        let holder = try await journal.begin(run)
        try await journal.bring(to: state, under: holder, claims: [resource])
        let lease = try await journal.begin(RunID("other \(index)"))
        let outcome = try await journal.commit(
          [.intent(.sample(lease.run, "1", claims: [resource]))], under: lease)[0]
        #expect(outcome == (state.isLive ? .claimed(.sample(resource), by: run) : .committed), "\(state)")
      }
    },
    .init("withdrawing what was not done leaves the claim to whoever took it meanwhile") {
      (journal: any Store) async throws in
      let one = try await journal.begin("a")
      try await journal.bring(to: .notDone, under: one)
      let two = try await journal.begin("b")
      #expect(try await journal.commit([.intent(.sample("b", "1"))], under: two) == [.committed])
      #expect(try await journal.commit([.settle("1", .withdrawn)], under: one) == [.committed])
      let three = try await journal.begin("c")
      #expect(
        try await journal.commit([.intent(.sample("c", "1"))], under: three) == [.claimed(.sample("r"), by: "b")])
    },
    .init("announcing again takes the claim again, or meets whoever has it") { (journal: any Store) async throws in
      let one = try await journal.begin("a")
      try await journal.bring(to: .notDone, under: one)
      let two = try await journal.begin("b")
      _ = try await journal.commit([.intent(.sample("b", "1"))], under: two)
      let again = Entry.intent(.sample("a", "1", attempt: 2))
      #expect(try await journal.commit([again], under: one) == [.claimed(.sample("r"), by: "b")])
      _ = try await journal.commit([.settle("1", .rejected)], under: two)
      #expect(try await journal.commit([again], under: one) == [.committed])
    },
    .init("an intent that is refused takes no claim") { (journal: any Store) async throws in
      let lease = try await journal.begin("a")
      let none = Budget(scope: "s", writes: 0)
      let refused = Entry(.intent(.sample("a", "1"), budgets: [none]), instant: 0)
      #expect(try await journal.commit([refused], under: lease).withoutUse == [.overBudget(none)])
      #expect(try await journal.commit([.intent(.sample("a", "2"))], under: lease) == [.committed])
    },
  ]

  // MARK: Waiting

  static let waiting: [JournalConformance] = [
    .init("due are the runs that are neither final nor held") { (journal: any Store) async throws in
      let held = try await journal.begin("held", at: 0, for: 100)
      let over = try await journal.begin("over", at: 0, for: 100)
      _ = try await journal.commit([.status(.failed)], under: over)
      try await journal.release(over)
      _ = try await journal.start(.sample("free"), requiring: [])
      #expect(try await journal.due(before: 50) == ["free"])
      #expect(try await journal.due(before: 100) == ["free", "held"])
      try await journal.release(held)
      #expect(try await journal.due(before: 50) == ["free", "held"])
    },
    .init("changes tell every listener what was recorded, in order, and nothing of what was refused") {
      (journal: any Store) async throws in
      let streams = [await journal.changes(), await journal.changes()]
      let lease = try await journal.begin("a")
      _ = try await journal.commit(
        [
          .intent(.sample("a", "1")), .settle("1", .notDone), .intent(.sample("a", "2")), .settle("1", .withdrawn),
          .settle("2", .confirmed), .status(.succeeded),
        ],
        under: lease)
      _ = try await journal.start(.sample("a"), requiring: [])
      _ = try await journal.start(.sample("b"), requiring: [])
      let expected: [Change] = [
        .run("a", .queued), .effect("a", "1", .intended), .effect("a", "1", .withdrawn), .run("a", .succeeded),
        .run("b", .queued),
      ]
      for stream in streams {
        var seen: [Change] = []
        for await change in stream {
          seen.append(change)
          if change == expected.last { break }
        }
        #expect(seen == expected)
      }
    },
  ]
}

import JSON
import Journal
import Testing

extension JournalConformance {
  // MARK: Budgets

  static let budgets: [JournalConformance] = [
    .init("so many writes fit, and one more does not") { (journal: any Store) async throws in
      let lease = try await journal.begin("a")
      let cap = Budget(scope: "run", writes: 2)
      let outcomes = try await journal.commit((1...4).map { .spend($0, within: [cap]) }, under: lease)
      #expect(outcomes.withoutUse == [.committed, .committed, .overBudget(cap), .overBudget(cap)])
    },
    .init("an amount fits up to the cap, and a smaller one after a larger was refused") {
      (journal: any Store) async throws in
      let lease = try await journal.begin("a")
      let cap = Budget(scope: "run", amount: .forgone(100))
      let outcomes = try await journal.commit(
        [
          .spend(1, .forgone(60), within: [cap]), .spend(2, .forgone(41), within: [cap]),
          .spend(3, .forgone(40), within: [cap]), .spend(4, .forgone(1), within: [cap]),
          .spend(5, .forgone(0), within: [cap]), .spend(6, within: [cap]),
        ], under: lease)
      #expect(
        outcomes.withoutUse == [.committed, .overBudget(cap), .committed, .overBudget(cap), .committed, .committed])
    },
    .init("directions are counted apart") { (journal: any Store) async throws in
      let lease = try await journal.begin("a")
      let forgone = Budget(scope: "run", amount: .forgone(100))
      let out = Budget(scope: "run", amount: Charge(minorUnits: 100, currency: "CNY", direction: .out))
      let paid = Charge(minorUnits: 100, currency: "CNY", direction: .out)
      let outcomes = try await journal.commit(
        [
          .spend(1, .forgone(100), within: [forgone]), .spend(2, paid, within: [out]),
          .spend(3, .forgone(1), within: [forgone]),
        ],
        under: lease)
      #expect(outcomes.withoutUse == [.committed, .committed, .overBudget(forgone)])
    },
    .init("an amount of another currency never fits under a cap") { (journal: any Store) async throws in
      let lease = try await journal.begin("a")
      let cap = Budget(scope: "run", amount: .forgone(1_000_000))
      let dollar = Charge(minorUnits: 1, currency: "USD", direction: .forgone)
      let outcomes = try await journal.commit([.spend(1, dollar, within: [cap])], under: lease)
      #expect(outcomes.withoutUse == [.overBudget(cap)])
    },
    .init("a sum that leaves 64 bits never fits") { (journal: any Store) async throws in
      let lease = try await journal.begin("a")
      let cap = Budget(scope: "run", amount: .forgone(.max))
      let outcomes = try await journal.commit(
        [.spend(1, .forgone(.max), within: [cap]), .spend(2, .forgone(1), within: [cap])], under: lease)
      #expect(outcomes.withoutUse == [.committed, .overBudget(cap)])
    },
    .init("what a scope has used is told, and telling it charges nothing") { (journal: any Store) async throws in
      let lease = try await journal.begin("a")
      let cap = Budget(scope: "run", writes: 2, amount: .forgone(100))
      #expect(try await journal.use(of: cap) == BudgetUse(writes: 0))
      let outcomes = try await journal.commit([.spend(1, .forgone(60), within: [cap])], under: lease)
      #expect(outcomes == [.committed])
      for _ in 1...2 {
        let use = try await journal.use(of: cap)
        #expect(use.writes == 1 && use.amount == 60 && use.latest != nil)
      }
      let other = Budget(scope: "day", writes: 2, amount: .forgone(100))
      #expect(try await journal.use(of: other) == BudgetUse(writes: 0))
    },
    .init("every scope must suffice, and a refusal charges none") { (journal: any Store) async throws in
      let lease = try await journal.begin("a")
      let wide = Budget(scope: "day", writes: 2)
      let narrow = Budget(scope: "run", writes: 1)
      let outcomes = try await journal.commit(
        [.spend(1, within: [wide, narrow]), .spend(2, within: [wide, narrow]), .spend(3, within: [wide])], under: lease)
      #expect(outcomes.withoutUse == [.committed, .overBudget(narrow), .committed])
    },
    .init("two caps of one scope are one purse, charged once") { (journal: any Store) async throws in
      let lease = try await journal.begin("a")
      let caps = [Budget(scope: "run", writes: 2), Budget(scope: "run", amount: .forgone(100))]
      let outcomes = try await journal.commit(
        [
          .spend(1, .forgone(50), within: caps), .spend(2, .forgone(50), within: caps),
          .spend(3, .forgone(0), within: caps),
        ], under: lease)
      #expect(outcomes.withoutUse == [.committed, .committed, .overBudget(caps[0])])
    },
    .init("runs share a scope") { (journal: any Store) async throws in
      let one = try await journal.begin("a")
      let two = try await journal.begin("b")
      let cap = Budget(scope: "day", writes: 1)
      #expect(try await journal.commit([.spend(1, within: [cap])], under: one) == [.committed])
      let outcomes = try await journal.commit([.spend(1, by: "b", within: [cap])], under: two)
      #expect(outcomes.withoutUse == [.overBudget(cap)])
    },
    .init("writes without caps are not counted") { (journal: any Store) async throws in
      let lease = try await journal.begin("a")
      _ = try await journal.commit([.spend(1, within: []), .spend(2, within: [])], under: lease)
      #expect(
        try await journal.commit([.spend(3, within: [Budget(scope: "run", writes: 1)])], under: lease) == [.committed])
    },
    .init("what ended without effect is given back; what is live or done stays charged") {
      (journal: any Store) async throws in
      for state in EffectState.allCases {
        let lease = try await journal.begin(RunID(state.rawValue))
        let cap = Budget(scope: state.rawValue, writes: 1, amount: .forgone(100))
        let first = EffectRecord.sample(lease.run, "1", claims: [], charge: .forgone(100))
        try await journal.bring(to: state, under: lease, effect: first, budgets: [cap])
        let outcome = try await journal.commit([.spend(2, .forgone(100), by: lease.run, within: [cap])], under: lease)[
          0]
        let isBack = [.rejected, .withdrawn, .notDone].contains(state)
        #expect(outcome.withoutUse == (isBack ? .committed : .overBudget(cap)), "\(state)")
      }
    },
    .init("withdrawing what was not done gives nothing back twice") { (journal: any Store) async throws in
      let lease = try await journal.begin("a")
      let cap = Budget(scope: "run", writes: 1, amount: .forgone(100))
      let first = EffectRecord.sample("a", "1", claims: [], charge: .forgone(100))
      try await journal.bring(to: .notDone, under: lease, effect: first, budgets: [cap])
      _ = try await journal.commit([.settle("1", .withdrawn)], under: lease)
      let outcomes = try await journal.commit(
        [.spend(2, .forgone(100), within: [cap]), .spend(3, .forgone(0), within: [cap])], under: lease)
      #expect(outcomes.withoutUse == [.committed, .overBudget(cap)])
    },
    .init("announcing again is charged again") { (journal: any Store) async throws in
      let lease = try await journal.begin("a")
      let cap = Budget(scope: "run", writes: 1)
      let first = EffectRecord.sample("a", "1", claims: [])
      try await journal.bring(to: .notDone, under: lease, effect: first, budgets: [cap])
      let again = Entry(.intent(.sample("a", "1", claims: [], attempt: 2), budgets: [cap]), instant: 0)
      let outcomes = try await journal.commit([again, .spend(2, within: [cap])], under: lease)
      #expect(outcomes.withoutUse == [.committed, .overBudget(cap)])
    },
    .init("a refusal says what is used") { (journal: any Journal) async throws in
      let lease = try await journal.begin("a")
      let cap = Budget(scope: "run", writes: 2, amount: .forgone(100))
      _ = try await journal.commit(
        [.spend(1, .forgone(70), at: 3, within: [cap]), .spend(2, .forgone(20), at: 4, within: [cap])], under: lease)
      let third = Entry.spend(3, .forgone(1), at: 5, within: [cap])
      let use = BudgetUse(writes: 2, amount: 90, latest: 4)
      #expect(try await journal.commit([third], under: lease) == [.overBudget(cap, used: use)])
    },
    .init("two writes of a scope are so far apart, also those of two runs") { (journal: any Journal) async throws in
      let one = try await journal.begin("a")
      let two = try await journal.begin("b")
      let cap = Budget(scope: "subject:1", every: 100)
      _ = try await journal.commit([.spend(1, at: 1000, within: [cap])], under: one)
      for (instant, fits) in [(1000, false), (1099, false), (1100, true), (1199, false), (1200, true)] {
        let entry = Entry.spend(instant, by: "b", at: Milliseconds(instant), within: [cap])
        let outcomes = try await journal.commit([entry], under: two)
        #expect(outcomes.withoutUse == [fits ? .committed : .overBudget(cap)], "\(instant)")
      }
    },
    .init("a write that came to nothing keeps no distance") { (journal: any Journal) async throws in
      let lease = try await journal.begin("a")
      let cap = Budget(scope: "subject:1", every: 100)
      _ = try await journal.commit(
        [.spend(1, at: 1000, within: [cap]), .spend(2, at: 1100, within: [cap]), .settle("2", .rejected)], under: lease)
      let third = Entry.spend(3, at: 1101, within: [cap])
      #expect(try await journal.commit([third], under: lease) == [.committed])
    },
  ]
}

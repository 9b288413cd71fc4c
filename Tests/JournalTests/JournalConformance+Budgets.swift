import JSON
import Journal
import Testing

extension JournalConformance {
  // MARK: Budgets

  static let budgets: [JournalConformance] = [
    .init("so many writes fit, and one more does not") { (journal: any Journal) async throws in
      let lease = try await journal.begin("a")
      let cap = Budget(scope: "run", writes: 2)
      let outcomes = try await journal.commit((1...4).map { .spend($0, within: [cap]) }, under: lease)
      #expect(outcomes == [.committed, .committed, .overBudget(cap), .overBudget(cap)])
    },
    .init("an amount fits up to the cap, and a smaller one after a larger was refused") {
      (journal: any Journal) async throws in
      let lease = try await journal.begin("a")
      let cap = Budget(scope: "run", amount: .forgone(100))
      let outcomes = try await journal.commit(
        [
          .spend(1, .forgone(60), within: [cap]), .spend(2, .forgone(41), within: [cap]),
          .spend(3, .forgone(40), within: [cap]), .spend(4, .forgone(1), within: [cap]),
          .spend(5, .forgone(0), within: [cap]), .spend(6, within: [cap]),
        ], under: lease)
      #expect(outcomes == [.committed, .overBudget(cap), .committed, .overBudget(cap), .committed, .committed])
    },
    .init("directions are counted apart") { (journal: any Journal) async throws in
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
      #expect(outcomes == [.committed, .committed, .overBudget(forgone)])
    },
    .init("an amount of another currency never fits under a cap") { (journal: any Journal) async throws in
      let lease = try await journal.begin("a")
      let cap = Budget(scope: "run", amount: .forgone(1_000_000))
      let dollar = Charge(minorUnits: 1, currency: "USD", direction: .forgone)
      #expect(try await journal.commit([.spend(1, dollar, within: [cap])], under: lease) == [.overBudget(cap)])
    },
    .init("a sum that leaves 64 bits never fits") { (journal: any Journal) async throws in
      let lease = try await journal.begin("a")
      let cap = Budget(scope: "run", amount: .forgone(.max))
      let outcomes = try await journal.commit(
        [.spend(1, .forgone(.max), within: [cap]), .spend(2, .forgone(1), within: [cap])], under: lease)
      #expect(outcomes == [.committed, .overBudget(cap)])
    },
    .init("every scope must suffice, and a refusal charges none") { (journal: any Journal) async throws in
      let lease = try await journal.begin("a")
      let wide = Budget(scope: "day", writes: 2)
      let narrow = Budget(scope: "run", writes: 1)
      let outcomes = try await journal.commit(
        [.spend(1, within: [wide, narrow]), .spend(2, within: [wide, narrow]), .spend(3, within: [wide])], under: lease)
      #expect(outcomes == [.committed, .overBudget(narrow), .committed])
    },
    .init("two caps of one scope are one purse, charged once") { (journal: any Journal) async throws in
      let lease = try await journal.begin("a")
      let caps = [Budget(scope: "run", writes: 2), Budget(scope: "run", amount: .forgone(100))]
      let outcomes = try await journal.commit(
        [
          .spend(1, .forgone(50), within: caps), .spend(2, .forgone(50), within: caps),
          .spend(3, .forgone(0), within: caps),
        ], under: lease)
      #expect(outcomes == [.committed, .committed, .overBudget(caps[0])])
    },
    .init("runs share a scope") { (journal: any Journal) async throws in
      let one = try await journal.begin("a")
      let two = try await journal.begin("b")
      let cap = Budget(scope: "day", writes: 1)
      #expect(try await journal.commit([.spend(1, within: [cap])], under: one) == [.committed])
      #expect(try await journal.commit([.spend(1, by: "b", within: [cap])], under: two) == [.overBudget(cap)])
    },
    .init("writes without caps are not counted") { (journal: any Journal) async throws in
      let lease = try await journal.begin("a")
      _ = try await journal.commit([.spend(1, within: []), .spend(2, within: [])], under: lease)
      #expect(
        try await journal.commit([.spend(3, within: [Budget(scope: "run", writes: 1)])], under: lease) == [.committed])
    },
    .init("what ended without effect is given back; what is live or done stays charged") {
      (journal: any Journal) async throws in
      for state in EffectState.allCases {
        let lease = try await journal.begin(RunID(state.rawValue))
        let cap = Budget(scope: state.rawValue, writes: 1, amount: .forgone(100))
        let first = EffectRecord.sample(lease.run, "1", claims: [], charge: .forgone(100))
        try await journal.bring(to: state, under: lease, effect: first, budgets: [cap])
        let outcome = try await journal.commit([.spend(2, .forgone(100), by: lease.run, within: [cap])], under: lease)[
          0]
        let isBack = [.rejected, .withdrawn, .notDone].contains(state)
        #expect(outcome == (isBack ? .committed : .overBudget(cap)), "\(state)")
      }
    },
    .init("withdrawing what was not done gives nothing back twice") { (journal: any Journal) async throws in
      let lease = try await journal.begin("a")
      let cap = Budget(scope: "run", writes: 1, amount: .forgone(100))
      let first = EffectRecord.sample("a", "1", claims: [], charge: .forgone(100))
      try await journal.bring(to: .notDone, under: lease, effect: first, budgets: [cap])
      _ = try await journal.commit([.settle("1", .withdrawn)], under: lease)
      let outcomes = try await journal.commit(
        [.spend(2, .forgone(100), within: [cap]), .spend(3, .forgone(0), within: [cap])], under: lease)
      #expect(outcomes == [.committed, .overBudget(cap)])
    },
    .init("announcing again is charged again") { (journal: any Journal) async throws in
      let lease = try await journal.begin("a")
      let cap = Budget(scope: "run", writes: 1)
      let first = EffectRecord.sample("a", "1", claims: [])
      try await journal.bring(to: .notDone, under: lease, effect: first, budgets: [cap])
      let again = Entry(.intent(.sample("a", "1", claims: [], attempt: 2), budgets: [cap]), instant: 0)
      #expect(
        try await journal.commit([again, .spend(2, within: [cap])], under: lease) == [.committed, .overBudget(cap)])
    },
  ]
}

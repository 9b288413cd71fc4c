import JSON
import Journal
import Testing

extension JournalConformance {
  // MARK: Answers

  static let answers: [JournalConformance] = [
    .init("a question is kept as it was asked, under an id of the store's") { (journal: any Store) async throws in
      let lease = try await journal.begin("a")
      let outcome = try await journal.commit([.ask(.question("3", claims: ["r1", "r2"]), at: 7)], under: lease)[0]
      let asked = try #require(outcome.asked)
      #expect(asked.id == "A1" && asked.run == "a" && asked.path == "3" && asked.asked == 7 && asked.expires == 100)
      #expect(asked.title == "Cancel 2 refunds?" && asked.items == ["rows": [1, 2.0, "3"]] && asked.digest == "d")
      #expect(asked.claims == [.sample("r1"), .sample("r2")] && asked.state == .pending)
      #expect(try await journal.history(of: "a")?.approvals == [asked])
      #expect(try await journal.approvals(ApprovalFilter()) == [asked])
    },
    .init("the same question again is the same one; another of the same step supersedes it") {
      (journal: any Store) async throws in
      let lease = try await journal.begin("a")
      let outcomes = try await journal.commit(
        [.ask(.question("1")), .ask(.question("1")), .ask(.question("1", digest: "e")), .ask(.question("2"))],
        under: lease)
      #expect(outcomes.compactMap(\.asked?.id) == ["A1", "A1", "A2", "A3"])
      let states = try await journal.approvals(ApprovalFilter()).map(\.state)
      #expect(states == [.pending, .pending, .superseded])
    },
    .init("what is asked about refuses the writes and the questions of other runs until it is answered") {
      (journal: any Store) async throws in
      let one = try await journal.begin("a")
      let two = try await journal.begin("b")
      let asked = try #require(
        try await journal.commit([.ask(.question("1", claims: ["r"]))], under: one)[0].asked)
      let write = Entry.intent(.sample("b", "1"))
      let question = Entry.ask(.question("2", claims: ["q", "r"]))
      let other = Entry.intent(.sample("b", "3", claims: ["free"]))
      #expect(
        try await journal.commit([write, question, other], under: two) == [
          .awaiting(asked), .awaiting(asked), .committed,
        ])
      #expect(
        try await journal.commit([.intent(.sample("a", "1")), .settle("1", .rejected)], under: one) == [
          .committed, .committed,
        ])
      _ = try await journal.decide("A1", showing: "d", approve: false, .ann(50))
      #expect(try await journal.commit([write], under: two) == [.committed])
    },
    .init("a question that nobody answered in time refuses nothing") { (journal: any Store) async throws in
      let one = try await journal.begin("a")
      let two = try await journal.begin("b")
      _ = try await journal.commit([.ask(.question("1", claims: ["r"], expires: 10))], under: one)
      let intent = EffectRecord.sample("b", "1")
      let early = try await journal.commit([Entry(.intent(intent, budgets: []), instant: 9)], under: two)[0]
      #expect(early.isAwaiting)
      #expect(
        try await journal.commit([Entry(.intent(intent, budgets: []), instant: 10)], under: two) == [.committed])
    },
    .init("an answer that comes while the run is advanced makes it due as soon as it waits, once") {
      (journal: any Store) async throws in
      let lease = try await journal.begin("a", at: 0, for: 100)
      _ = try await journal.commit([.ask(.question("1"))], under: lease)
      _ = try await journal.decide("A1", showing: "d", approve: true, .ann(50))
      _ = try await journal.commit(
        [Entry(.status(.waiting(.approval), wake: 90), instant: 60), Entry(.release, instant: 60)], under: lease)
      #expect(try await journal.run("a")?.wake == 50)
      #expect(try await journal.due(before: 60) == ["a"])
      // Whoever takes it sees the answer: it is due for it no more.
      let next = try #require(try await journal.acquire("a", by: "two", at: 60, for: 10))
      _ = try await journal.commit([.status(.waiting(.approval)), .release], under: next)
      #expect(try await journal.due(before: 1000).isEmpty)
    },
    .init("an answer is signed, bound to what was shown, and given once; its run goes on") {
      (journal: any Store) async throws in
      for (approve, state) in [(true, Approval.State.approved), (false, .rejected)] {
        let run = RunID(state.rawValue)
        let lease = try await journal.begin(run)
        let asked = try #require(
          try await journal.commit([.ask(.question("1")), .status(.waiting(.approval)), .release], under: lease)[0]
            .asked)
        #expect(try await journal.due(before: 1_000_000).isEmpty)
        let other = try await journal.decide(asked.id, showing: "other", approve: approve, .ann(50))
        #expect(other == .changed(asked))
        let outcome = try await journal.decide(asked.id, showing: "d", approve: approve, .ann(50))
        let decided = try #require(try await journal.approvals(ApprovalFilter()).first)
        #expect(outcome == .decided(decided))
        #expect(decided.state == state && decided.by == "ann" && decided.why == "because" && decided.decided == 50)
        #expect(try await journal.decide(asked.id, showing: "d", approve: !approve, .ann(51)) == .isOver(decided))
        #expect(try await journal.due(before: 50) == [run])
        #expect(try await journal.due(before: 49).isEmpty)
        let next = try #require(try await journal.acquire(run, by: "two", at: 50, for: 10))
        _ = try await journal.commit([.status(.succeeded), .release], under: next)
      }
    },
    .init("who answers too late makes it expired, and its run goes on") { (journal: any Store) async throws in
      let lease = try await journal.begin("a")
      _ = try await journal.commit([.ask(.question("1")), .status(.waiting(.approval)), .release], under: lease)
      let outcome = try await journal.decide("A1", showing: "d", approve: true, .ann(100))
      let expired = try #require(try await journal.approvals(ApprovalFilter()).first)
      #expect(outcome == .isOver(expired) && expired.state == .expired && expired.by == nil)
      #expect(try await journal.due(before: 100) == ["a"])
    },
    .init("an answer to no question") { (journal: any Store) async throws in
      for id in ["A1", "", "A", "x", "A99999999999999999999", "a1", "A01", "A+1"] {
        #expect(try await journal.decide(id, showing: "d", approve: true, .ann(1)) == .unknownApproval, "\(id)")
      }
    },
    .init("questions are found by id, run and state, the latest first") { (journal: any Store) async throws in
      let one = try await journal.begin("a")
      let two = try await journal.begin("b")
      _ = try await journal.commit([.ask(.question("1", expires: 10)), .ask(.question("2"))], under: one)
      _ = try await journal.commit([.ask(.question("1"))], under: two)
      _ = try await journal.decide("A2", showing: "d", approve: true, .ann(5))
      func ids(_ set: (inout ApprovalFilter) -> Void) async throws -> [String] {
        var filter = ApprovalFilter()
        set(&filter)
        return try await journal.approvals(filter).map(\.id)
      }
      #expect(try await ids { _ in } == ["A3", "A2", "A1"])
      #expect(try await ids { $0.limit = 2 } == ["A3", "A2"])
      #expect(try await ids { $0.run = "a" } == ["A2", "A1"])
      #expect(try await ids { $0.id = "A3" } == ["A3"])
      #expect(try await ids { $0.states = [.approved] } == ["A2"])
      #expect(try await ids { $0.states = [.pending] } == ["A3", "A1"])
      #expect(try await ids { ($0.states, $0.at) = ([.pending], 10) } == ["A3"])
      #expect(try await ids { ($0.states, $0.at) = ([.expired], 10) } == ["A1"])
      #expect(try await ids { ($0.states, $0.at) = ([.expired], 9) }.isEmpty)
    },
  ]
}

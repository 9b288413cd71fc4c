import JSON
import Journal
import Testing

extension JournalConformance {
  private static let scope = StateScope(playbook: "p", profile: "shop")

  /// One step of a run that asks that of the store; refused, it raises `full`.
  private static func asking(
    _ request: StoreStep.Request, at ordinal: Int = 1, of scope: StateScope = scope, digest: String = "d"
  ) -> Entry {
    let refused = Step(
      path: StepPath([ordinal]), name: "state", arguments: [0x5B, 0x5D], digest: digest,
      result: .raised(JSON.string("full").bytes()), sequence: ordinal, began: 3, instant: 4, line: "p.lua:1")
    return Entry(.answer(StoreStep(request, in: scope, refused: refused)), instant: 4)
  }

  /// What the store answers when a run asks that, one after the other.
  private static func answers(
    _ requests: [StoreStep.Request], of scope: StateScope = scope, run: RunID, _ journal: any Store
  ) async throws -> [[JSON]?] {
    let lease = try await journal.begin(run)
    let entries = requests.enumerated().map { asking($1, at: $0 + 1, of: scope) }
    let outcomes = try await journal.commit(entries, under: lease)
    let steps = outcomes.compactMap(\.answered)
    #expect(try await journal.steps(of: run) == steps && steps.count == requests.count)
    return try steps.map { step in
      guard case .returned(let values) = step.result else { return nil }
      return try values.map { try JSON(parsing: $0) }
    }
  }

  // MARK: What playbooks remember

  static let state: [JournalConformance] = [
    .init("a value is kept, read, replaced and forgotten") { (journal: any Store) async throws in
      let value: JSON = ["id": 1_100_002_350_019_876_543, "list": [], "one": 1.0, "text": "退货"]
      let answers = try await answers(
        [
          .get("k"), .set("k", value), .get("k"), .set("k", "second"), .get("k"), .delete("k"), .delete("k"), .get("k"),
        ], run: "a", journal)
      #expect(answers == [[], [], [value], [], ["second"], [true], [false], []])
    },
    .init("a step is recorded with its answer, as it was asked") { (journal: any Store) async throws in
      let lease = try await journal.begin("a")
      let note = Note(after: "1", ordinal: 1, content: .log(LogLine(level: "info", message: "m")))
      var entry = asking(.set("k", 1))
      entry = Entry(entry.body, notes: [note], instant: entry.instant)
      let step = try #require(try await journal.commit([entry], under: lease).first?.answered)
      #expect(step.path == "1" && step.name == "state" && step.digest == "d" && step.arguments == [0x5B, 0x5D])
      #expect(step.result == .returned([]) && step.sequence == 1 && step.began == 3 && step.instant == 4)
      #expect(step.line == "p.lua:1" && step.attempts == 1)
      #expect(try await journal.notes(of: "a") == [note])
    },
    .init("a step that is committed again changes nothing and answers the same") { (journal: any Store) async throws in
      let lease = try await journal.begin("a")
      let claim = asking(.claim("SF1", in: "waybill", owner: "7"))
      let first = try await journal.commit([claim, asking(.set("k", 1), at: 2)], under: lease)
      _ = try await journal.set(StateKey("k", of: scope), to: 2, .ann(9))
      let again = try await journal.commit([claim, asking(.set("k", 1), at: 2)], under: lease)
      #expect(again == first && first.allSatisfy { $0.answered != nil })
      #expect(try await journal.state(StateFilter(StateKey("k", of: scope))).map(\.value) == [2])
      let other = try await journal.commit([asking(.set("k", 3), digest: "e")], under: lease)
      #expect(other.map(\.isConflict) == [true])
    },
    .init("whoever was fenced changes nothing") { (journal: any Store) async throws in
      let old = try await journal.begin("a", at: 0, for: 10)
      _ = try #require(try await journal.acquire("a", by: "two", at: 10, for: 100))
      #expect(try await journal.commit([asking(.set("k", 1))], under: old) == [.fenced])
      #expect(try await journal.state(StateFilter()).isEmpty)
    },
    .init("a memory is one playbook's and one shop's") { (journal: any Store) async throws in
      for (number, other) in [("p", "other"), ("q", "shop"), ("p", "shop")].enumerated() {
        let scope = StateScope(playbook: other.0, profile: other.1)
        let answers = try await answers(
          [.get("k"), .claim("c", in: "n", owner: "\(number)"), .set("k", .integer(Int64(number))), .get("k")],
          of: scope, run: RunID("\(number)"), journal)
        #expect(answers == [[], [.string("\(number)")], [], [.integer(Int64(number))]])
      }
      #expect(
        try await journal.state(StateFilter()).map(\.key.scope.profile) == [
          "other", "other", "shop", "shop", "shop", "shop",
        ])
    },
    .init("a claim is the first owner's, of whatever run, and no value") { (journal: any Store) async throws in
      let first = try await answers(
        [.claim("SF1", in: "waybill", owner: "7"), .claim("SF1", in: "waybill", owner: "8"), .get("SF1")], run: "a",
        journal)
      #expect(first == [["7"], ["7"], []])
      let second = try await answers(
        [
          .claim("SF1", in: "waybill", owner: "9"), .claim("SF1", in: "parcel", owner: "9"), .delete("SF1"),
          .keys(prefix: ""), .claim("SF1", in: "waybill", owner: "7"),
        ], run: "b", journal)
      #expect(second == [["7"], ["9"], [false], [[]], ["7"]])
    },
    .init("keys are listed by their bytes, those that begin so") { (journal: any Store) async throws in
      let names = ["b", "a/2", "a/10", "a", "é", "e\u{301}", "退/1", "A"]
      let answers = try await answers(
        names.map { .set($0, 1) } + [.keys(prefix: ""), .keys(prefix: "a/"), .keys(prefix: "退"), .keys(prefix: "%")],
        run: "a", journal)
      let sorted: JSON = ["A", "a", "a/10", "a/2", "b", "e\u{301}", "é", "退/1"]
      #expect(answers.suffix(4).map { $0 } == [[sorted], [["a/10", "a/2"]], [["退/1"]], [[]]])
      #expect(try await journal.names(StateFilter(of: scope, prefix: "a")) == ["a", "a/10", "a/2"])
    },
    .init("no more values are kept than may be, and the step says so") { (journal: any Store) async throws in
      let lease = try await journal.begin("a")
      let entries = (1...StateLimit.values).map { asking(.set("k\($0)", 1), at: $0) }
      #expect(try await journal.commit(entries, under: lease).allSatisfy { $0.answered?.result == .returned([]) })
      let last = StateLimit.values + 1
      let outcomes = try await journal.commit(
        [
          asking(.set("more", 1), at: last), asking(.set("k1", 2), at: last + 1),
          asking(.claim("more", in: "n", owner: "o"), at: last + 2), asking(.delete("k1"), at: last + 3),
          asking(.set("more", 1), at: last + 4),
        ], under: lease)
      #expect(
        outcomes.map { $0.answered?.result } == [
          .raised(JSON.string("full").bytes()), .returned([]), .returned([JSON.string("o").bytes()]),
          .returned([JSON.bool(true).bytes()]), .returned([]),
        ])
      #expect(try await journal.steps(of: "a").map(\.sequence) == Array(1...(last + 4)))
      #expect(try await !journal.set(StateKey("again", of: scope), to: 1, .ann(1)))
    },
    .init("people see, set and forget what is remembered, and leave a trail") { (journal: any Store) async throws in
      _ = try await answers([.set("a", ["x": 1]), .claim("SF1", in: "waybill", owner: "7")], run: "a", journal)
      #expect(try await journal.set(StateKey("b", of: scope), to: [2], .ann(8)))
      #expect(try await journal.set(StateKey("SF2", in: "waybill", of: scope), to: "9", .ann(8)))
      let all = try await journal.state(StateFilter())
      #expect(
        all == [
          StateEntry(StateKey("a", of: scope), value: ["x": 1], changed: 4, by: "a"),
          StateEntry(StateKey("b", of: scope), value: [2], changed: 8, by: "ann"),
          StateEntry(StateKey("SF1", in: "waybill", of: scope), value: "7", changed: 4, by: "a"),
          StateEntry(StateKey("SF2", in: "waybill", of: scope), value: "9", changed: 8, by: "ann"),
        ])
      var filter = StateFilter()
      filter.kind = .claims(in: "waybill")
      #expect(try await journal.names(filter) == ["SF1", "SF2"])
      filter.kind = .claims(in: "parcel")
      #expect(try await journal.state(filter).isEmpty)
      filter = StateFilter()
      filter.limit = 1
      #expect(try await journal.state(filter) == [all[0]])
      #expect(try await journal.forget(StateFilter(of: scope), .ann(9)) == 2)
      #expect(try await journal.forget(StateFilter(of: scope), .ann(9)) == 0)
      #expect(try await journal.forget(StateFilter(StateKey("SF1", in: "waybill", of: scope)), .ann(9)) == 1)
      #expect(try await journal.state(StateFilter()).map(\.key.name) == ["SF2"])
      let trail = try await journal.audit(about: nil, limit: 9).map { "\($0.action) \($0.subject)" }
      #expect(
        trail == [
          "state.delete p (shop) waybill:SF1", "state.delete p (shop) all", "state.set p (shop) waybill:SF2",
          "state.set p (shop) b",
        ])
    },
    .init("of many that claim at once one is the first") { (journal: any Store) async throws in
      let owners = try await withThrowingTaskGroup(of: Step?.self) { group in
        for number in 0..<20 {
          group.addTask {
            let lease = try await journal.begin(RunID("r\(number)"))
            let entry = asking(.claim("SF1", in: "waybill", owner: "\(number)"))
            return try await journal.commit([entry], under: lease).first?.answered
          }
        }
        return try await group.reduce(into: [Step?]()) { $0.append($1) }
      }
      #expect(Set(owners.map(\.?.result)).count == 1 && owners.count == 20)
    },
  ]
}

extension EntryOutcome {
  var answered: Step? {
    if case .answered(let step) = self { step } else { nil }
  }
}

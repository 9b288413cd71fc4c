import JSON
import Journal
import Testing

/// What every journal must do, whatever it is stored in: each store's tests run all of these against fresh journals.
struct JournalConformance: Sendable, CustomTestStringConvertible {
  let name: String
  let check: @Sendable (any Store) async throws -> Void
  var testDescription: String { name }

  init(_ name: String, _ check: @escaping @Sendable (any Store) async throws -> Void) {
    (self.name, self.check) = (name, check)
  }

  static let all: [JournalConformance] =
    starting + leases + steps + effects + claims + budgets + questions + waiting + answers + guards + people + trails
    + plans + schedules + events + raising + state

  // MARK: Starting

  static let starting: [JournalConformance] = [
    .init("starting is idempotent and keeps the first record") { (journal: any Store) async throws in
      #expect(try await journal.start(.sample("a"), requiring: []) == .started)
      let other = RunRecord.sample("a", playbook: "other")
      #expect(try await journal.start(other, requiring: []) == .exists)
      #expect(try await journal.run("a") == .sample("a"))
    },
    .init("a run that is not recorded is nil, and asking more of it is an error") {
      (journal: any Store) async throws in
      #expect(try await journal.run("a") == nil)
      #expect(try await journal.history(of: "a") == nil)
      await #expect(throws: JournalError.unknownRun("a")) {
        try await journal.acquire("a", by: "w", at: 0, for: 10)
      }
      let lease = Lease(run: "a", worker: "w", epoch: 1, expires: 10)
      await #expect(throws: JournalError.unknownRun("a")) { try await journal.commit([], under: lease) }
      await #expect(throws: JournalError.unknownRun("a")) { try await journal.renew(lease, at: 0, for: 10) }
      await #expect(throws: JournalError.unknownRun("a")) { try await journal.release(lease) }
    },
    .init("a live run of the playbook for the profile refuses the start, and nothing is recorded") {
      (journal: any Store) async throws in
      let condition = StartCondition.noLiveRun(playbook: "p", profile: "shop")
      #expect(try await journal.start(.sample("a"), requiring: [condition]) == .started)
      #expect(try await journal.start(.sample("b"), requiring: [condition]) == .refused(condition))
      #expect(try await journal.run("b") == nil)
      #expect(try await journal.start(.sample("b"), requiring: []) == .started)
    },
    .init("another playbook or another profile does not refuse the start") { (journal: any Store) async throws in
      let condition = StartCondition.noLiveRun(playbook: "p", profile: "shop")
      _ = try await journal.start(.sample("a", playbook: "q"), requiring: [])
      _ = try await journal.start(.sample("b", profile: "other"), requiring: [])
      #expect(try await journal.start(.sample("c"), requiring: [condition]) == .started)
    },
    .init("a run that exists is not judged again by the condition") { (journal: any Store) async throws in
      let condition = StartCondition.noLiveRun(playbook: "p", profile: "shop")
      _ = try await journal.start(.sample("a"), requiring: [condition])
      #expect(try await journal.start(.sample("a"), requiring: [condition]) == .exists)
    },
    .init("only a final status ends a run's claim to be live") { (journal: any Store) async throws in
      let condition = StartCondition.noLiveRun(playbook: "p", profile: "shop")
      let lease = try await journal.begin("a")
      for status in RunStatus.everyStatus {
        #expect(try await journal.commit([.status(status)], under: lease) == [.committed])
        let outcome = try await journal.start(.sample("\(status)"), requiring: [condition])
        #expect(outcome == (status.isFinal ? .started : .refused(condition)), "\(status)")
        guard outcome == .started else { continue }
        let other = try #require(try await journal.acquire(RunID("\(status)"), by: "w", at: 0, for: 10))
        _ = try await journal.commit([.status(.succeeded)], under: other)
      }
    },
  ]

  // MARK: Leases

  static let leases: [JournalConformance] = [
    .init("one worker at a time, the next with a higher epoch") { (journal: any Store) async throws in
      _ = try await journal.start(.sample("a"), requiring: [])
      let first = try #require(try await journal.acquire("a", by: "one", at: 100, for: 50))
      #expect(first.expires == 150 && first.worker == "one" && first.run == "a")
      #expect(try await journal.acquire("a", by: "two", at: 149, for: 50) == nil)
      let second = try #require(try await journal.acquire("a", by: "two", at: 150, for: 50))
      #expect(second.epoch > first.epoch)
    },
    .init("whoever was fenced records nothing, renews nothing, and cannot release the successor's lease") {
      (journal: any Store) async throws in
      let old = try await journal.begin("a", at: 0, for: 10)
      let new = try #require(try await journal.acquire("a", by: "two", at: 10, for: 100))
      #expect(try await journal.commit([.step("1", 1), .status(.failed)], under: old) == [.fenced, .fenced])
      #expect(try await journal.steps(of: "a").isEmpty)
      #expect(try await journal.renew(old, at: 11, for: 10) == nil)
      try await journal.release(old)
      #expect(try await journal.acquire("a", by: "three", at: 12, for: 10) == nil)
      #expect(try await journal.commit([.step("1", 1)], under: new) == [.committed])
    },
    .init("a lease that ended still records while nobody else took the run") { (journal: any Store) async throws in
      let lease = try await journal.begin("a", at: 0, for: 10)
      #expect(try await journal.commit([.step("1", 1, instant: 500)], under: lease) == [.committed])
    },
    .init("renewing keeps the epoch and moves the end") { (journal: any Store) async throws in
      let lease = try await journal.begin("a", at: 0, for: 10)
      let renewed = try #require(try await journal.renew(lease, at: 5, for: 10))
      #expect(renewed.lease.epoch == lease.epoch && renewed.lease.expires == 15)
      #expect(try await journal.acquire("a", by: "two", at: 14, for: 10) == nil)
      #expect(try await journal.commit([.step("1", 1)], under: lease) == [.committed])
    },
    .init("a released run can be taken at once, and records nothing until then") {
      (journal: any Store) async throws in
      let lease = try await journal.begin("a", at: 0, for: 1000)
      try await journal.release(lease)
      #expect(try await journal.commit([.step("1", 1)], under: lease) == [.fenced])
      #expect(try await journal.renew(lease, at: 1, for: 10) == nil)
      let next = try #require(try await journal.acquire("a", by: "two", at: 1, for: 10))
      #expect(next.epoch > lease.epoch)
    },
    .init("a worker that takes its own run again fences its earlier self") { (journal: any Store) async throws in
      let old = try await journal.begin("a", at: 0, for: 1000)
      let new = try #require(try await journal.acquire("a", by: old.worker, at: 1, for: 1000))
      #expect(new.epoch > old.epoch)
      #expect(try await journal.commit([.step("1", 1)], under: old) == [.fenced])
    },
  ]

  // MARK: Steps and notes

  static let steps: [JournalConformance] = [
    .init("steps come back in the order of delivery, exactly as they were") { (journal: any Store) async throws in
      let lease = try await journal.begin("a")
      let value: JSON = [
        "id": 1_100_002_350_019_876_543, "big": .bigInteger("12345678901234567890"), "list": [], "map": [:], "no": nil,
        "one": 1.0,
      ]
      let steps = [
        Step(
          path: "3", name: "taobao.refunds.get", digest: "d3", result: .returned([value.bytes(), JSON.null.bytes()]),
          sequence: 1, instant: 7,
          attempts: 3),
        Step(path: "1", name: "sleep", digest: "d1", result: .returned([]), sequence: 2, instant: 8),
        Step(
          path: "2/10/1", name: "x", digest: "d2", result: .raised(JSON.object(["code": "rejected"]).bytes()),
          sequence: 3, instant: 9),
      ]
      let entries = steps.map { Entry(.step($0), instant: $0.instant) }
      #expect(try await journal.commit(entries, under: lease) == [.committed, .committed, .committed])
      #expect(try await journal.steps(of: "a") == steps)
    },
    .init("a path is recorded once: the same step again is no harm, another is a conflict") {
      (journal: any Store) async throws in
      let lease = try await journal.begin("a")
      #expect(try await journal.commit([.step("1", 1), .step("1", 1)], under: lease) == [.committed, .committed])
      let outcome = try await journal.commit([.step("1", 2), .step("2", 2)], under: lease)
      #expect(outcome[0].isConflict, "\(outcome)")
      #expect(outcome[1] == .committed)
      #expect(try await journal.steps(of: "a").map(\.sequence) == [1, 2])
    },
    .init("notes come back in order, and those of a refused entry are not kept") {
      (journal: any Store) async throws in
      let lease = try await journal.begin("a")
      let notes = (1...3).map { Note(after: "1", ordinal: $0, content: .log(LogLine(level: "info", message: "m"))) }
      let refused = Entry(.settle("9", .confirmed, detail: nil), notes: [notes[1]], instant: 0)
      let outcomes = try await journal.commit(
        [Entry(.notes, notes: [notes[0]], instant: 0), refused, Entry(.notes, notes: [notes[2]], instant: 0)],
        under: lease)
      #expect(outcomes.map { $0 == .committed } == [true, false, true])
      #expect(try await journal.notes(of: "a") == [notes[0], notes[2]])
    },
    .init("a step that is recorded again brings no notes twice") { (journal: any Store) async throws in
      let lease = try await journal.begin("a")
      let note = Note(after: "1", ordinal: 1, content: .report(["rows": []]))
      let entry = Entry(.step(.sample("1", 1)), notes: [note], instant: 0)
      _ = try await journal.commit([entry, entry], under: lease)
      #expect(try await journal.notes(of: "a") == [note])
    },
    .init("runs do not see each other's steps") { (journal: any Store) async throws in
      let one = try await journal.begin("a")
      let two = try await journal.begin("b")
      _ = try await journal.commit([.step("1", 1)], under: one)
      #expect(try await journal.commit([.step("1", 5)], under: two) == [.committed])
      #expect(try await journal.steps(of: "a").map(\.sequence) == [1])
    },
    .init("the status is the last one recorded") { (journal: any Store) async throws in
      let lease = try await journal.begin("a")
      for status in RunStatus.everyStatus {
        _ = try await journal.commit([.status(status)], under: lease)
        #expect(try await journal.run("a")?.status == status)
      }
    },
  ]
}

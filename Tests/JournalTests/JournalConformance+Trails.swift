import JSON
import Journal
import Testing

extension JournalConformance {
  // MARK: What is shown

  static let trails: [JournalConformance] = [
    .init("a run comes back as it was recorded, with all that its end said") { (journal: any Store) async throws in
      var record = RunRecord(
        id: "a", playbook: "p", version: "v", profile: "shop", trigger: .event, by: "ann@host",
        parameters: ["limit": 1, "big": .bigInteger("12345678901234567890")], event: ["id": "e"],
        tags: ["7": ["vip"]], zone: "Asia/Shanghai", started: 5)
      _ = try await journal.start(record, requiring: [])
      #expect(try await journal.run("a") == record)
      let lease = try #require(try await journal.acquire("a", by: "one", at: 6, for: 100))
      _ = try await journal.commit([Entry(.status(.running), instant: 6)], under: lease)
      let end = Entry(.status(.failed, result: ["rows": []], failure: ["code": "limit"]), instant: 9)
      _ = try await journal.commit([end], under: lease)
      (record.status, record.result, record.failure, record.ended) = (.failed, ["rows": []], ["code": "limit"], 9)
      #expect(try await journal.run("a") == record)
      _ = try await journal.commit([Entry(.status(.running), instant: 10)], under: lease)
      _ = try await journal.commit([Entry(.status(.succeeded, result: 1), instant: 11)], under: lease)
      (record.status, record.result, record.failure, record.ended) = (.succeeded, 1, nil, 11)
      #expect(try await journal.run("a") == record)
    },
    .init("runs are found by status, playbook, profile and start, the latest first") {
      (journal: any Store) async throws in
      for (id, playbook, profile, started) in [
        ("a", "p", "shop", Milliseconds(10)), ("b", "q", "shop", 30), ("c", "p", "two", 20), ("d", "p", "two", 20),
      ] {
        let run = RunRecord(
          id: RunID(id), playbook: playbook, version: "v", profile: profile, trigger: .manual, parameters: [:],
          started: started)
        _ = try await journal.start(run, requiring: [])
      }
      let lease = try #require(try await journal.acquire("a", by: "one", at: 0, for: 10))
      _ = try await journal.commit([.status(.waiting(.approval))], under: lease)
      func ids(_ set: (inout RunFilter) -> Void) async throws -> [String] {
        var filter = RunFilter()
        set(&filter)
        return try await journal.runs(filter).map(\.id.text)
      }
      #expect(try await ids { _ in } == ["b", "d", "c", "a"])
      #expect(try await ids { $0.limit = 2 } == ["b", "d"])
      #expect(try await ids { $0.limit = 0 }.isEmpty)
      #expect(try await ids { $0.statuses = ["waiting"] } == ["a"])
      #expect(try await ids { $0.statuses = ["queued", "waiting"] } == ["b", "d", "c", "a"])
      #expect(try await ids { $0.statuses = [] }.isEmpty)
      #expect(try await ids { $0.playbook = "q" } == ["b"])
      #expect(try await ids { ($0.profile, $0.playbook) = ("two", "p") } == ["d", "c"])
      #expect(try await ids { $0.profile = "none" }.isEmpty)
      #expect(try await ids { $0.since = 20 } == ["b", "d", "c"])
    },
    .init("an effect comes back with all it is known by") { (journal: any Store) async throws in
      let lease = try await journal.begin("a")
      var effect = EffectRecord(
        run: "a", path: "5/2", operation: "taobao.refunds.cancel", arguments: ["refundId": "7", "n": 1.0],
        digest: String(repeating: "0f", count: 32), claims: [.sample("7"), .sample("8")], subjects: ["7", "o1"],
        charge: .forgone(.max), instant: 3)
      _ = try await journal.commit([Entry(.intent(effect, budgets: []), instant: 4)], under: lease)
      #expect(try await journal.effects(of: "a") == [effect])
      _ = try await journal.commit(
        [Entry(.settle("5/2", .accepted, detail: "queued", answer: ["ok": true]), instant: 8)], under: lease)
      (effect.state, effect.detail, effect.answer, effect.changed) = (.accepted, "queued", ["ok": true], 8)
      #expect(try await journal.effects(of: "a") == [effect])
      _ = try await journal.commit([Entry(.settle("5/2", .notDone, detail: nil), instant: 9)], under: lease)
      (effect.state, effect.detail, effect.changed) = (.notDone, nil, 9)
      #expect(try await journal.effects(of: "a") == [effect])
      (effect.state, effect.attempt, effect.answer, effect.changed) = (.intended, 2, nil, 10)
      _ = try await journal.commit([Entry(.intent(effect, budgets: []), instant: 10)], under: lease)
      #expect(try await journal.effects(of: "a") == [effect])
    },
    .init("effects are found by run, resource and doubt, the latest first") { (journal: any Store) async throws in
      for (run, instant) in [("a", Milliseconds(10)), ("b", 20)] {
        let lease = try await journal.begin(RunID(run))
        for (path, resource) in [(StepPath([2]), "x"), (StepPath([10]), "y")] {
          let effect = EffectRecord(
            run: lease.run, path: path, operation: "o", digest: "d", claims: [.sample(resource + run)], charge: nil,
            instant: instant)
          _ = try await journal.commit([.intent(effect)], under: lease)
        }
        _ = try await journal.commit([.settle("2", .confirmed)], under: lease)
      }
      func ids(_ set: (inout EffectFilter) -> Void) async throws -> [String] {
        var filter = EffectFilter()
        set(&filter)
        return try await journal.effects(filter).map(\.id)
      }
      #expect(try await ids { _ in } == ["b:10", "b:2", "a:10", "a:2"])
      #expect(try await ids { $0.limit = 1 } == ["b:10"])
      #expect(try await ids { $0.run = "a" } == ["a:10", "a:2"])
      #expect(try await ids { $0.run = "none" }.isEmpty)
      #expect(try await ids { $0.unsettled = true } == ["b:10", "a:10"])
      #expect(try await ids { $0.resource = "xb" } == ["b:2"])
      #expect(try await ids { ($0.resource, $0.unsettled) = ("xb", true) }.isEmpty)
    },
    .init("what was decided about a subject is found across runs, the earliest first, also what took its place") {
      (journal: any Store) async throws in
      func note(_ ordinal: Int, _ subject: String, _ kind: Decision.Kind, isOutcome: Bool = false) -> Note {
        let decision = Decision(
          subject: subject, kind: kind, reason: "open for too long", detail: "8d", amount: .forgone(5), step: "1/2/1")
        return Note(after: "1", ordinal: ordinal, content: isOutcome ? .outcome(decision) : .decision(decision))
      }
      let two = try await journal.begin("b")
      let one = try await journal.begin("a")
      _ = try await journal.commit(
        [
          Entry(.notes, notes: [note(1, "7", .waiting), note(2, "8", .kept)], instant: 20),
          Entry(.step(.sample("1", 1)), notes: [note(3, "7", .done, isOutcome: true)], instant: 40),
        ], under: one)
      _ = try await journal.commit([Entry(.notes, notes: [note(1, "7", .kept)], instant: 30)], under: two)
      let found = try await journal.decisions(about: "7")
      #expect(found.map(\.run) == ["a", "b", "a"] && found.map(\.instant) == [20, 30, 40])
      #expect(found.map(\.decision.kind) == [.waiting, .kept, .done])
      #expect(found.allSatisfy { $0.playbook == "p" && $0.profile == "shop" })
      #expect(found.first?.decision.amount == .forgone(5) && found.first?.decision.step == "1/2/1")
      #expect(try await journal.decisions(about: "9").isEmpty)
    },
    .init("notes come back exactly as they were said") { (journal: any Store) async throws in
      let lease = try await journal.begin("a")
      let decision = Decision(subject: "7", kind: .handedOver, reason: "r", step: "")
      let notes = [
        Note(after: "", ordinal: 1, content: .log(LogLine(level: "warn", message: "ü\n", fields: ["n": 1.0]))),
        Note(after: "2/10", ordinal: 300, content: .report(["rows": [[], [:], nil]])),
        Note(after: "3", ordinal: 1, content: .decision(decision)),
        Note(after: "3", ordinal: 2, content: .outcome(decision)),
        Note(after: "3", ordinal: 3, content: .log(LogLine(level: "info", message: ""))),
      ]
      _ = try await journal.commit([Entry(.notes, notes: notes, instant: 0)], under: lease)
      #expect(try await journal.notes(of: "a") == notes)
    },
    .init("a step's result is taken back only where it is the last one, and can be taken anew") {
      (journal: any Store) async throws in
      let lease = try await journal.begin("a")
      _ = try await journal.commit([.step("1", 1), .step("2", 2)], under: lease)
      func supersede(_ path: StepPath) async throws -> EntryOutcome {
        try await journal.commit([Entry(.supersede(path), instant: 5)], under: lease)[0]
      }
      #expect(try await supersede("1").isConflict)
      #expect(try await supersede("9").isConflict)
      #expect(try await supersede("2") == .committed)
      #expect(try await journal.steps(of: "a").map(\.path) == ["1"])
      let anew = Step(path: "2", name: "sleep", digest: "d", result: .returned([[1]]), sequence: 2, instant: 7)
      #expect(try await journal.commit([Entry(.step(anew), instant: 7)], under: lease) == [.committed])
      #expect(try await journal.steps(of: "a").last == anew)
    },
    .init("a step comes back with its times, its attempts and its line") { (journal: any Store) async throws in
      let lease = try await journal.begin("a")
      let step = Step(
        path: "2/300/1", name: "taobao.refunds.get", arguments: Array("{\"id\":\"1\"}".utf8),
        digest: String(repeating: "a0", count: 32), result: .returned([[], [0, 255], Array("x".utf8)]), sequence: 1,
        began: -5, instant: 1_795_420_800_123, attempts: 7, line: "scripts/chase.lua:12")
      _ = try await journal.commit([Entry(.step(step), instant: 0)], under: lease)
      #expect(try await journal.steps(of: "a") == [step])
    },
    .init("people's deeds leave a trail, the latest first, and what was refused leaves none") {
      (journal: any Store) async throws in
      let lease = try await journal.begin("a")
      try await journal.bring(to: .unknown, under: lease)
      _ = try await journal.commit([.ask(.question("2"))], under: lease)
      _ = try await journal.settle("a", "1", as: .confirmed, .ann(1))
      try await journal.release(lease)
      _ = try await journal.settle("a", "1", as: .notDone, .ann(2))
      _ = try await journal.decide("A1", showing: "other", approve: true, .ann(3))
      _ = try await journal.decide("A1", showing: "d", approve: true, .ann(4))
      _ = try await journal.request(.pause, of: "a", .ann(5))
      _ = try await journal.wake("a", .ann(6))
      try await journal.hold(Hold(subject: "7", profile: nil, why: "w", by: "bob", since: 7))
      _ = try await journal.release("7", profile: nil, .ann(8))
      _ = try await journal.release("7", profile: nil, .ann(9))
      try await journal.freeze(Freeze(profile: "shop", why: nil, by: "bob", since: 10))
      _ = try await journal.thaw(profile: "shop", .ann(11))
      let lines = try await journal.audit(about: nil, limit: 100)
      #expect(
        lines == [
          AuditLine(instant: 11, by: "ann", action: "freeze.thaw", subject: "shop", detail: "because"),
          AuditLine(instant: 10, by: "bob", action: "freeze.set", subject: "shop"),
          AuditLine(instant: 8, by: "ann", action: "hold.release", subject: "7", detail: "because"),
          AuditLine(instant: 7, by: "bob", action: "hold.set", subject: "7", detail: "w"),
          AuditLine(instant: 6, by: "ann", action: "run.wake", subject: "a", detail: "because"),
          AuditLine(instant: 5, by: "ann", action: "run.pause", subject: "a", detail: "because"),
          AuditLine(instant: 4, by: "ann", action: "approval.approve", subject: "A1", detail: "because"),
          AuditLine(
            instant: 2, by: "ann", action: "effect.settle", subject: "a:1", detail: "unknown → not_done: because"),
        ])
      #expect(try await journal.audit(about: "a", limit: 1) == [lines[4]])
      #expect(try await journal.audit(about: "none", limit: 10).isEmpty)
    },
  ]
}

import JSON
import Journal
import Testing

extension JournalConformance {
  // MARK: What people ask of runs and effects

  static let people: [JournalConformance] = [
    .init("a waiting run is due when its time comes, and not before; one that waits for someone never is") {
      (journal: any Store) async throws in
      let lease = try await journal.begin("a")
      _ = try await journal.commit([Entry(.status(.waiting(.time), wake: 70), instant: 0), .release], under: lease)
      let other = try await journal.begin("b")
      _ = try await journal.commit([.status(.waiting(.budget)), .release], under: other)
      #expect(try await journal.due(before: 69).isEmpty)
      #expect(try await journal.due(before: 70) == ["a"])
      #expect(try await journal.run("a")?.wake == 70)
      let next = try #require(try await journal.acquire("a", by: "two", at: 70, for: 10))
      _ = try await journal.commit([.status(.running)], under: next)
      #expect(try await journal.run("a")?.wake == nil)
    },
    .init("the longest due comes first") { (journal: any Store) async throws in
      for (run, wake) in [("a", Milliseconds(90)), ("b", 40), ("c", 60)] {
        let lease = try await journal.begin(RunID(run))
        _ = try await journal.commit([Entry(.status(.waiting(.time), wake: wake), instant: 0), .release], under: lease)
      }
      _ = try await journal.start(.sample("d"), requiring: [])
      #expect(try await journal.due(before: 100) == ["d", "b", "c", "a"])
    },
    .init("waking makes what waits, is paused or diverged due; not what is over or held") {
      (journal: any Store) async throws in
      for status in RunStatus.everyStatus {
        let run = RunID("\(status)")
        let lease = try await journal.begin(run)
        _ = try await journal.commit([Entry(.status(status, failure: ["code": "x"]), instant: 3)], under: lease)
        #expect(try await journal.wake(run, .ann(10)) == false, "\(status), held")
        try await journal.release(lease)
        let isOver = [.succeeded, .failed, .cancelled].contains(status)
        #expect(try await journal.wake(run, .ann(10)) == !isOver, "\(status)")
        #expect(try await journal.due(before: 10) == (isOver ? [] : [run]), "\(status)")
        let stands = [.paused, .diverged].contains(status)
        let after = try #require(try await journal.run(run))
        #expect(after.status == (stands ? .queued : status) && (after.ended == nil) == !isOver, "\(status)")
        #expect((after.failure == nil) == stands, "\(status)")
        let next = try #require(try await journal.acquire(run, by: "two", at: 11, for: 10))
        _ = try await journal.commit([.status(.cancelled), .release], under: next)
      }
      await #expect(throws: JournalError.unknownRun("none")) { try await journal.wake("none", .ann(1)) }
    },
    .init("a request reaches the holder with its next renewal, until it is done") { (journal: any Store) async throws in
      for request in RunRequest.allCases {
        let run = RunID(request.rawValue)
        let lease = try await journal.begin(run, at: 0, for: 1000)
        #expect(try await journal.renew(lease, at: 1, for: 1000)?.request == nil)
        #expect(try await journal.request(request, of: run, .ann(2)))
        #expect(try await journal.renew(lease, at: 3, for: 1000)?.request == request)
        #expect(try await journal.renew(lease, at: 4, for: 1000)?.request == request)
        let done: RunStatus = request == .pause ? .paused : .cancelled
        _ = try await journal.commit([.status(done)], under: lease)
        #expect(try await journal.renew(lease, at: 5, for: 1000)?.request == nil)
      }
    },
    .init("a request makes a run that nobody holds due; one that is over refuses it") {
      (journal: any Store) async throws in
      for status in RunStatus.everyStatus {
        let run = RunID("\(status)")
        let lease = try await journal.begin(run)
        _ = try await journal.commit([.status(status), .release], under: lease)
        #expect(try await journal.request(.cancel, of: run, .ann(10)) == !status.isFinal, "\(status)")
        #expect(try await journal.due(before: 10) == (status.isFinal ? [] : [run]), "\(status)")
        let next = try #require(try await journal.acquire(run, by: "two", at: 11, for: 10))
        #expect(
          try await journal.renew(next, at: 11, for: 10)?.request == (status.isFinal ? nil : .cancel), "\(status)")
        _ = try await journal.commit([.status(.cancelled), .release], under: next)
      }
      await #expect(throws: JournalError.unknownRun("none")) { try await journal.request(.pause, of: "none", .ann(1)) }
    },
    .init("pausing what is paused changes nothing, and waking takes a pause back") {
      (journal: any Store) async throws in
      let lease = try await journal.begin("a")
      _ = try await journal.commit([.status(.paused), .release], under: lease)
      #expect(try await journal.request(.pause, of: "a", .ann(1)))
      #expect(try await journal.due(before: 10).isEmpty)
      #expect(try await journal.wake("a", .ann(2)))
      let next = try #require(try await journal.acquire("a", by: "two", at: 3, for: 10))
      #expect(try await journal.renew(next, at: 3, for: 10)?.request == nil)
    },
    .init("a person settles any live effect of a run that nobody holds; claims and budgets follow, the run goes on") {
      (journal: any Store) async throws in
      for from in EffectState.allCases {
        for to in [EffectState.confirmed, .notDone] {
          let name = "\(from.rawValue) → \(to.rawValue)"
          let lease = try await journal.begin(RunID(name), at: 0, for: 50)
          let cap = Budget(scope: name, writes: 1)
          try await journal.bring(
            to: from, under: lease, effect: .sample(lease.run, "1", claims: [name]), budgets: [cap])
          _ = try await journal.commit([.status(.waiting(.settlement))], under: lease)
          let before = try #require(try await journal.effects(of: lease.run).first)
          let outcome = try await journal.settle(lease.run, "1", as: to, .ann(40))
          guard from.isLive else {
            #expect(outcome == .isSettled(before), "\(name)")
            try await journal.release(lease)
            continue
          }
          #expect(outcome == .isHeld(lease), "\(name)")
          try await journal.release(lease)
          let settled = try await journal.settle(lease.run, "1", as: to, .ann(60))
          let after = try #require(try await journal.effects(of: lease.run).first)
          #expect(settled == .settled(after) && after.state == to && after.changed == 60, "\(name)")
          #expect(after.detail == "because", "\(name)")
          #expect(try await journal.due(before: 60) == [lease.run], "\(name)")
          let next = try #require(try await journal.acquire(lease.run, by: "two", at: 61, for: 10))
          let again = try await journal.commit(
            [
              .intent(.sample(lease.run, "2", claims: [name])), .spend(3, by: lease.run, within: [cap]),
              .status(.cancelled), .release,
            ], under: next)
          #expect(again[0] == .committed, "\(name)")
          #expect(again[1].withoutUse == (to == .confirmed ? .overBudget(cap) : .committed), "\(name)")
        }
      }
      #expect(try await journal.settle("none", "1", as: .confirmed, .ann(1)) == .unknownEffect)
      _ = try await journal.begin("empty")
      #expect(try await journal.settle("empty", "1", as: .confirmed, .ann(1)) == .unknownEffect)
    },
    .init("a lease that has run out does not keep a person from settling, nor does a run that is over come due") {
      (journal: any Store) async throws in
      let lease = try await journal.begin("a", at: 0, for: 10)
      try await journal.bring(to: .unknown, under: lease)
      _ = try await journal.commit([.status(.failed)], under: lease)
      let outcome = try await journal.settle("a", "1", as: .confirmed, .ann(10))
      #expect(outcome.settled?.state == .confirmed)
      #expect(try await journal.due(before: 100).isEmpty)
    },
  ]

  // MARK: Leases of those who come back

  static let plans: [JournalConformance] = [
    .init("a start with a holder is a start and a lease at once") { (journal: any Store) async throws in
      let request = LeaseRequest(worker: "one", instant: 5, length: 10)
      let outcome = try await journal.start(.sample("a"), requiring: [], heldBy: request)
      guard case .started(let lease?) = outcome else {
        Issue.record("\(outcome)")
        return
      }
      #expect(lease == Lease(run: "a", worker: "one", epoch: lease.epoch, expires: 15))
      #expect(try await journal.holder(of: "a") == lease)
      #expect(try await journal.due(before: 14).isEmpty)
      #expect(try await journal.commit([.step("1", 1)], under: lease) == [.committed])
      #expect(try await journal.start(.sample("a"), requiring: [], heldBy: request) == .exists)
      #expect(try await journal.holder(of: "a") == lease)
    },
    .init("a worker that is known to be dead is displaced, another is not") { (journal: any Store) async throws in
      let lease = try await journal.begin("a", at: 0, for: 1000)
      let request = LeaseRequest(worker: "two", instant: 1, length: 10)
      #expect(try await journal.acquire("a", request, displacing: "three") == nil)
      let next = try #require(try await journal.acquire("a", request, displacing: lease.worker))
      #expect(next.epoch > lease.epoch)
      #expect(try await journal.commit([.step("1", 1)], under: lease) == [.fenced])
    },
    .init("whoever gives a lease back with its last entry records nothing after it") {
      (journal: any Store) async throws in
      let lease = try await journal.begin("a")
      let outcomes = try await journal.commit([.step("1", 1), .release, .step("2", 2)], under: lease)
      #expect(outcomes == [.committed, .committed, .fenced])
      #expect(try await journal.holder(of: "a") == nil)
      #expect(try await journal.acquire("a", by: "two", at: 0, for: 10) != nil)
    },
    .init("a lease that has run out is still named") { (journal: any Store) async throws in
      let lease = try await journal.begin("a", at: 0, for: 10)
      #expect(try await journal.holder(of: "a") == lease)
      await #expect(throws: JournalError.unknownRun("b")) { try await journal.holder(of: "b") }
    },

    // MARK: Versions and plans

    .init("a version is kept byte for byte, once") { (journal: any Store) async throws in
      let version = PlaybookVersion(
        id: "v1",
        files: [
          .init(name: "playbook", path: "p.lua", bytes: Array("return 1\0\u{FF}".utf8) + [0xFF]),
          .init(name: "ebb.money", path: "stdlib/money.lua", bytes: []),
          .init(name: "copy", path: "copy.lua", bytes: []),
        ], catalogue: "c")
      #expect(try await journal.version("v1") == nil)
      try await journal.keep(version)
      try await journal.keep(PlaybookVersion(id: "v1", files: [], catalogue: "other"))
      try await journal.keep(PlaybookVersion(id: "v2", files: version.files.reversed(), catalogue: "c"))
      #expect(try await journal.version("v1") == version)
      #expect(try await journal.version("v2")?.files == version.files.reversed())
    },
    .init("a run is moved to another version on purpose, and the trail says so") { (journal: any Store) async throws in
      let lease = try await journal.begin("a")
      #expect(try await journal.commit([Entry(.version("w"), instant: 4)], under: lease) == [.committed])
      #expect(try await journal.run("a")?.version == "w")
      let line = AuditLine(instant: 4, by: "one", action: "run.migrate", subject: "a", detail: "v → w")
      #expect(try await journal.audit(about: "a", limit: 10) == [line])
    },
    .init("a plan is kept once, and applied by one run before it expires") { (journal: any Store) async throws in
      let plan = PlanRecord(digest: "p", document: ["effects": [1, "2"]], created: 1, expires: 100)
      #expect(try await journal.plan("p") == nil)
      func condition(_ plan: String, _ instant: Milliseconds) -> StartCondition { .unapplied(plan: plan, at: instant) }
      #expect(try await journal.start(.sample("a"), requiring: [condition("p", 5)]) == .refused(condition("p", 5)))
      try await journal.keep(plan)
      try await journal.keep(PlanRecord(digest: "p", document: .null, created: 9, expires: 900))
      #expect(try await journal.plan("p") == plan)
      #expect(try await journal.start(.sample("a"), requiring: [condition("p", 100)]) == .refused(condition("p", 100)))
      let live = StartCondition.noLiveRun(playbook: "q", profile: "shop")
      _ = try await journal.start(.sample("q", playbook: "q"), requiring: [])
      #expect(try await journal.start(.sample("a"), requiring: [condition("p", 99), live]) == .refused(live))
      #expect(try await journal.plan("p")?.appliedBy == nil)
      #expect(try await journal.start(.sample("a"), requiring: [condition("p", 99)]) == .started)
      #expect(try await journal.plan("p")?.appliedBy == "a")
      #expect(try await journal.start(.sample("b"), requiring: [condition("p", 99)]) == .refused(condition("p", 99)))
      #expect(try await journal.start(.sample("a"), requiring: [condition("p", 99)]) == .exists)
      try await journal.keep(plan)
      #expect(try await journal.plan("p")?.appliedBy == "a")
    },
  ]
}

import Foundation
import GRDB
import JSON
import Synchronization
import Testing

@testable import Journal

@Suite struct CareTests {
  let folder: StoreFolder
  let store: SQLiteStore

  init() async throws {
    folder = try StoreFolder()
    store = try SQLiteStore(path: folder.store)
    try await store.keep(PlaybookVersion(id: "v", files: [.init(name: "p", path: "p.lua", bytes: [1])], catalogue: "c"))
  }

  /// A run with something of everything, that ends so.
  private func live(
    _ run: RunID, playbook: String = "p", at instant: Milliseconds, as status: RunStatus,
    effect: EffectState? = .confirmed
  ) async throws {
    _ = try await store.start(.sample(run.text, playbook: playbook, started: instant), requiring: [])
    let lease = try #require(try await store.acquire(run, by: "one", at: instant, for: 10))
    let decision = Decision(subject: "77", kind: .kept, reason: "because", step: "1")
    let note = Note(after: "1", ordinal: 1, content: .decision(decision))
    var entries = [
      Entry(.step(.sample("1", 1, instant: instant)), notes: [note], instant: instant), .step("2", 2), .step("3", 3),
      Entry(.supersede("3"), instant: instant), .ask(.question("4", claims: [run.text])),
    ]
    if let effect {
      let cap = Budget(scope: "day \(run)", writes: 5, amount: .forgone(100))
      let record = EffectRecord.sample(run, "5", claims: ["of \(run)"], charge: .forgone(3))
      entries.append(Entry(.intent(record, budgets: [cap, Budget(scope: "all", writes: 99)]), instant: instant))
      entries += effect.way.map { .settle("5", $0, instant: instant) }
    }
    entries += [Entry(.status(status), instant: instant), .release]
    let outcomes = try await store.commit(entries, under: lease)
    #expect(outcomes.allSatisfy { $0 == .committed || $0.asked != nil })
  }

  private func count(_ table: String) async throws -> Int { try await store.statistics().rows(table) }

  private func break_(_ sql: String) throws {
    try store.pool.writeWithoutTransaction { try $0.execute(sql: sql) }
  }

  // MARK: Checking

  @Test func aStoreThatIsWholeHasNoFindings() async throws {
    for status in RunStatus.everyStatus { try await live(RunID("\(status)"), at: 5, as: status, effect: .confirmed) }
    for state in EffectState.allCases { try await live(RunID("\(state)"), at: 5, as: .failed, effect: state) }
    try await remembered()
    #expect(try await store.check() == [])
  }

  /// Each rule finds what breaks it.
  @Test(arguments: [
    ("references", "UPDATE steps SET name = 999 WHERE sequence = 1"),
    ("claims", "UPDATE claims SET live = 1 WHERE effect = 1"),
    ("claims", "UPDATE claims SET live = 0 WHERE effect = 2"),
    ("charges", "UPDATE effects SET state = 3 WHERE id = 1"), ("budgets", "UPDATE budgets SET used = used + 1"),
    ("budgets", "DELETE FROM budgets"), ("budgets", "DELETE FROM charges WHERE effect = 1"),
    ("sequences", "DELETE FROM steps WHERE sequence = 1"), ("sequences", "UPDATE steps SET sequence = 1"),
    ("statuses", "UPDATE runs SET ended = NULL WHERE id = 1"), ("statuses", "UPDATE runs SET status = 2 WHERE id = 3"),
    ("statuses", "UPDATE runs SET request = 1 WHERE id = 1"), ("leases", "UPDATE runs SET worker = 'x'"),
    ("questions", "UPDATE approvals SET state = 0 WHERE id = 1"), ("questions", "UPDATE approvals SET state = 1"),
    ("versions", "DELETE FROM version_files; DELETE FROM versions"),
    ("versions", "UPDATE version_files SET ordinal = 1"),
    ("texts", "UPDATE files SET bytes = x'02'"), ("notes", "UPDATE notes SET subject = NULL"),
    ("notes", "UPDATE notes SET kind = 3"), ("records", "UPDATE steps SET body = x'FF'"),
    ("records", "UPDATE runs SET input = x''"), ("records", "UPDATE effects SET state = 99"),
    ("records", "UPDATE steps SET path = x'FF' WHERE id = 1"),
    ("occurrences", "UPDATE occurrences SET run = NULL"), ("occurrences", "UPDATE occurrences SET outcome = 1"),
    ("occurrences", "UPDATE occurrences SET outcome = 3"), ("occurrences", "UPDATE schedules SET through = 0"),
    ("deliveries", "UPDATE deliveries SET run = NULL"), ("deliveries", "UPDATE events SET dispatched = NULL"),
    ("raised", "UPDATE events SET raised_by = 'done' WHERE name = 'r'"),
    ("raised", "UPDATE events SET raised_by = 'gone', kind = NULL WHERE id = 1"),
    ("state", "UPDATE state SET by = 'running' WHERE name = 'k'"),
    ("records", "UPDATE state SET value = x'FF' WHERE name = 'k'"),
    ("records", "UPDATE schedules SET terms = '{'"), ("records", "UPDATE events SET envelope = x'FF'"),
    ("pages", "PRAGMA writable_schema = ON; UPDATE sqlite_schema SET rootpage = 3 WHERE name = 'steps_path'"),
  ])
  func aBrokenRuleIsFound(_ rule: String, _ sql: String) async throws {
    try await live("done", at: 5, as: .succeeded)
    try await live("doubtful", at: 5, as: .failed, effect: .unknown)
    try await live("running", at: 5, as: .running, effect: nil)
    try await scheduled()
    try await remembered()
    try break_(sql)
    // A reader has its own idea of the schema.
    let fresh = try SQLiteStore(path: folder.store, for: .reading)
    let findings = try await fresh.check()
    #expect(findings.contains { $0.rule == rule }, "\(findings)")
    #expect(findings.allSatisfy { !$0.detail.contains("\n") })
  }

  /// A value and a claim that a run keeps, and an event that it raises.
  private func remembered() async throws {
    let lease = try await store.begin("keeps")
    let scope = StateScope(playbook: "p", profile: "shop")
    var event = EventRecord(
      key: "r", profile: "shop", kind: "x", messageType: nil, platform: nil, digest: "e", received: 5, envelope: [:])
    event.raisedBy = "keeps"
    let requests: [(String, StoreStep.Request)] = [
      ("state.set", .set("k", 1)), ("state.claim", .claim("c", in: "n", owner: "o")),
      ("events.raise", .raise(event, since: nil)),
    ]
    let entries = requests.enumerated().map { index, request in
      let refused = Step(
        path: StepPath([index + 1]), name: request.0, digest: "d", result: .raised([]), sequence: index + 1, instant: 5)
      return Entry(.answer(StoreStep(request.1, in: scope, refused: refused)), instant: 5)
    }
    #expect(try await store.commit(entries + [.status(.succeeded), .release], under: lease).count == 5)
  }

  /// An occurrence and an event that ran.
  private func scheduled() async throws {
    let schedule = ScheduleRecord(
      key: ScheduleKey("s", profile: "shop"), playbook: "p", origin: .added, terms: [:], through: 0)
    _ = try await store.put(schedule, replacing: nil, .ann(1))
    _ = try await store.account([DueOccurrence(5, .start(.sample("o"), .allow))], of: schedule, through: 5, at: 6)
    let event = EventRecord(
      key: "k", profile: "shop", kind: nil, messageType: nil, platform: nil, digest: "d", received: 5, envelope: [:])
    _ = try await store.receive(event)
    _ = try await store.dispatch(event, [DueDelivery("p", .start(.sample("e")))], at: 6)
  }

  @Test func everyRuleIsDocumented() throws {
    let file = URL(filePath: #filePath).appending(path: "../../../../docs/store.md").standardized
    let text = try String(contentsOf: file, encoding: .utf8)
    for rule in StoreRule.all { #expect(text.contains("| `\(rule.name)` |"), "\(rule.name)") }
  }

  // MARK: Statistics

  @Test func statisticsCount() async throws {
    try await live("a", at: 50, as: .succeeded)
    try await live("b", at: 40, as: .waiting(.approval), effect: .unknown)
    let statistics = try await store.statistics()
    #expect(statistics.rows("runs") == 2 && statistics.rows("steps") == 4 && statistics.rows("superseded") == 2)
    #expect(statistics.runs == ["succeeded": 1, "waiting": 1])
    #expect(statistics.unsettledEffects == 1 && statistics.openQuestions == 1 && statistics.oldestRun == 40)
    #expect(statistics.mostSteps == 2 && statistics.stepsPerRun == 2 && statistics.pruned == nil)
    #expect(statistics.schema == 3 && statistics.generation == 1 && !statistics.store.isEmpty)
    let bytes = statistics.tables.compactMap(\.bytes).reduce(0, +)
    #expect(bytes > 50_000 && bytes <= statistics.bytes)
  }

  // MARK: Pruning

  private static let day = Retention.day

  @Test func whatIsOldAndOverGoesAndItsDecisionsStay() async throws {
    try await live("old", at: 1 * Self.day, as: .succeeded)
    try await live("new", at: 95 * Self.day, as: .failed)
    for status in RunStatus.everyStatus where !status.isFinal {
      try await live(RunID("\(status)"), at: 1, as: status, effect: nil)
    }
    for state in EffectState.allCases where state.isLive {
      try await live(RunID("\(state)"), at: 1, as: .failed, effect: state)
    }
    let kept = try await store.decisions(about: "77")
    let report = try await store.prune(Retention(), at: 100 * Self.day)
    #expect(report.runs == 1 && report.steps == 2 && report.decisionsKept == 1)
    #expect(try await store.run("old") == nil)
    #expect(try await store.run("new") != nil)
    #expect(try await store.decisions(about: "77") == kept)
    #expect(try await store.check() == [])
    #expect(
      try await count("runs") == 1 + RunStatus.everyStatus.count { !$0.isFinal }
        + EffectState.allCases.count { $0.isLive })
    #expect(try await store.prune(Retention(), at: 100 * Self.day) == PruneReport())
  }

  @Test func ofAPlaybookSoManyAreKeptAndThoseThatWroteStay() async throws {
    for index in 0..<6 { try await live(RunID("p\(index)"), at: Int64(index), as: .succeeded, effect: nil) }
    for index in 0..<3 { try await live(RunID("q\(index)"), playbook: "q", at: Int64(index), as: .succeeded) }
    for index in 0..<3 {
      try await live(RunID("d\(index)"), playbook: "d", at: Int64(index), as: .diverged, effect: nil)
    }
    var retention = Retention()
    retention.runsPerPlaybook = 2
    #expect(try await store.prune(retention, at: 10).runs == 4)
    let left = try await store.runs(RunFilter()).map(\.id.text).sorted()
    #expect(left == ["d0", "d1", "d2", "p4", "p5", "q0", "q1", "q2"])
    #expect(try await store.check() == [])
  }

  @Test func nothingIsLeftOfAllThatIsOld() async throws {
    try await live("old", at: 1, as: .succeeded)
    try await store.keep(PlanRecord(digest: "p", document: [:], created: 1, expires: 2))
    try await store.hold(Hold(subject: "7", profile: nil, why: "w", by: "ann", since: 1, until: 2))
    try await remembered()
    var retention = Retention()
    retention.decisions = 200 * Self.day
    let report = try await store.prune(retention, at: Int64.max / 4)
    #expect(report.plans == 1 && report.decisions == 1 && report.audit == 1 && report.claims == 1)
    #expect(try await store.state(StateFilter()).map(\.key.name) == ["k"], "what a playbook remembers has no end")
    for table in [
      "runs", "steps", "superseded", "notes", "past_decisions", "effects", "claims", "charges", "budgets", "scopes",
      "approvals", "approval_claims", "plans", "audit", "holds",
    ] { #expect(try await count(table) == 0, "\(table)") }
  }

  @Test func aVersionGoesWithItsLastRunButNotWhileARunMayBeAboutToStart() async throws {
    let clock = TestClock(0)
    var settings = SQLiteStore.Settings()
    settings.now = { clock.now }
    let store = try SQLiteStore(path: folder.file("clock.db"), settings: settings)
    let files = [PlaybookVersion.File(name: "p", path: "p.lua", bytes: [1])]
    for id in ["v", "w"] { try await store.keep(PlaybookVersion(id: id, files: files, catalogue: "c")) }
    _ = try await store.start(.sample("a"), requiring: [])
    clock.now = 2 * Self.day
    try await store.keep(PlaybookVersion(id: "w", files: files, catalogue: "c"))
    #expect(try await store.prune(Retention(), at: clock.now).versions == 0)
    clock.now = 4 * Self.day
    #expect(try await store.prune(Retention(), at: clock.now).versions == 1)
    #expect(try await store.version("w") == nil)
    #expect(try await store.version("v")?.files == files)
  }

  @Test func pruningIsShortTransactionsAndOnceADay() async throws {
    for index in 0..<40 {
      let run = RunID("r\(index)")
      let lease = try await store.begin(run)
      _ = try await store.commit((1...200).map { .step(StepPath([$0]), $0) } + [.status(.succeeded)], under: lease)
    }
    let before = store.writer.transactions
    let report = try #require(try await store.pruneDaily(at: 200 * Self.day))
    #expect(report.runs == 40 && report.steps == 8000)
    #expect(store.writer.transactions - before >= 4)
    #expect(try await store.pruneDaily(at: 200 * Self.day + Self.day - 1) == nil)
    #expect(try await store.pruneDaily(at: 201 * Self.day) != nil)
  }

  // MARK: Copies

  @Test func aCopyIsWholeAndForItsOwnerAlone() async throws {
    try await live("a", at: 5, as: .succeeded)
    try await store.backup(to: folder.file("copy.db"))
    #expect(try folder.permissions("copy.db") == 0o600)
    try await live("b", at: 6, as: .succeeded)
    let copy = try SQLiteStore(path: folder.file("copy.db"), for: .reading)
    #expect(try await copy.history(of: "a") == store.history(of: "a"))
    #expect(try await copy.run("b") == nil)
    #expect(try await copy.check() == [])
  }

  @Test func aCopyIsNeverWrittenOverAFile() async throws {
    try folder.write([1, 2], "copy.db")
    await #expect(throws: JournalError.self) { try await store.backup(to: folder.file("copy.db")) }
    #expect(try folder.bytes("copy.db") == [1, 2])
    await #expect(throws: JournalError.self) { try await store.backup(to: folder.file("none/copy.db")) }
  }

  @Test func aCopyIsTakenWhileOthersWrite() async throws {
    let lease = try await store.begin("a")
    try await withThrowingTaskGroup(of: Void.self) { group in
      group.addTask {
        for ordinal in 1...200 {
          _ = try await store.commit([.step(StepPath([ordinal]), ordinal)], under: lease)
        }
      }
      for index in 0..<3 { group.addTask { try await store.backup(to: folder.file("copy\(index).db")) } }
      try await group.waitForAll()
    }
    for index in 0..<3 {
      let copy = try SQLiteStore(path: folder.file("copy\(index).db"), for: .reading)
      #expect(try await copy.check() == [])
    }
  }
}

/// A clock that a test moves.
final class TestClock: Sendable {
  private let value: Mutex<Milliseconds>

  init(_ start: Milliseconds) { value = Mutex(start) }

  var now: Milliseconds {
    get { value.withLock { $0 } }
    set { value.withLock { $0 = newValue } }
  }
}

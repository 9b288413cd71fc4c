import JSON
import Journal
import Lua
import Testing
import Workbench

@testable import Playbooks

/// `ebb.state`: what a playbook remembers between its runs.
@Suite struct StateTests {
  private static let head = "local state = require 'ebb.state'\n"

  /// A stage of that run, whose journal others have as well.
  private static func stage(_ run: RunID, _ journal: any Journal, profile: String = "shop") -> Stage {
    var stage = Stage()
    (stage.id, stage.journal, stage.profile) = (run, journal, profile)
    return stage
  }

  private static func result(_ source: String, _ run: RunID, _ journal: any Journal) async throws -> JSON? {
    try await stage(run, journal).result(head + source)
  }

  @Test func whatOneRunKeepsTheNextReads() async throws {
    let journal = MemoryJournal()
    let first = try await Self.result(
      """
      state.set("refund/1", { status = "10", list = { 1, 2 }, deep = { at = now() } })
      state.set(7, "by an id")
      return { state.get("refund/1").status, state.get("none") == nil, state.keys() }
      """, "run-1", journal)
    #expect(first == ["10", true, ["7", "refund/1"]])
    let second = try await Self.result(
      """
      local known = state.get("refund/1")
      return { known.list[2], known.deep.at, state.get("7"), state.delete("7"), state.delete(7), state.keys("refund/") }
      """, "run-2", journal)
    #expect(second == [2, .integer(Stage.start), "by an id", true, false, ["refund/1"]])
    let other = Self.stage("run-3", journal, profile: "other")
    #expect(try await other.result(Self.head + "return #state.keys()") == 0)
  }

  @Test func aClaimIsTheFirstOwners() async throws {
    let journal = MemoryJournal()
    let source = """
      return { state.claim("waybill", "SF1", ...), state.get("SF1") == nil, #state.keys() }
      """
    let first = try await Self.result(source.replacing("...", with: "110000235001"), "run-1", journal)
    let second = try await Self.result(source.replacing("...", with: "'another'"), "run-2", journal)
    #expect(first == ["110000235001", true, 0] && second == first)
  }

  @Test(
    arguments: [
      ("state.get(nil)", "state.get: the key must be a text or an id, not nil"),
      ("state.get({})", "state.get: the key must be a text or an id, not object"),
      ("state.get('')", "state.get: the key must have 1 to 100 bytes, not 0"),
      ("state.set(('x'):rep(101), 1)", "state.set: the key must have 1 to 100 bytes, not 101"),
      ("state.set('a\\nb', 1)", "state.set: the key must not hold control characters"),
      ("state.set('k', nil)", "state.set: the value of k is nil; state.delete(key) forgets it"),
      (
        "state.set('k', ('x'):rep(65535))",
        "state.set: the value of k has 65537 bytes as JSON, more than 65536"
      ),
      ("state.set('k', print)", nil), ("state.claim('', 'k', 'o')", nil), ("state.claim('n', 'k')", nil),
      ("state.claim(('n'):rep(65), 'k', 'o')", nil), ("state.claim('n', 'k', ('o'):rep(201))", nil),
    ] as [(String, String?)])
  func mistakesAreRaisedAtTheirLine(_ statement: String, _ message: String?) async throws {
    let journal = MemoryJournal()
    let failure = try await Self.stage("run-1", journal).failure(Self.head + "\n" + statement)
    #expect(failure.position?.line == 3 && failure.code == .invalid, "\(failure)")
    if let message { #expect(failure.message == message) }
    #expect(await journal.state(StateFilter()).isEmpty)
    #expect(await journal.history(of: "run-1")?.steps.isEmpty == true, "what is refused at once is no step")
  }

  @Test func theLargestValueFits() async throws {
    let result = try await Self.result(
      "state.set('k', ('x'):rep(65534)) return #state.get('k')", "run-1", MemoryJournal())
    #expect(result == 65534)
  }

  @Test func thereIsAnEndToWhatIsKept() async throws {
    let journal = MemoryJournal()
    let scope = StateScope(playbook: "test", profile: "shop")
    for index in 1...StateLimit.values {
      #expect(await journal.set(StateKey("k\(index)", of: scope), to: 1, Signature(by: "ann", at: 1)))
    }
    let source = """
      local ok, e = pcall(state.set, "more", 1)
      state.set("k1", 2)
      state.delete("k2")
      state.set("more", 1)
      return { ok, e.code, e.message, state.get("k1"), state.get("more") }
      """
    let refusal = "state.set: this playbook keeps 10000 values for this shop, and may keep no more"
    #expect(try await Self.result(source, "run-1", journal) == [false, "guard", .string(refusal), 2, 1])
    #expect(try await journal.steps(of: "run-1").map(\.sequence) == Array(1...6))
  }

  // MARK: Crashes

  private static let counting =
    head + """
      for index = 1, 3 do
        state.set("count", (state.get("count") or 0) + 1)
        state.set("owner", state.claim("n", "c", "run"))
        keep(tostring(index), "seen", state.get("count"))
      end
      return { state.get("count"), state.keys(), state.delete("owner") }
      """

  @Test(arguments: 0..<16)
  func whatIsKeptIsKeptOnceWhereverTheProcessDies(_ commits: Int) async throws {
    let undisturbed = MemoryJournal()
    let expected = try await Self.stage("run-1", undisturbed).play(Self.counting)
    #expect(expected.result == [3, ["count", "owner"], true])
    for isUnheard in [false, true] {
      let kept = MemoryJournal()
      let stage = Self.stage("run-1", kept)
      var dying = stage
      let journal =
        isUnheard
        ? CuttableJournal(
          kept,
          dyingWith: { entry in
            guard case .answer(let step) = entry.body, step.refused.sequence == commits + 1 else { return nil }
            return .unheard
          }) : CuttableJournal(kept, commits: commits)
      dying.journal = journal
      do {
        _ = try await dying.play(Self.counting)
        unexpected("it did not die")
      } catch is JournalError {
        try await journal.bury()
      }
      let report = try #require(try await RunAdvance.resume("run-1", in: stage.surroundings).report)
      #expect(report.result == expected.result && report.lines == expected.lines)
      #expect(await kept.state(StateFilter()) == undisturbed.state(StateFilter()))
      #expect(await kept.history(of: "run-1") == undisturbed.history(of: "run-1"))
    }
  }

  @Test func aReplayAsksTheJournalAndChangesNothing() async throws {
    let journal = MemoryJournal()
    let stage = Self.stage("run-1", journal)
    _ = try await stage.play(Self.counting)
    let scope = StateScope(playbook: "test", profile: "shop")
    _ = await journal.set(StateKey("count", of: scope), to: 70, Signature(by: "ann", at: 1))
    let history = try #require(await journal.history(of: "run-1"))
    let version = try #require(await journal.version(history.record.version))
    let replay = try await RunReplay.play(history, version: version, catalogue: catalogue)
    #expect(replay.outcome == .identical)
    #expect(await journal.state(StateFilter(StateKey("count", of: scope))).map(\.value) == [70])
  }

  @Test func branchesAndRunsThatClaimAtOnceHaveOneOwner() async throws {
    let journal = MemoryJournal()
    let source =
      Self.head + """
        local owners = {}
        parallel{ function() owners[1] = state.claim("n", "c", "%@/1") end, function() owners[2] = state.claim("n", "c", "%@/2") end }
        return owners
        """
    let owners = try await withThrowingTaskGroup(of: JSON?.self) { group in
      for number in 1...8 {
        group.addTask {
          try await Self.stage(RunID("run-\(number)"), journal).result(source.replacing("%@", with: "run-\(number)"))
        }
      }
      return try await group.reduce(into: [JSON]()) { all, result in all += result?.array ?? [] }
    }
    #expect(owners.count == 16 && Set(owners).count == 1)
  }

  // MARK: Planning

  @Test func aPlanSeesWhatIsRememberedAndKeepsNothing() async throws {
    let journal = MemoryJournal()
    _ = try await Self.result(
      "state.set('a', 1) state.set('b', { x = 2 }) state.claim('n', 'taken', 'first') return 0", "run-1", journal)
    let before = await journal.state(StateFilter())
    var stage = Self.stage("plan", journal)
    stage.file = "scripts/test.lua"
    let (report, _) = try await stage.plan(
      Self.head + """
        local seen = { state.get("a"), state.get("b").x, state.keys(), state.claim("n", "taken", "second") }
        state.set("a", 5)
        state.set("c", 6)
        state.delete("b")
        seen[#seen + 1] = { state.get("a"), state.get("b") == nil, state.keys(), state.delete("b") }
        seen[#seen + 1] = { state.claim("n", "free", "x"), state.claim("n", "free", "y") }
        return seen
        """, over: journal)
    #expect(report.failure == nil)
    #expect(
      report.result == [
        1, 2, ["a", "b"], "first", [5, true, ["a", "c"], false], ["x", "x"],
      ])
    #expect(await journal.state(StateFilter()) == before)
    #expect(await journal.history(of: "plan") == nil)
  }

  @Test func theHeaderCannotAskForIt() async throws {
    let stage = Self.stage("run-1", MemoryJournal())
    let source = Self.head + "state.get('k')\nplaybook { name = 'late' }"
    let version = try PlaybookVersion(
      of: Array(source.utf8), file: stage.file, folder: nil, catalogue: catalogue)
    #expect(try await HeaderReader(catalogue: catalogue).header(of: version) == nil)
  }
}

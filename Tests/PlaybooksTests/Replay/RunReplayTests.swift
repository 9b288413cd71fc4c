import Catalogue
import JSON
import Journal
import Lua
import PandaPon
import Testing

@testable import Playbooks

@Suite struct RunReplayTests {
  private static let source = """
    local total = 0
    each({ "1", "2", "3" }, { concurrency = 2 }, function(id)
      local answer = taobao.refunds.get(id)
      total = total + answer.refundOrderAggregate.refundOrder.refundFee
      keep(id, "seen", total)
    end)
    sleep("1d")
    act("4", "why", taobao.refunds.cancel, "4")
    return total
    """

  private static func played() async throws -> (stage: Stage, history: RunHistory, version: PlaybookVersion) {
    let stage = Stage(api: Refunds(["1": 1, "2": 10, "3": 100, "4": 5]).api)
    _ = try await stage.play(source)
    let history = try #require(try await stage.journal.history(of: stage.id))
    return (stage, history, try #require(try await stage.journal.version(history.record.version)))
  }

  @Test func aFinishedRunReplaysIdentically() async throws {
    let (stage, history, version) = try await Self.played()
    let calls = stage.api.calls.count
    let replay = try await RunReplay.play(history, version: version, catalogue: catalogue)
    #expect(replay.outcome == .identical && replay.steps == 5 && replay.waitsFor.isEmpty)
    #expect(replay.report.result == 111 && replay.report.status == .succeeded)
    #expect(replay.report.lines == ["1 kept seen", "2 kept seen", "3 kept seen", "4 done why"])
    #expect(replay.report.outcomes == ["taobao.refund:4 confirmed"])
    #expect(stage.api.calls.count == calls, "nobody is asked")
  }

  @Test func aJournalThatEndsInTheMiddleSaysWhatTheScriptWaitsFor() async throws {
    let (_, history, version) = try await Self.played()
    var record = history.record
    record.status = .running
    let part = RunHistory(record: record, steps: Array(history.steps.prefix(3)), notes: Array(history.notes.prefix(3)))
    let replay = try await RunReplay.play(part, version: version, catalogue: catalogue)
    #expect(replay.outcome == .identical && replay.steps == 3 && replay.waitsFor.map(\.name) == ["sleep"])
    #expect(replay.waitsFor.first?.line == "scripts/test.lua:7" && replay.report.status == .running)
  }

  @Test func whatDiffersIsSaid() async throws {
    let (_, history, version) = try await Self.played()
    func outcome(_ change: (inout RunRecord) -> Void, notes: [Note]? = nil) async throws -> ReplayReport.Outcome {
      var record = history.record
      change(&record)
      let changed = RunHistory(
        record: record, steps: history.steps, notes: notes ?? history.notes, effects: history.effects)
      return try await RunReplay.play(changed, version: version, catalogue: catalogue).outcome
    }
    #expect(try await outcome { $0.result = 5 } == .ends(otherwise: "it returns another result"))
    #expect(try await outcome { $0.failure = ["message": "no"] } == .ends(otherwise: "it failed then: no"))
    let note = Note(after: StepPath([9]), ordinal: 1, content: .log(LogLine(level: "info", message: "never said")))
    #expect(
      try await outcome({ _ in }, notes: history.notes + [note])
        == .ends(otherwise: "1 of its decisions, reports or log lines differ from the recorded ones"))
    let shorter = RunHistory(
      record: history.record, steps: history.steps.dropLast(), notes: history.notes, effects: history.effects)
    let cut = try await RunReplay.play(shorter, version: version, catalogue: catalogue)
    #expect(cut.outcome != .identical)
  }

  /// A run whose writes wait for people, for other hours or for another day is played again as far as it went.
  @Test(arguments: waits)
  func aRunThatWaitsReplaysIdentically(_ guards: JSON, _ status: RunStatus) async throws {
    var stage = Stage(api: Refunds(["1": 1, "2": 10]).api)
    stage.guards = try Guards(parsing: guards)
    let source = """
      each({ "1", "2" }, function(id) act({ id = id, amount = { fen = 100, currency = "CNY" } }, "why", taobao.refunds.cancel, id) end)
      return "end"
      """
    let advance = try await RunAdvance.start(try await stage.assignment(source), in: stage.surroundings)
    #expect(advance.report?.status == status)
    let history = try #require(try await stage.journal.history(of: stage.id))
    let version = try #require(try await stage.journal.version(history.record.version))
    let replay = try await RunReplay.play(history, version: version, catalogue: catalogue, guards: stage.guards)
    #expect(replay.outcome == .identical)
    // Also once a person has ended it.
    let store = try #require(stage.journal as? MemoryJournal)
    let isHeard = try await store.request(.cancel, of: stage.id, Signature(by: "ops", at: stage.clock.now()))
    #expect(isHeard)
    _ = try await RunAdvance.resume(stage.id, in: stage.surroundings)
    let cancelled = try #require(try await stage.journal.history(of: stage.id))
    let again = try await RunReplay.play(cancelled, version: version, catalogue: catalogue, guards: stage.guards)
    #expect(again.outcome == .identical)
  }

  static let waits: [(JSON, RunStatus)] = [
    (["require_approval": ["amount": "0.01 CNY"]], .waiting(.approval)),
    (["quiet_hours": "00:00-23:59"], .waiting(.time)), (["max_writes": ["run": 1]], .waiting(.budget)),
  ]

  private final class Watcher: ReplayWatcher {
    let stops = Recorder<ReplayStop>()
    let most: Int
    init(most: Int = .max) { self.most = most }
    func look(at stop: ReplayStop) async -> Bool {
      stops.append(stop)
      return stops.all.count < most
    }
  }

  @Test func aWatcherSeesEachStepBeforeItIsAnswered() async throws {
    let (_, history, version) = try await Self.played()
    let watcher = Watcher()
    let replay = try await RunReplay.play(history, version: version, catalogue: catalogue, watcher: watcher)
    #expect(replay.outcome == .identical)
    let stops = watcher.stops.all
    #expect(stops.map(\.step) == history.steps && stops.map(\.ordinal) == [1, 2, 3, 4, 5])
    #expect(stops.map(\.line).map { $0?.split(separator: ":").last } == ["3", "3", "3", "7", "8"])
    let locals = try #require(stops.first { $0.step.path.description == "1/3/1" }).scopes.first?.variables ?? []
    #expect(locals.contains(LuaVariable(name: "id", value: "3")))
    // Two of three were delivered before the third was.
    #expect(stops.last?.scopes.first?.variables.contains(LuaVariable(name: "total", value: 111)) == true)
  }

  @Test func aWatcherEndsAReplay() async throws {
    let (_, history, version) = try await Self.played()
    let watcher = Watcher(most: 2)
    let replay = try await RunReplay.play(history, version: version, catalogue: catalogue, watcher: watcher)
    #expect(replay.outcome == .stopped && replay.steps == 1 && watcher.stops.all.count == 2)
  }

  /// Counts, and no wall time: the shape of a resume does not depend on how long the run is.
  @Test func aLongRunIsResumedByOneLookAtTheJournal() async throws {
    let kept = MemoryJournal()
    var stage = Stage(api: ScriptedAPI(read: { .answer(.refund($0.arguments.refundID)) }))
    stage.journal = kept
    let source = """
      for i = 1, 1500 do taobao.refunds.get(tostring(i)) end
      each({ 1, 2, 3 }, { concurrency = 3 }, function(i) for j = 1, 100 do taobao.refunds.get(i .. "-" .. j) end end)
      sleep("1d")
      return "end"
      """
    _ = try await RunAdvance.start(try await stage.assignment(source), in: stage.surroundings)
    #expect(stage.api.calls.count == 1800)
    stage.api = ScriptedAPI()
    let counted = CountingJournal(kept)
    stage.journal = counted
    stage.clock.advance(by: 86_400_000)
    let report = try #require(try await RunAdvance.resume(stage.id, in: stage.surroundings).report)
    #expect(report.result == "end" && report.steps == 1801 && stage.api.calls.isEmpty)
    #expect(counted.histories == 1 && counted.commits <= 3)
  }
}

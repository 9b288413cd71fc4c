import Catalogue
import JSON
import Journal
import PandaPon
import Synchronization
import Testing

@testable import Playbooks

@Suite struct WaitingTests {
  @Test func aShortWaitStaysInMemoryAndALongOneLeavesIt() async throws {
    for (duration, status) in [("1s", RunStatus.succeeded), ("1001ms", .waiting(.time))] {
      let stage = Stage()
      let first = try await RunAdvance.start(try await stage.assignment("sleep('\(duration)')"), in: stage.surroundings)
      #expect(first.report?.status == status)
    }
  }

  /// A clock that moves when the test says so, whatever sleeps.
  private final class StillClock: RunClock {
    private let instant = Mutex(Stage.start)
    func now() -> Milliseconds { instant.withLock(\.self) }
    func advance(by time: Milliseconds) { instant.withLock { $0 += time } }
    func sleep(until instant: Milliseconds) async throws {
      while now() < instant {
        try Task.checkCancellation()
        await Task.yield()
      }
    }
  }

  @Test func branchesThatWaitComeBackOneAfterTheOther() async throws {
    let stage = Stage()
    let clock = StillClock()
    let surroundings = RunSurroundings(
      catalogue: catalogue, reader: stage.api, writer: stage.api, journal: stage.journal, clock: clock)
    let source = """
      local order = {}
      parallel {
        function() sleep("3h") order[#order + 1] = "late" end,
        function() sleep("1h") order[#order + 1] = "early" taobao.refunds.get("1") order[#order + 1] = "read" end,
      }
      return order
      """
    var advance = try await RunAdvance.start(try await stage.assignment(source), in: surroundings)
    #expect(advance.report?.wake == Stage.start + 3_600_000)
    clock.advance(by: 3_600_000)
    advance = try await RunAdvance.resume(stage.id, in: surroundings)
    #expect(advance.report?.wake == Stage.start + 3 * 3_600_000 && stage.api.calls.count == 1)
    clock.advance(by: 2 * 3_600_000)
    advance = try await RunAdvance.resume(stage.id, in: surroundings)
    #expect(advance.report?.result == ["early", "read", "late"])
  }

  @Test func waitsThatAreAllOverComeInTheirOrder() async throws {
    let stage = Stage()
    let source = """
      local order = {}
      parallel {
        function() sleep("3h") order[#order + 1] = 3 end, function() sleep("1h") order[#order + 1] = 1 end,
        function() sleep("2h") order[#order + 1] = 2 end,
      }
      return order
      """
    _ = try await RunAdvance.start(try await stage.assignment(source), in: stage.surroundings)
    stage.clock.advance(by: 86_400_000)
    #expect(try await RunAdvance.resume(stage.id, in: stage.surroundings).report?.result == [1, 2, 3])
  }

  @Test func aRunThatIsResumedTooEarlySleepsOn() async throws {
    let stage = Stage()
    _ = try await RunAdvance.start(try await stage.assignment("sleep('1d') return 1"), in: stage.surroundings)
    let early = try await RunAdvance.resume(stage.id, in: stage.surroundings).report
    #expect(early?.status == .waiting(.time) && early?.wake == Stage.start + 86_400_000)
    #expect(early?.json["wake"] == "2026-11-02T00:00:00.000Z")
  }

  @Test func aReadThatTheAPIPutsOffWaitsOutOfMemory() async throws {
    let answers = Mutex(0)
    let api = ScriptedAPI(read: { call in
      let number = answers.withLock { answers in
        answers += 1
        return answers
      }
      guard number == 2 else { return .answer(.refund(call.arguments.refundID)) }
      return .notSent(Failure(.rateLimited, "too many", label: "limited", retryAfter: .seconds(120)))
    })
    let stage = Stage(api: api)
    let source = "local a = taobao.refunds.get('1') local t = now() local b = taobao.refunds.get('2') return now() - t"
    let first = try await RunAdvance.start(try await stage.assignment(source), in: stage.surroundings)
    #expect(first.report?.status == .waiting(.api) && first.report?.wake == Stage.start + 120_000)
    #expect(try await stage.journal.steps(of: stage.id).count == 1, "what is put off is not recorded")
    let last = try await RunAdvance.stay(with: first, in: stage.surroundings)
    #expect(last.report?.status == .succeeded && last.report?.result == 120_000)
    #expect(stage.api.calls.map(\.arguments.refundID) == ["1", "2", "2"])
  }

  @Test func theTimeAsleepIsNoTimeAwake() async throws {
    let stage = Stage()
    var assignment = try await stage.assignment("for i = 1, 5 do sleep('1d') end taobao.refunds.get('1') return 'ok'")
    assignment.maximumAwake = 1000
    // A resumed run has the defaults: the first part alone is under the small limit.
    #expect(try await stage.play(assignment, in: stage.surroundings).result == "ok")
  }

  // MARK: The end of a run that failed

  /// Answers "flaky" with an error that may pass, for the first so many times.
  private static func flaky(_ times: Int) -> ScriptedAPI {
    let left = Mutex(times)
    return ScriptedAPI(read: { call in
      guard call.arguments.refundID == "flaky" else { return .answer(.refund(call.arguments.refundID)) }
      let isDown = left.withLock { left in
        left -= 1
        return left >= 0
      }
      return isDown ? .unknown(Failure(.unavailable, "no answer", label: "timeout")) : .answer(.refund("flaky"))
    })
  }

  @Test func aRunThatEndedOnAnErrorThatMayPassTakesTheStepAnew() async throws {
    let stage = Stage(api: Self.flaky(2))
    let source = "taobao.refunds.get('1') log('before') taobao.refunds.get('flaky') return 'through'"
    #expect(try await stage.play(source).status == .failed)
    #expect(try await RunAdvance.resume(stage.id, in: stage.surroundings).report?.status == .failed)
    let report = try #require(try await RunAdvance.resume(stage.id, in: stage.surroundings).report)
    #expect(report.status == .succeeded && report.result == "through" && report.steps == 2)
    #expect(stage.api.calls.map(\.arguments.refundID) == ["1", "flaky", "flaky", "flaky"])
    let history = try #require(try await stage.journal.history(of: stage.id))
    #expect(history.steps.map(\.sequence) == [1, 2] && history.notes.count == 1)
  }

  @Test(arguments: [
    // Something follows it, or the run did not end by it, or it cannot pass.
    "local ok, e = pcall(taobao.refunds.get, 'flaky') taobao.refunds.get('1') error(e)",
    "pcall(taobao.refunds.get, 'flaky') error('another')", "taobao.refunds.get('flaky2')",
    "local ok, e = pcall(taobao.refunds.get, 'flaky') return e.code",
  ])
  func othersAreOver(_ source: String) async throws {
    var stage = Stage(api: Self.flaky(1))
    if source.contains("flaky2") { stage.api = ScriptedAPI(read: { _ in .refusal() }) }
    _ = try await stage.play(source)
    guard case .over = try await RunAdvance.resume(stage.id, in: stage.surroundings) else { return unexpected() }
    #expect(try await stage.journal.holder(of: stage.id) == nil)
  }
}

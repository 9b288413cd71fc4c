import JSON
import PandaPon
import Journal
import Testing

@testable import Playbooks

@Suite struct RetryTests {
  /// A stage whose reads fail so often before they answer.
  private static func stage(failing times: Int) -> Stage {
    let calls = Recorder<Int>()
    return Stage(
      api: ScriptedAPI(
        read: { call in
          calls.append(1)
          guard calls.all.count <= times else { return .answer(.refund(call.arguments.refundID)) }
          return .notSent(Failure(.unavailable, "cannot connect", label: "connection_failed"))
        }, write: { _ in .answer(["cancelSuccess": true]) }))
  }

  private static let get = """
    local retry = require "ebb.retry"
    local start = now()
    local answer, attempts = nil, 0

    """

  @Test func triesAgainAndWaits() async throws {
    let stage = Self.stage(failing: 2)
    let result = try await stage.result(
      Self.get + """
        local id, attempt = retry(3, "30s", function(attempt) return taobao.refunds.get("7").refundOrderAggregate.refundOrder.refundId, attempt end)
        return { id, attempt, now() - start >= 60000 }
        """)
    #expect(result == ["7", 3, true])
    let steps = try await stage.journal.steps(of: stage.id).map(\.name)
    #expect(steps == ["taobao.refunds.get", "sleep", "taobao.refunds.get", "sleep", "taobao.refunds.get"])
  }

  @Test func theWaitsMayDiffer() async throws {
    let stage = Self.stage(failing: 4)
    let result = try await stage.result(
      Self.get + "retry(5, { '1s', '10s' }, function() return taobao.refunds.get('7') end) return now() - start")
    #expect(result == 31_000)
  }

  @Test func theLastErrorIsRaised() async throws {
    let stage = Self.stage(failing: 9)
    let failure = try await stage.failure(
      Self.get + "retry(2, '1s', function()\n  return taobao.refunds.get('7')\nend)")
    #expect(failure.code == .unavailable && stage.api.count("taobao.refunds.get") == 2)
  }

  @Test(arguments: ["error('mine')", "error({ code = 'rejected', message = 'no', retryable = false })"])
  func whatCannotPassIsRaisedAtOnce(_ body: String) async throws {
    let stage = Stage()
    let result = try await stage.result(
      """
      local retry, count = require "ebb.retry", 0
      local ok = pcall(retry, 5, "1s", function() count = count + 1 \(body) end)
      return { ok, count }
      """)
    #expect(result == [false, 1])
  }

  @Test(arguments: [
    "taobao.refunds.cancel('7')", "act('7', 'x', taobao.refunds.cancel, '7')",
    "parallel { function() taobao.refunds.cancel('7') end }",
    "retry(1, '1s', function() end) taobao.refunds.cancel('7')",
  ])
  func aWriteInsideIsRefused(_ body: String) async throws {
    let stage = Self.stage(failing: 0)
    let failure = try await stage.failure(
      "local retry = require 'ebb.retry'\nretry(3, '1s', function()\n  \(body)\nend)")
    #expect(failure.message == "retry: taobao.refunds.cancel is a write; only reads are tried again")
    #expect(failure.code == .invalid && failure.hint?.contains("call it outside") == true)
    #expect(stage.api.calls.isEmpty)
  }

  @Test func afterwardsAndBesideItWritesAreWrites() async throws {
    let stage = Self.stage(failing: 1)
    let report = try await stage.play(
      """
      local retry = require "ebb.retry"
      parallel {
        function() retry(3, "10s", function() return taobao.refunds.get("1") end) end,
        function() sleep("5s") act("2", "x", taobao.refunds.cancel, "2") end,
      }
      pcall(retry, 1, "1s", function() error("x") end)
      act("3", "x", taobao.refunds.cancel, "3")
      """)
    #expect(report.failure == nil && report.lines == ["2 done x", "3 done x"])
  }

  @Test(arguments: [
    ("retry(0, '1s', print)", "argument 1 must be how often to try"), ("retry(101, '1s', print)", "argument 1"),
    ("retry(1, nil, print)", "argument 2 must be a duration"), ("retry(1, {}, print)", "argument 2 must be a duration"),
    ("retry(1, 'soon', print)", "is no duration"), ("retry(1, '1s')", "argument 3 must be a function, not nil"),
  ])
  func mistakes(_ call: String, _ message: String) async throws {
    let failure = try await Stage().failure("local retry = require 'ebb.retry' \(call)")
    #expect(failure.code == .invalid && failure.message.contains(message), "\(failure.message)")
  }
}

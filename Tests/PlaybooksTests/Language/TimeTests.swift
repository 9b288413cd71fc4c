import Catalogue
import JSON
import Lua
import Journal
import PandaPon
import Testing

@testable import Playbooks

@Suite struct TimeTests {
  @Test func sleepingMovesTheRunsTime() async throws {
    let stage = Stage()
    let result = try await stage.result(
      """
      local first = now()
      sleep("1h30m")
      local second = now()
      sleep(500)
      wait_until(first + 24 * 3600 * 1000)
      return { first, second - first, now() - first, os.time() * 1000 - first }
      """)
    #expect(result == [.integer(Stage.start), 5_400_000, 86_400_000, 86_400_000])
    #expect(stage.clock.now() == Stage.start + 86_400_000)
    #expect(try await stage.journal.steps(of: stage.id).map(\.name) == ["sleep", "sleep", "wait_until"])
  }

  @Test func waitingForThePastIsOver() async throws {
    let result = try await Stage().result("local t = now() wait_until(t - 1000) wait_until(0) return now() - t")
    #expect(result == 0)
  }

  @Test func timeIsThatOfTheLastResultAndNotTheClocks() async throws {
    let clock = VirtualClock(Stage.start)
    var stage = Stage(
      api: ScriptedAPI(read: { _ in
        clock.advance(by: 250)
        return .answer(nil)
      }))
    stage.clock = clock
    let result = try await stage.result(
      """
      local times = { now() }
      for step = 1, 3 do
        taobao.refunds.get("1")
        times[#times + 1] = now() - times[1]
        times[#times + 1] = now() - times[1]
      end
      return times
      """)
    #expect(result == [.integer(Stage.start), 250, 250, 500, 500, 750, 750])
  }

  @Test func timeNeverDecreases() async throws {
    struct Backwards: RunClock {
      let recorder = Recorder<Int>()
      func now() -> Milliseconds {
        recorder.append(1)
        return Stage.start - Milliseconds(recorder.all.count) * 1000
      }
      func sleep(until instant: Milliseconds) async throws {}
    }
    let stage = Stage()
    let surroundings = RunSurroundings(
      catalogue: catalogue, reader: stage.api, writer: stage.api, journal: stage.journal, clock: Backwards())
    let assignment = try await stage.assignment(
      """
      local last, decreased = now(), false
      for step = 1, 5 do
        taobao.refunds.get("1")
        decreased = decreased or now() < last
        last = now()
      end
      return decreased
      """)
    let report = try await stage.play(assignment, in: surroundings)
    #expect(report.result == false)
    let instants = try await stage.journal.steps(of: stage.id).map(\.instant)
    #expect(instants == instants.sorted())
  }

  @Test func afterBranchesTheTimeIsThatOfTheLatest() async throws {
    let result = try await Stage().result(
      """
      local start, inside = now(), 0
      parallel { function() sleep("1h") inside = math.max(inside, now()) end, function() sleep("2h") inside = math.max(inside, now()) end }
      return { now() >= inside, inside - start >= 7200000 }
      """)
    #expect(result == [true, true])
  }

  @Test func durationsAndInstants() async throws {
    let result = try await Stage().result(
      """
      local time = require "ebb.time"
      return {
        time.duration "1h30m", time.hour + time.minute, time.parse "2026-11-01T08:00:00+08:00", time.parse "2026-11-01 08:00:00",
        time.parse "1793491200000", time.parse(5), time.parse "soon" == nil, time.parse(nil) == nil, time.parse(1.5) == nil,
        time.format(0), time.format(1793491200250),
        time.describe(0), time.describe(90061000), time.describe(-3600000), time.describe(86400000 + 5000), time.describe(999),
      }
      """)
    #expect(
      result == [
        5_400_000, 3_660_000, .integer(Stage.start), .integer(Stage.start), .integer(Stage.start), 5, true, true, true,
        "1970-01-01T00:00:00.000Z", "2026-11-01T00:00:00.250Z", "0s", "1d 1h", "-1h", "1d", "0s",
      ])
  }

  @Test func aStepLimitEndsTheRun() async throws {
    var stage = Stage()
    stage.maximumSteps = 5
    let report = try await stage.play("for step = 1, 100 do\n  sleep(1)\nend")
    #expect(report.status == .failed && report.failure?.position?.line == 2)
    #expect(report.failure?.message == "the run reached its limit of 5 steps")
  }
}

@Suite struct LimitTests {
  @Test(arguments: [
    "while true do\n  parallel { function() end }\nend",
    "while true do\n  each({ 1, 2 }, { concurrency = 2 }, function() end)\nend",
  ])
  func branchesThatNeverWaitCountAsSteps(_ source: String) async throws {
    var stage = Stage()
    stage.maximumSteps = 50
    let failure = try await stage.failure(source)
    #expect(failure.message == "the run reached its limit of 50 steps" && failure.position?.line == 2)
  }

  @Test func writesAfterTheStopCountAsSteps() async throws {
    var stage = Stage(api: Refunds(["1": 1], answering: { _ in .refusal() }).api)
    stage.maximumSteps = 50
    let failure = try await stage.failure(
      """
      playbook { ebb = 1, guards = { stop_after = 1 } }
      while true do
        act("1", "x", taobao.refunds.cancel, "1")
      end
      """)
    #expect(failure.message == "the run reached its limit of 50 steps" && failure.position?.line == 3)
    #expect(stage.api.count("taobao.refunds.cancel") == 1)
  }

  @Test(arguments: [
    "sleep(math.maxinteger)", "wait_until(math.maxinteger)", "wait_until(math.mininteger)", "wait_until(-1)",
    "wait_until(253402300800000)",
  ])
  func instantsOffTheCalendarAreRefused(_ call: String) async throws {
    let result = try await Stage().result("local ok, e = pcall(function() \(call) end) return { ok, e.code }")
    #expect(result == [false, "invalid"])
  }

  @Test(arguments: [Int64.min, .max])
  func everyInstantHasAText(_ instant: Int64) {
    #expect(InstantText.text(instant).hasSuffix("Z"))
  }

  @Test func stepsDoneAtOnceShareTheirTime() {
    var awake = TimeAwake()
    awake.add(from: 1000, to: 5000)
    awake.add(from: 2000, to: 4000)
    awake.add(from: 4500, to: 7000)
    #expect(awake.total == 6000)
    awake.add(from: 9000, to: 9500)
    #expect(awake.total == 6500, "the time in between was spent asleep, or nobody advanced the run")
  }

  @Test func anEndlessLoopEndsItsRunWithItsLineAndLeavesOthersAlone() async throws {
    var stage = Stage()
    stage.id = "endless"
    var assignment = try await stage.assignment(
      "local n = 0\npcall(function()\n  while true do n = n + 1 end\nend)\nreturn n")
    assignment.limits.slice = .milliseconds(50)
    async let other = Stage(api: Refunds(["1": 4]).api).result(
      "for step = 1, 50 do taobao.refunds.get('1') end return 'fine'")
    let report = try await stage.play(assignment, in: stage.surroundings)
    #expect(report.status == .failed && report.failure?.isLimit == true && report.failure?.position?.line == 3)
    #expect(report.json["error"]?["code"] == "limit" && report.json["error"]?["line"] == 3)
    #expect(try await other == "fine")
  }

  @Test func tooMuchMemoryEndsTheRun() async throws {
    let stage = Stage()
    var assignment = try await stage.assignment("local t = {}\nfor i = 1, 1e7 do\n  t[i] = { i }\nend")
    assignment.limits.memory = 4 << 20
    let report = try await stage.play(assignment, in: stage.surroundings)
    #expect(report.status == .failed && report.failure?.isLimit == true)
  }

  @Test func aLimitInABranchEndsTheRunButNotTheWriteInFlight() async throws {
    let refunds = Refunds(["1": 1])
    let stage = Stage(api: refunds.api)
    var assignment = try await stage.assignment(
      """
      parallel {
        function() act("1", "x", taobao.refunds.cancel, "1") end,
        function() taobao.refunds.get("1") while true do end end,
      }
      """)
    assignment.limits.slice = .milliseconds(50)
    let report = try await stage.play(assignment, in: stage.surroundings)
    #expect(report.status == .failed && report.failure?.isLimit == true)
    let effects = try await stage.journal.effects(of: stage.id)
    #expect(effects.allSatisfy { $0.state == .confirmed }, "what was announced is settled")
    #expect(effects.count == stage.api.count("taobao.refunds.cancel"))
  }
}

@Suite struct CancellationTests {
  /// Holds a call until the test lets it go, and says when it has come.
  private struct Door: Sendable {
    let come: AsyncStream<Void>
    let comes: AsyncStream<Void>.Continuation
    let open: AsyncStream<Void>
    let opens: AsyncStream<Void>.Continuation

    init() {
      (come, comes) = AsyncStream.makeStream()
      (open, opens) = AsyncStream.makeStream()
    }

    func pass() async {
      comes.yield()
      for await _ in open { break }
    }

    func arrival() async { for await _ in come { break } }
  }

  @Test func aWriteInFlightIsFinished() async throws {
    let door = Door()
    let api = ScriptedAPI(
      read: { _ in .answer(.refund("1")) },
      write: { _ in
        await door.pass()
        return Task.isCancelled ? .unsent : .answer(["cancelSuccess": true])
      })
    let stage = Stage(api: api)
    let run = Task {
      try await stage.play(
        "act('1', 'x', taobao.refunds.cancel, '1') act('2', 'x', taobao.refunds.cancel, '2') return 1")
    }
    await door.arrival()
    run.cancel()
    for _ in 0..<50 { await Task.yield() }
    door.opens.yield()
    let report = try await run.value
    #expect(report.status == .paused && report.result == nil)
    #expect(report.outcomes == ["taobao.refund:1 confirmed"])
    #expect(api.count("taobao.refunds.cancel") == 1)
    #expect(try await stage.journal.effects(of: stage.id).map(\.state) == [.confirmed])
    #expect(try await stage.journal.run(stage.id)?.status == .paused)
  }

  @Test func aRunWhoseBranchesNeverWaitIsCancelledToo() async throws {
    let stage = Stage()
    let surroundings = RunSurroundings(
      catalogue: catalogue, reader: stage.api, writer: stage.api, journal: stage.journal, clock: stage.clock,
      observer: { _ in withUnsafeCurrentTask { $0?.cancel() } })
    let assignment = try await stage.assignment("log('go') while true do parallel { function() end } end")
    let report = try await stage.play(assignment, in: surroundings)
    #expect(report.status == .paused)
  }

  @Test func aReadInFlightIsAbandoned() async throws {
    let door = Door()
    let api = ScriptedAPI(read: { _ in
      await door.pass()
      return .answer(nil)
    })
    let stage = Stage(api: api)
    let run = Task { try await stage.play("pcall(taobao.refunds.get, '1') taobao.refunds.cancel('1')") }
    await door.arrival()
    run.cancel()
    let report = try await run.value
    #expect(report.status == .paused && api.calls.count == 1)
  }

  @Test func aSleepThatIsCutShortDoesNotLetTheScriptGoOn() async throws {
    struct Endless: RunClock {
      let door: Door
      func now() -> Milliseconds { Stage.start }
      func sleep(until instant: Milliseconds) async throws {
        await door.pass()
        try Task.checkCancellation()
      }
    }
    let door = Door()
    let stage = Stage(api: Refunds(["1": 1]).api)
    let surroundings = RunSurroundings(
      catalogue: catalogue, reader: stage.api, writer: stage.api, journal: stage.journal, clock: Endless(door: door))
    let assignment = try await stage.assignment("sleep('7d') taobao.refunds.cancel('1')")
    let run = Task { try await stage.play(assignment, in: surroundings) }
    await door.arrival()
    run.cancel()
    let report = try await run.value
    #expect(report.status == .waiting(.time) && report.wake == Stage.start + 7 * 86_400_000)
    #expect(stage.api.calls.isEmpty)
  }
}

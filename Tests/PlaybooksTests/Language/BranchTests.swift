import Catalogue
import JSON
import Lua
import Journal
import PandaPon
import Synchronization
import Testing

@testable import Playbooks

/// Lets calls wait until the test opens them, in an order of its own.
final class Gate: Sendable {
  private struct State {
    var waiting: [String: CheckedContinuation<Void, Never>] = [:]
    var order: [String]
    var expected: Int
  }
  private let state: Mutex<State>

  /// Holds calls back until that many wait, then lets them go in that order, one after each other.
  init(_ order: [String]) {
    state = Mutex(State(order: order, expected: order.count))
  }

  func pass(_ name: String) async {
    await withCheckedContinuation { continuation in
      state.withLock { state in
        state.waiting[name] = continuation
        if state.waiting.count == state.expected { Self.open(&state) }
      }
    }
  }

  /// What was let through has been answered: the next may go.
  func done() { state.withLock { Self.open(&$0) } }

  private static func open(_ state: inout State) {
    guard let name = state.order.first, let next = state.waiting.removeValue(forKey: name) else { return }
    state.order.removeFirst()
    state.expected -= 1
    next.resume()
  }
}

@Suite struct BranchTests {
  @Test func parallelReturnsInOrderWhateverTheOrderOfAnswers() async throws {
    for order in [["1", "2", "3"], ["3", "2", "1"], ["2", "3", "1"]] {
      let gate = Gate(order)
      let api = ScriptedAPI(read: { call in
        await gate.pass(call.arguments.refundID)
        defer { gate.done() }
        return .answer(["id": .string(call.arguments.refundID)])
      })
      let result = try await Stage(api: api).result(
        """
        local function get(id) return function() return taobao.refunds.get(id).id end end
        local a, b, c = parallel { get "1", get "2", get "3" }
        return { a, b, c }
        """)
      #expect(result == ["1", "2", "3"])
    }
  }

  @Test func theErrorOfTheLowestBranchIsRaisedWithItsIndex() async throws {
    let gate = Gate(["3", "2", "1"])
    let api = ScriptedAPI(read: { call in
      await gate.pass(call.arguments.refundID)
      defer { gate.done() }
      return call.arguments.refundID == "1" ? .answer(nil) : .refusal(Int(call.arguments.refundID) ?? 0, "no")
    })
    let result = try await Stage(api: api).result(
      """
      local function get(id) return function() taobao.refunds.get(id) end end
      local ok, e = pcall(parallel, { get "1", get "2", get "3" })
      return { ok, e.branch, e.code, e.api_code, tostring(e) }
      """)
    #expect(result == [false, 2, "rejected", 2, "no"])
  }

  @Test func anErrorThatIsNoTableHasItsBranchToo() async throws {
    let result = try await Stage().result(
      "local _, e = pcall(parallel, { function() end, function() error('bad', 0) end }) return { e.branch, e.message }")
    #expect(result == [2, "bad"])
  }

  @Test func afterAnErrorTheOthersStopAtTheirNextStep() async throws {
    let api = ScriptedAPI(read: { $0.arguments.refundID == "bad" ? .refusal() : .answer(nil) })
    let report = try await Stage(api: api).play(
      """
      local function walk(id) return function()
        for step = 1, 50 do taobao.refunds.get(id) end
        keep(id, "went on")
      end end
      pcall(parallel, { walk "1", function() taobao.refunds.get("bad") end, walk "2" })
      keep("end", "x")
      """)
    #expect(report.lines == ["end kept x"])
    #expect(api.calls.count < 20)
  }

  @Test func nestedBranchesStopWithTheirParent() async throws {
    let report = try await Stage(
      api: ScriptedAPI(read: { $0.arguments.refundID == "bad" ? .refusal(7, "bad") : .answer(1) })
    ).play(
      """
      local function inner() for step = 1, 20 do taobao.refunds.get("1") end return 1 end
      local ok, e = pcall(parallel, {
        function() local a, b = parallel { inner, inner }; keep("parent", "sum " .. a + b) end,
        function() taobao.refunds.get("bad") end,
      })
      return { e.branch, e.api_code }
      """)
    #expect(report.result == [2, 7] && report.decisions.isEmpty)
  }

  @Test func concurrencyIsBounded() async throws {
    let live = Mutex((now: 0, most: 0))
    let api = ScriptedAPI(read: { _ in
      live.withLock { $0 = ($0.now + 1, max($0.most, $0.now + 1)) }
      for _ in 0..<20 { await Task.yield() }
      live.withLock { $0.now -= 1 }
      return .answer(nil)
    })
    _ = try await Stage(api: api).result(
      """
      local list = {}
      for index = 1, 40 do list[index] = tostring(index) end
      each(list, { concurrency = 4 }, function(id) taobao.refunds.get(id) end)
      """)
    #expect(api.calls.count == 40 && live.withLock { $0.most } == 4)
  }

  @Test(arguments: ["{}", "{}, { concurrency = 3 }"])
  func eachOfNothingDoesNothing(_ list: String) async throws {
    #expect(try await Stage().result("each(\(list), function() error('x') end) parallel {} return 1") == 1)
  }

  @Test func anErrorInsideAConcurrentEachIsolatesOneItem() async throws {
    let api = ScriptedAPI(read: { $0.arguments.refundID == "2" ? .refusal(500, "busy") : .answer(nil) })
    let report = try await Stage(api: api).play(
      """
      each({ "1", "2", "3" }, { concurrency = 2 }, function(id)
        taobao.refunds.get(id)
        keep(id, "fine")
      end)
      """)
    #expect(report.lines == ["1 kept fine", "2 failed rejected", "3 kept fine"])
    #expect(report.decision("2")?.detail == "scripts/test.lua:2: busy")
  }

  /// A script whose branches share nothing, with writes, notes, reports, sleeps, nesting and random numbers.
  static let mixed = """
    local ids = { "1", "2", "3", "4" }
    each(ids, { concurrency = 4 }, function(id, index)
      log("begin", { id = id })
      local refund = taobao.refunds.get(id)
      keep("row " .. id, "random", math.random(1, 1000000))
      parallel {
        function() keep("first " .. id, "x"); taobao.refunds.get(id .. "1"); keep("second " .. id, "x") end,
        function() taobao.refunds.get(id .. "2"); keep("third " .. id, "x") end,
      }
      if index > 2 then act(id, "stale", taobao.refunds.cancel, id) end
      report("of " .. id, { { id = id, now = now() } })
      hand_over("end " .. id, "x")
    end)
    keep("after", "x")
    taobao.refunds.get("5")
    keep("last", "x")
    """

  @Test func theSameWorldAndRunGiveEqualReportsWhateverTheOrderOfAnswers() async throws {
    var reports: Set<[UInt8]> = []
    var deliveries: Set<String> = []
    for seed in 0..<12 as Range<UInt64> {
      let turns = Mutex(Seeded(state: seed))
      let refunds = Refunds(Dictionary(uniqueKeysWithValues: (1...60).map { ("\($0)", 100) }))
      let delay: @Sendable () async -> Void = {
        for _ in 0..<turns.withLock({ Int.random(in: 0..<30, using: &$0) }) { await Task.yield() }
      }
      let inner = refunds.api
      let cancel = try #require(catalogue["taobao.refunds.cancel"])
      let get = try #require(catalogue["taobao.refunds.get"])
      let api = ScriptedAPI(
        read: { call in
          await delay()
          guard let arguments = try? get.arguments(from: call.arguments) else { return .refusal() }
          return await inner.read(get, arguments)
        },
        write: { call in
          await delay()
          guard let arguments = try? cancel.arguments(from: call.arguments) else { return .refusal() }
          return await inner.write(cancel, arguments)
        })
      let stage = Stage(api: api)
      let report = try await stage.play(Self.mixed)
      #expect(report.status == .succeeded)
      reports.insert(report.json.bytes())
      deliveries.insert(try await stage.journal.steps(of: stage.id).map(\.path.description).joined(separator: " "))
    }
    #expect(reports.count == 1)
    #expect(deliveries.count > 1, "the orders of answers did differ")
  }

  @Test func decisionsStandInTheOrderOfTheScript() async throws {
    let refunds = Refunds(Dictionary(uniqueKeysWithValues: (1...60).map { ("\($0)", 100) }))
    let report = try await Stage(api: refunds.api).play(Self.mixed)
    #expect(
      report.decisions.map(\.subject).filter { $0.hasSuffix("3") } == [
        "row 3", "first 3", "second 3", "third 3", "3", "end 3",
      ])
    #expect(report.decisions.suffix(2).map(\.subject) == ["after", "last"])
    #expect(report.reports.map { $0["title"] } == ["of 1", "of 2", "of 3", "of 4"])
  }

  @Test func randomNumbersAreTheRunsOwn() async throws {
    let source = "local t = {} for i = 1, 5 do t[i] = math.random(1, 1 << 40) end return t"
    var results: [JSON?] = []
    for id in ["run-1", "run-1", "run-2"] as [RunID] {
      var stage = Stage()
      stage.id = id
      results.append(try await stage.result(source))
    }
    #expect(results[0] == results[1] && results[0] != results[2])
  }
}

/// SplitMix64: the same values for the same seed.
struct Seeded: RandomNumberGenerator {
  var state: UInt64

  mutating func next() -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    var mixed = state
    mixed = (mixed ^ mixed >> 30) &* 0xBF58_476D_1CE4_E5B9
    mixed = (mixed ^ mixed >> 27) &* 0x94D0_49BB_1331_11EB
    return mixed ^ mixed >> 31
  }
}

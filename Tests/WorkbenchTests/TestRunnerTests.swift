import Catalogue
import Foundation
import JSON
import Testing

@testable import Workbench

/// A folder with a playbook and a file of tests.
private final class Bench {
  let folder: URL
  static let playbook = """
    local aftersales = require "ebb.aftersales"
    local pages = require "ebb.pages"
    local p = playbook { ebb = 1, name = "chore", params = { limit = { type = "integer", default = 9 } } }
    local done = 0
    each(pages(taobao.refunds.list, {}), function(row)
      local refund = aftersales.reread(row)
      if done >= p.limit then return keep(refund, "over the limit") end
      if act(refund, "too old", taobao.refunds.cancel, { refundId = refund.id }) then done = done + 1 end
    end)
    """

  init(_ tests: String, playbook: String = playbook) throws {
    folder = FileManager.default.temporaryDirectory.appending(path: "ebb-bench-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    try Data(playbook.utf8).write(to: folder.appending(path: "chore.lua"))
    try Data(tests.utf8).write(to: folder.appending(path: "chore_test.lua"))
  }

  deinit { try? FileManager.default.removeItem(at: folder) }

  var file: String { folder.appending(path: "chore_test.lua").path }
  var snapshots: String { folder.appending(path: "chore_test.snap.json").path }

  func run(filter: String? = nil, isUpdating: Bool = false, mayAdd: Bool = true) async throws -> [TestOutcome] {
    let runner = TestRunner(
      catalogue: try Catalogue.embedded(), filter: filter, isUpdating: isUpdating, mayAddSnapshots: mayAdd)
    return try await runner.run([TestFile(file)])
  }
}

@Suite struct TestRunnerTests {
  private static let open = #"given { refunds = { one = { age = "9d", left = "3d", amount = "120 CNY" } } }"#

  @Test(arguments: [
    #"local ids = \#(open) play() expect(effects).to_be { { "taobao.refunds.cancel", refundId = ids.refunds.one } }"#,
    #"local ids = \#(open) expect(play().about[ids.refunds.one]).to_match { decision = "done", reason = "too old" }"#,
    #"\#(open) expect(play { params = { limit = 0 } }.tally):to_match { kept = 1, done = 0 }"#,
    #"\#(open) play { mode = "plan" } expect(effects):to_be_empty()"#,
    #"\#(open) faults "reset-after@taobao.refunds.cancel:1" play() expect(#effects()).to_be(1)"#,
    #"at("2026-11-01 01:29", "America/New_York") expect(now()).to_be(1793510940000)"#,
    #"at("2026-10-04 01:45", "Australia/Lord_Howe") at("2026-11-01") expect(now()).to_be(1793462400000)"#,
    #"local before = now() advance "48h" expect(now() - before).to_be(48 * 3600 * 1000)"#,
    #"local ids = \#(open) hold(ids.refunds.one) play() expect(effects).to_be_empty()"#,
    // Silence grants what was asked for: the marketplace goes on by itself.
    #"\#(open) advance "4d" expect(play().tally.done).to_be(0)"#,
    #"expect("ab").to_contain "b" expect({ 1, 2 }).never.to_contain(3) expect({}).to_be_empty()"#,
    #"local ids = given { alibaba_refunds = { {} }, alibaba_orders = { {} }, orders = { { state = "finished" } } } "#
      + "expect(#ids.orders).to_be(1)",
  ])
  func passes(_ body: String) async throws {
    let outcomes = try await Bench("test('it', function() \(body) end)").run()
    #expect(outcomes.count == 1 && outcomes[0].failure == nil, "\(outcomes.first?.failure?.message ?? "")")
  }

  @Test(arguments: [
    ("expect({ a = { 1, 2 } }).to_be { a = { 1, 3 } }", "expected at a[2] 3, found 2"),
    ("expect(1).to_be '1'", #"expected "1", found 1"#), ("expect(1).to_be(1.0)", "expected 1.0, found 1"),
    ("expect({ a = 1, b = 2 }).to_be { a = 1 }", "expected at b nil, found 2"),
    ("expect({ 1, 2 }).to_match { 1 }", "expected at [2] nil, found 2"),
    ("expect('ab').never.to_contain 'a'", "is not to be"), ("expect(1).to_equal(1)", "there is no to_equal"),
    ("given { refund = {} }", "there is no refund; there are orders"),
    ("given { refunds = { { state = 'open' } } }", "given: refunds[1].state is one of closed, refunded"),
    ("given { refunds = { { age = 'old' } } }", "is a duration such as"),
    ("given { refunds = { { amount = 5 } } }", "needs its unit"),
    ("given { refunds = { { aeg = '1d' } } }", "has no aeg"), ("advance 'soon'", "advance takes a duration"),
    ("at('2026-03-08 02:30', 'America/New_York')", "is no time that America/New_York has"),
    ("at('2026-02-30')", "is no time that"), ("at('tomorrow')", "is no time that Asia/Shanghai has"),
    ("at('2026-11-01', 'Asia/Shanhai')", "did you mean"), ("play() at('2020-01-01')", "time does not go back"),
    ("play { playbook = 'other.lua' }", "other.lua cannot be read"), ("play { parms = {} }", "play has no parms"),
    ("play { params = { limit = 'many' } }", "limit"), ("faults 'nonsense'", "fault 'nonsense'"),
    ("approve(play())", "the run asks nothing"), ("hold()", "hold takes the id"),
    ("resume {}", "resume takes what play"),
    ("local rules = require 'ebb.money'", "is for playbooks"), ("error 'boom'", "boom"), ("nothing()", "nothing"),
    ("while true do end", "computed"), ("play { event = function() end }", "cannot leave the test"),
  ])
  func failsWithWords(_ body: String, _ words: String) async throws {
    let outcomes = try await Bench("test('it', function()\n  \(body)\nend)").run()
    let failure = try #require(outcomes.first?.failure)
    #expect(failure.message.contains(words), "\(failure.message)")
    #expect(failure.place?.hasSuffix("chore_test.lua:2") ?? true, "\(failure.place ?? "")")
  }

  @Test func aFileThatCannotBeLoadedIsATestThatFailed() async throws {
    for source in ["test(", "given {}", "test('a', function() end) test('a', function() end)", "test('a')"] {
      let outcomes = try await Bench(source).run()
      #expect(outcomes.count == 1 && outcomes[0].failure != nil && outcomes[0].name == "(the file)", "\(source)")
    }
  }

  @Test func casesAreTestsOfTheirOwn() async throws {
    let outcomes = try await Bench(
      "test('%s is %d', { { 'a', 1 }, { 'b', 2 } }, function(w, n) expect(n).to_be(1) end) test('c', { 1, 2 }, function() end)"
    ).run()
    #expect(outcomes.map(\.name) == ["a is 1", "b is 2", "c [1]", "c [2]"])
    #expect(outcomes.map { $0.failure == nil } == [true, false, true, true])
    let filtered = try await Bench("test('a', function() end) test('b!', function() end)").run(filter: "b!")
    #expect(filtered.map(\.name) == ["b!"])
  }

  /// What one test does is not there for the next.
  @Test func eachTestHasAWorldOfItsOwn() async throws {
    let outcomes = try await Bench(
      "local seen = 0 for _, n in ipairs { 'a', 'b', 'c' } do test(n, function() seen = seen + 1 expect(seen).to_be(1) "
        + "\(Self.open) play() expect(#effects()).to_be(1) end) end"
    ).run()
    #expect(outcomes.count == 3 && outcomes.allSatisfy { $0.failure == nil })
  }

  @Test func aRunThatSleepsForDaysGoesThroughThem() async throws {
    let playbook = "playbook { ebb = 1, name = 'chore' } local began = now() sleep('3d') return now() - began"
    let outcomes = try await Bench(
      "test('a', function() local r = play() expect(r.result).to_be(3 * 86400000) end) "
        + "test('b', function() local r = play { stay = false } expect(r.waiting_for).to_be 'time' advance '3d' "
        + "expect(resume(r).status).to_be 'succeeded' end)", playbook: playbook
    ).run()
    #expect(outcomes.allSatisfy { $0.failure == nil }, "\(outcomes.compactMap(\.failure?.message))")
  }

  // MARK: Snapshots

  @Test func aSnapshotIsKeptAndHeldAgainst() async throws {
    let bench = try Bench("test('a', function() expect({ 1, 'x' }).to_match_snapshot() end)")
    #expect(try await bench.run(mayAdd: false)[0].failure?.message.contains("there is no snapshot") == true)
    #expect(try await bench.run()[0].failure == nil)
    #expect(try String(contentsOfFile: bench.snapshots, encoding: .utf8) == "{\n  \"a\": \"{ 1, \\\"x\\\" }\"\n}\n")
    #expect(try await bench.run(mayAdd: false)[0].failure == nil)
    try Data("test('a', function() expect({ 2 }).to_match_snapshot() end)".utf8).write(to: URL(filePath: bench.file))
    #expect(try await bench.run()[0].failure?.message.contains("now:  { 2 }") == true)
    #expect(try await bench.run(isUpdating: true)[0].failure == nil)
    #expect(try await bench.run(mayAdd: false)[0].failure == nil)
  }

  // MARK: Reports

  @Test func theReportIsXML() async throws {
    let outcomes = try await Bench("test('a < \"b\" & ü', function() error('x <y>\\n\\1') end)").run()
    let text = JUnitReport.text(outcomes)
    #expect(text.contains("name=\"a &lt; &quot;b&quot; &amp; ü\"") && text.contains("failures=\"1\""))
    #expect(text.contains("<failure message=\"x &lt;y&gt;\">") && text.contains("x &lt;y&gt;&#10;?"))
    #expect(outcomes[0].json["outcome"] == "failed")
  }
}

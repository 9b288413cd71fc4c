import Catalogue
import JSON
import Lua
import Journal
import PandaPon
import Testing

@testable import Playbooks

@Suite struct ScriptTests {
  @Test func aScriptWithoutHeaderReturnsAnAnswer() async throws {
    let stage = Stage(api: Refunds(["110000235001": 4]).api)
    let report = try await stage.play(#"return taobao.refunds.get("110000235001")"#)
    #expect(report.status == .succeeded)
    #expect(report.result?[pointer: "/refundOrderAggregate/refundOrder/refundFee"] == 4)
    #expect(stage.api.calls == [Call(operation: "taobao.refunds.get", arguments: ["refundId": "110000235001"])])
    #expect(report.playbook == "test" && report.steps == 1 && report.reads == ["taobao.refunds.get": 1])
    #expect(report.writes.isEmpty && report.decisions.isEmpty)
  }

  @Test(
    arguments: [
      ("return 1", 1), ("return 1.0", .number(1)), ("return nil", .null), ("", nil), (#"return "中""#, "中"),
      ("return {}", [:]),
      ("return {1, 2}", [1, 2]), (#"return {a = {true, "x"}}"#, ["a": [true, "x"]]),
      ("return {require('ebb').null}", [nil]), ("return 1, 2", 1),
    ] as [(String, JSON?)])
  func whatItReturnsIsTheResult(_ source: String, _ result: JSON?) async throws {
    #expect(try await Stage().result(source) == result)
  }

  @Test func whereNothingIsReturnedTheResultIsTheTally() async throws {
    let report = try await Stage().play(#"keep("a", "why") keep("b", "why")"#)
    #expect(report.result == nil)
    #expect(report.json["result"] == report.tally.json && report.json["result"]?["kept"] == 2)
  }

  @Test func aBindingReturnsDataAndMeta() async throws {
    let stage = Stage(api: Refunds(["1": 4]).api)
    let result = try await stage.result("local _, meta = taobao.refunds.get('1') return meta")
    #expect(result == ["code": 200, "msg": "success", "request_id": "r-1"])
  }

  @Test func parametersOfAScriptWithoutHeaderAreAsGiven() async throws {
    var stage = Stage()
    stage.parameters = ["limit": "5"]
    #expect(try await stage.result("return {params.limit, math.type(params.limit) == nil}") == ["5", true])
  }

  @Test func theEventIsAGlobal() async throws {
    var stage = Stage()
    #expect(try await stage.result("return event == nil") == true)
    stage.id = "run-2"
    stage.event = ["messageType": "x", "id": 1]
    #expect(try await stage.result("return event.messageType") == "x")
  }

  @Test(
    arguments: [
      (
        "return taobao.refunds.cancle",
        "there is no operation taobao.refunds.cancle; did you mean taobao.refunds.cancel?"
      ),
      ("taobao.refunds.cancel = 1", "the API's operations cannot be changed (cancel)"),
      ("return taobao.events.refundChanged", nil),
      ("taobao.refunds.get{ refundID = '1' }", nil), ("taobao.refunds.get{}", nil),
      ("act('1', 'x', taobao.refunds.get, {})", nil),
      (
        "act('1', 'x', nil, {})",
        "act: argument 3 must be an operation such as taobao.refunds.cancel, not nil: it may be misspelt"
      ),
      ("act('1', nil, taobao.refunds.cancel, {})", "act: argument 2 must be a string, not nil"),
      ("keep({}, 'x')", "a subject is a table with an id, or an id itself, not a table without one"),
      ("keep('1')", "keep: argument 2 must be a string, not nil"),
      ("each(1, print)", "each: argument 1 must be a table, not number"),
      ("each({}, {concurrency = 0}, print)", "each: concurrency must be an integer from 1"),
      (
        "each({ data = {} }, print)",
        "each: argument 1 must be a list, not a table with the field data; the list may be in it, as in answer.data"
      ),
      ("parallel{1}", "parallel: argument 1 must be a function, not number"), ("sleep('soon')", nil),
      ("sleep(-1)", nil),
      ("require('ebb.pages')(taobao.refunds.cancel, {})", "pages: taobao.refunds.cancel is a write"),
    ] as [(String, String?)])
  func mistakesAreRaisedAtTheirLineAndNothingIsSent(_ statement: String, _ message: String?) async throws {
    let stage = Stage()
    let failure = try await stage.failure("local x = 1\n\nif x then \(statement) end")
    #expect(failure.position?.file == "scripts/test.lua" && failure.position?.line == 3, "\(failure)")
    if let message { #expect(failure.message == message) } else { #expect(!failure.message.isEmpty) }
    #expect(stage.api.calls.isEmpty)
  }

  @Test func aSyntaxErrorFailsTheRunWithItsLine() async throws {
    let failure = try await Stage().failure("local x = 1\nlocal = 2")
    #expect(failure.position?.line == 2)
  }

  @Test func errorsAreTables() async throws {
    let stage = Stage(api: ScriptedAPI(read: { _ in .refusal(500, "busy") }))
    let result = try await stage.result(
      """
      local ok, e = pcall(taobao.refunds.get, "1")
      return {ok, e.code, e.api_code, e.message, e.operation, e.request_id, e.retryable, tostring(e)}
      """)
    #expect(result == [false, "rejected", 500, "busy", "taobao.refunds.get", "r-2", false, "busy"])
  }

  @Test(
    arguments: [
      (Outcome.refusal(), "rejected"), (.rejected(Failure(.notFound, "x", label: "x")), "not_found"),
      (.unsent, "unavailable"),
      (.unknown(Failure(.unavailable, "x", label: "x")), "unavailable"),
      (.notSent(Failure(.refusedByPolicy, "x", label: "x")), "refused"),
      (.notSent(Failure(.rateLimited, "x", label: "x")), "unavailable"),
    ] as [(Outcome, JSON)])
  func failuresOfReadsHaveTheirCode(_ outcome: Outcome, _ code: JSON) async throws {
    let stage = Stage(api: ScriptedAPI(read: { _ in outcome }))
    #expect(try await stage.result("local _, e = pcall(taobao.refunds.get, '1') return e.code") == code)
  }

  @Test func anUncaughtErrorFailsTheRunAtItsLine() async throws {
    let stage = Stage(api: ScriptedAPI(read: { _ in .refusal(500, "busy") }))
    let failure = try await stage.failure("\nlocal function f()\n  return (taobao.refunds.get('1'))\nend\nf()")
    #expect(failure.message == "busy" && failure.code == .rejected && failure.position?.line == 3)
    #expect(failure.trace.allSatisfy { $0.hasPrefix("scripts/test.lua:") } && failure.trace.count >= 2)
  }
}

@Suite struct LanguageHeaderTests {
  static let source = """
    local money = require "ebb.money"
    local p = playbook {
      name = "trial", title = "Trial · 试",
      params = {
        stale = { type = "duration", default = "7d" }, n = { type = "integer", default = 2 },
        sum = { type = "money", default = "12.34 CNY" }, ids = { type = "list", default = "a,b" }, on = { type = "boolean" },
        sums = { type = "list", of = "money", default = "1 CNY" },
      },
    }
    return { p.stale, p.n, tostring(p.sum + money.cny(1)), p.ids, p.on == nil, p == params, tostring(p.sums[1]) }
    """

  @Test func parametersAreTyped() async throws {
    var stage = Stage()
    #expect(try await stage.result(Self.source) == [604_800_000, 2, "12.35 CNY", ["a", "b"], true, true, "1.00 CNY"])
    stage.id = "run-2"
    stage.parameters = ["stale": "1h", "n": "5", "sum": "¥2", "ids": "x", "on": "yes"]
    #expect(try await stage.result(Self.source) == [3_600_000, 5, "2.01 CNY", ["x"], false, true, "1.00 CNY"])
  }

  @Test func theReportHasItsNames() async throws {
    let report = try await Stage().play(Self.source)
    #expect(report.playbook == "trial" && report.title == "Trial · 试")
  }

  @Test func wrongParametersAreRefusedBeforeTheRun() async throws {
    var stage = Stage()
    stage.parameters = ["stael": "1h"]
    await #expect(throws: ParameterProblem.self) { try await stage.play(Self.source) }
  }

  @Test func anotherShopIsRefused() async throws {
    await #expect(throws: ParameterProblem.self) { try await Stage().play(#"playbook { profiles = { "other" } }"#) }
    let report = try await Stage().play(#"playbook { profiles = { "shop" } } return 1"#)
    #expect(report.result == 1)
  }

  @Test(arguments: [
    "", "return 1", "local x = taobao.refunds.get('1')", "taobao.refunds.cancel('1') playbook{}",
    "pcall(taobao.refunds.cancel, '1') playbook{ name = 'late' }", "print('x') playbook{ name = 'late' }",
    "sleep('7d') playbook{ name = 'late' }",
    "keep('1', 'x') playbook{ name = 'late' }",
    "parallel{ function() taobao.refunds.cancel('1') end } playbook{ name = 'late' }",
  ])
  func withoutAHeaderFirstThereIsNone(_ source: String) async throws {
    let header = try await HeaderReader(catalogue: catalogue).header(
      of: Array(source.utf8), file: "a/b.lua", folder: nil)
    #expect(header == nil)
  }

  @Test func readingAHeaderRunsNothingBehindIt() async throws {
    let source = "local p = playbook { name = 'early' } while true do end"
    let header = try await HeaderReader(catalogue: catalogue).header(
      of: Array(source.utf8), file: "a/b.lua", folder: nil)
    #expect(header?.name == "early")
  }

  @Test func theFileNamesAPlaybookWithoutAName() async throws {
    let header = try await HeaderReader(catalogue: catalogue).header(
      of: Array("playbook {}".utf8), file: "scripts/chase_sellers.lua", folder: nil)
    #expect(header?.name == "chase_sellers")
  }

  @Test(arguments: [
    "playbook { nme = 'x' }", "playbook { params = { a = {} } }", "playbook { guards = { writes = 1 } }",
  ])
  func aWrongHeaderIsAProblemOfItsOwn(_ source: String) async throws {
    await #expect(throws: ParameterProblem.self) {
      try await HeaderReader(catalogue: catalogue).header(of: Array(source.utf8), file: "a.lua", folder: nil)
    }
  }

  @Test func aShippedPlaybookHasItsHeader() async throws {
    let source = try #require(EmbeddedFile.bytes("scripts/cancel_stale_refunds.lua"))
    let header = try await HeaderReader(catalogue: catalogue).header(
      of: source, file: "cancel_stale_refunds.lua", folder: nil)
    #expect(header?.parameters.map(\.name) == ["favourable", "limit", "max_amount", "stale_after"])
    #expect(header?.guards.writes == ["taobao.refunds.cancel"] && header?.guards.stopAfter == 3)
  }
}

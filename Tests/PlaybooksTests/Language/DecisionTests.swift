import Catalogue
import JSON
import Lua
import Journal
import PandaPon
import Testing

@testable import Playbooks

@Suite struct DecisionTests {
  /// Acts on refunds 1, 2, …, in order, and returns what each `act` answered.
  static func acting(_ count: Int, header: String = "playbook {}", options: String = "") -> String {
    """
    \(header)
    local ids, answers = {}, {}
    for id = 1, \(count) do ids[id] = tostring(id) end
    each(ids, \(options)function(id)
      local answer, code = act({ id = id, amount = { fen = 1, currency = "CNY" } }, "stale", taobao.refunds.cancel, { refundId = id })
      answers[#answers + 1] = answer and "done" or code
    end)
    return answers
    """
  }

  @Test func theFourOutcomes() async throws {
    let refunds = Refunds(["1": 250])
    let stage = Stage(api: refunds.api)
    let report = try await stage.play(
      """
      local money = require "ebb.money"
      keep({ id = 7, amount = money.cny(5) }, "too young", money.cny(9))
      hand_over("8", "odd", { a = 1 })
      act("1", "stale", taobao.refunds.cancel, "1")
      keep({ refundOrder = { refundId = "9" } }, "a row will do", true)
      """)
    #expect(report.lines == ["7 kept too young", "8 handed_over odd", "1 done stale", "9 kept a row will do"])
    #expect(report.decisions.map(\.detail) == ["0.09 CNY", #"{"a":1}"#, nil, "true"])
    #expect(report.decisions.map(\.amount?.minorUnits) == [5, nil, 250, nil])
    #expect(report.outcomes == ["taobao.refund:1 confirmed"])
    #expect(report.status == .succeeded && refunds.status("1") == "-20")
    #expect(report.tally.json["amount"] == ["fen": 250, "currency": "CNY"], "the catalogue says where the amount is")
    #expect(try await stage.journal.effects(of: stage.id).map(\.state) == [.confirmed])
    let notes = try await stage.journal.notes(of: stage.id)
    #expect(notes.count == 4)
  }

  @Test func aRefusalWithCode200IsRejected() async throws {
    let refunds = Refunds(["1": 1], answering: { _ in .answer(["cancelSuccess": false]) })
    let report = try await Stage(api: refunds.api).play(Self.acting(1))
    #expect(report.result == ["rejected"] && report.status == .failed && report.failure == nil)
    #expect(report.lines == ["1 failed the marketplace refused it"])
    #expect(report.outcomes == ["taobao.refund:1 rejected"])
  }

  @Test(
    arguments: [
      (Outcome.refusal(), "rejected", "the marketplace refused it"),
      (.unsent, "unavailable", "the marketplace cannot be reached"),
      (.rejected(Failure(.notFound, "x", label: "x")), "not_found", "the marketplace does not know it"),
      (
        .rejected(Failure(.rejected, "bad argument", label: "x", apiCode: 400)), "rejected",
        "the marketplace refused it"
      ),
    ] as [(Outcome, JSON, String)])
  func actCatchesWhatTheAPISays(_ outcome: Outcome, _ code: JSON, _ reason: String) async throws {
    let refunds = Refunds(["1": 1, "2": 1], answering: { $0 == "1" ? outcome : nil })
    let report = try await Stage(api: refunds.api).play(Self.acting(2))
    #expect(report.result == [code, "done"])
    #expect(report.lines == ["1 failed \(reason)", "2 done stale"])
    #expect(report.status == .failed)
  }

  @Test func callingTheOperationRaises() async throws {
    let refunds = Refunds(["1": 1], answering: { _ in .refusal(409, "no") })
    let report = try await Stage(api: refunds.api).play(
      "local ok, e = pcall(taobao.refunds.cancel, '1') return {ok, e.code, e.api_code, e.effect}")
    #expect(report.result == [false, "rejected", 409, "rejected"])
    #expect(report.decisions.isEmpty && report.outcomes == ["taobao.refund:1 rejected"])
  }

  @Test func anErrorInsideEachIsolatesOneItem() async throws {
    let report = try await Stage().play(
      """
      each({ "1", "2", "3", "4" }, function(id)
        if id == "2" then
          local x = nil + 1
        elseif id == "3" then
          taobao.refunds.get{ refundID = id }
        end
        keep(id, "fine")
      end)
      return "went on"
      """)
    #expect(report.result == "went on" && report.status == .failed && report.failure == nil)
    #expect(report.lines == ["1 kept fine", "2 failed the script failed", "3 failed invalid", "4 kept fine"])
    #expect(report.decision("2")?.detail?.contains("scripts/test.lua:3") == true)
    #expect(report.decision("3")?.detail?.contains("scripts/test.lua:5") == true)
  }

  @Test func anErrorOutsideEndsTheRun() async throws {
    let report = try await Stage().play("keep('1', 'x')\nlocal x = nil + 1\nkeep('2', 'x')")
    #expect(report.status == .failed && report.failure?.position?.line == 2)
    #expect(report.lines == ["1 kept x"])
  }

  @Test func onlyWritesThatTheHeaderNamesAreSent() async throws {
    let refunds = Refunds(["1": 1, "2": 1])
    let stage = Stage(api: refunds.api)
    let report = try await stage.play(
      Self.acting(2, header: "playbook { guards = { writes = { 'taobao.orders.cancel' } } }"))
    #expect(stage.api.calls.isEmpty)
    #expect(report.decisions.map(\.kind) == [.failed, .failed], "each item is decided once")
    #expect(report.decisions.map(\.reason) == ["guard", "guard"])
    #expect(report.writes.isEmpty && report.status == .failed)
  }

  @Test func maximumWritesStopTheRun() async throws {
    let refunds = Refunds(["1": 1, "2": 1, "3": 1, "4": 1])
    let stage = Stage(api: refunds.api)
    let report = try await stage.play(Self.acting(4, header: "playbook { guards = { max_writes = { run = 2 } } }"))
    #expect(report.status == .waiting(.budget) && report.json["waiting_for"] == "budget")
    #expect(stage.api.arguments(of: "taobao.refunds.cancel").map(\.refundID) == ["1", "2"])
    #expect(report.lines == ["1 done stale", "2 done stale", "3 waiting waits for a budget"])
    #expect(report.outcomes == ["taobao.refund:1 confirmed", "taobao.refund:2 confirmed", "taobao.refund:3 waiting"])
    #expect(try await stage.journal.run(stage.id)?.status == .waiting(.budget))
  }

  @Test func withoutAHeaderFiftyWritesAreTheMost() async throws {
    let refunds = Refunds(Dictionary(uniqueKeysWithValues: (1...60).map { ("\($0)", 1) }))
    let stage = Stage(api: refunds.api)
    let report = try await stage.play("for id = 1, 60 do taobao.refunds.cancel(tostring(id)) end")
    #expect(report.status == .waiting(.budget) && stage.api.count("taobao.refunds.cancel") == 50)
  }

  @Test func theMaximumAmountIsReadByTheCatalogueNotFromTheScript() async throws {
    // The subject claims 0.01 CNY; the answer says 3.00, 4.00 and 2.00.
    let refunds = Refunds(["1": 300, "2": 400, "3": 200])
    let stage = Stage(api: refunds.api)
    let report = try await stage.play(
      Self.acting(3, header: "playbook { guards = { max_amount = { run = '6 CNY' } } }"))
    #expect(report.status == .waiting(.budget))
    #expect(report.decisions.map(\.amount?.minorUnits) == [300, 400])
    #expect(stage.api.count("taobao.refunds.cancel") == 1)
  }

  @Test func whatWasRefusedIsGivenBackToTheBudget() async throws {
    let refunds = Refunds(["1": 600, "2": 600], answering: { $0 == "1" ? .refusal() : nil })
    let report = try await Stage(api: refunds.api).play(
      Self.acting(2, header: "playbook { guards = { max_writes = { run = 1 }, max_amount = { run = '6 CNY' } } }"))
    #expect(report.result == ["rejected", "done"])
  }

  @Test func whatNeedsApprovalIsNotSentAndTheOthersGoOn() async throws {
    let refunds = Refunds(["1": 100, "2": 99_999, "3": 100_000, "4": 100])
    let stage = Stage(api: refunds.api)
    let report = try await stage.play(
      Self.acting(4, header: "playbook { guards = { require_approval = { amount = '1000 CNY' } } }"))
    #expect(report.result == ["done", "done", "held", "done"])
    #expect(report.status == .waiting(.approval))
    #expect(report.decision("3")?.kind == .waiting && report.decision("3")?.reason == "waits for a person's approval")
    #expect(stage.api.arguments(of: "taobao.refunds.cancel").map(\.refundID) == ["1", "2", "4"])
    #expect(report.outcomes.contains("taobao.refund:3 waiting"))
    #expect(try await stage.journal.effects(of: stage.id).count == 3, "no claim is held while an approval is pending")
  }

  @Test func writesAtOnceDoNotPassTheSameApprovalCount() async throws {
    let refunds = Refunds(["1": 1, "2": 1, "3": 1, "4": 1])
    let stage = Stage(api: refunds.api)
    let report = try await stage.play(
      """
      playbook { guards = { require_approval = { count = 2 } } }
      each({ "1", "2", "3", "4" }, { concurrency = 4 }, function(id)
        act(id, "x", taobao.refunds.cancel, id)
      end)
      """)
    #expect(report.status == .waiting(.approval))
    #expect(stage.api.count("taobao.refunds.cancel") == 2)
  }

  @Test func afterSoManyWritesAPersonIsAsked() async throws {
    let refunds = Refunds(["1": 1, "2": 1, "3": 1])
    let report = try await Stage(api: refunds.api).play(
      Self.acting(3, header: "playbook { guards = { require_approval = { count = 1 } } }"))
    #expect(report.result == ["done", "held", "held"])
  }

  @Test func afterSoManyFailuresInARowTheRestIsKept() async throws {
    let refunds = Refunds(
      Dictionary(uniqueKeysWithValues: (1...8).map { ("\($0)", 1) }),
      answering: { ["1", "3", "4", "5"].contains($0) ? .refusal() : nil })
    let stage = Stage(api: refunds.api)
    let report = try await stage.play(Self.acting(8, header: "playbook { guards = { stop_after = 3 } }"))
    #expect(report.result == ["rejected", "done", "rejected", "rejected", "rejected"])
    #expect(report.lines.suffix(3) == (6...8).map { "\($0) kept stopped after 3 failures in a row" })
    #expect(stage.api.count("taobao.refunds.cancel") == 5)
  }

  @Test func stoppedAlsoWhereNothingLoopsOver() async throws {
    let refunds = Refunds(["1": 1, "2": 1], answering: { $0 == "1" ? .refusal() : nil })
    let stage = Stage(api: refunds.api)
    let report = try await stage.play(
      """
      playbook { guards = { stop_after = 1 } }
      act("1", "stale", taobao.refunds.cancel, "1")
      local answer, code = act("2", "stale", taobao.refunds.cancel, "2")
      return { answer == nil, code }
      """)
    #expect(report.result == [true, "stopped"] && stage.api.count("taobao.refunds.cancel") == 1)
    #expect(report.lines.last == "2 kept stopped after 1 failures in a row")
  }

  @Test func configurationTightensTheHeader() async throws {
    let refunds = Refunds(["1": 1, "2": 1])
    var stage = Stage(api: refunds.api)
    stage.guards = try Guards(parsing: ["max_writes": ["run": 1]])
    let report = try await stage.play(Self.acting(2, header: "playbook { guards = { max_writes = { run = 9 } } }"))
    #expect(report.status == .waiting(.budget) && stage.api.count("taobao.refunds.cancel") == 1)
  }

  // MARK: Doubt

  @Test func aDoubtfulWriteThatIsReadBackAsDoneIsConfirmed() async throws {
    let refunds = Refunds(["1": 1], takesEffect: true, answering: { _ in .doubt })
    let stage = Stage(api: refunds.api)
    let report = try await stage.play(Self.acting(1))
    #expect(report.result == ["done"] && report.status == .succeeded)
    #expect(report.outcomes == ["taobao.refund:1 confirmed"])
    #expect(stage.api.count("taobao.refunds.cancel") == 1, "sent once")
    #expect(stage.api.count("taobao.refunds.get") == 2, "once for its amount, once to settle it")
  }

  @Test func aWriteThatStaysInDoubtWaitsForAPersonAndIsNeverSentAgain() async throws {
    let refunds = Refunds(["1": 1, "2": 1], leaves: "30", answering: { $0 == "1" ? .doubt : nil })
    let stage = Stage(api: refunds.api)
    let report = try await stage.play(
      """
      local function cancel(id)
        local answer, code = act(id, "stale", taobao.refunds.cancel, id)
        return answer and "done" or code
      end
      return { cancel "1", cancel "1", cancel "2" }
      """)
    #expect(report.result == ["in_doubt", "claimed", "done"])
    #expect(report.status == .waiting(.settlement))
    #expect(stage.api.arguments(of: "taobao.refunds.cancel").map(\.refundID) == ["1", "2"])
    #expect(
      report.lines == [
        "1 waiting in doubt: it may have taken place", "1 kept another write on it is not settled", "2 done stale",
      ])
    #expect(report.outcomes == ["taobao.refund:1 unknown", "taobao.refund:2 confirmed"])
  }

  @Test func theNextRunMeetsTheClaim() async throws {
    let refunds = Refunds(["1": 1], leaves: "30", answering: { _ in .doubt })
    var stage = Stage(api: refunds.api)
    _ = try await stage.play(Self.acting(1))
    stage.id = "run-2"
    let report = try await stage.play(Self.acting(1))
    #expect(report.result == ["claimed"] && report.status == .succeeded)
    #expect(report.decision("1")?.detail?.contains("run run-1") == true)
    #expect(stage.api.count("taobao.refunds.cancel") == 1)
  }

  @Test func aFreshReadOfTheScriptIsNotRepeated() async throws {
    let refunds = Refunds(["1": 1, "2": 1])
    let stage = Stage(api: refunds.api)
    _ = try await stage.play("taobao.refunds.get('1') act('1', 'x', taobao.refunds.cancel, '1')")
    #expect(stage.api.count("taobao.refunds.get") == 1)
    _ = try await Stage(api: stage.api, id: "run-2").play(
      "taobao.refunds.get('2') sleep('61s') act('2', 'x', taobao.refunds.cancel, '2')")
    #expect(stage.api.count("taobao.refunds.get") == 3, "an answer over a minute old does not count")
  }

  @Test func anIntentIsRecordedBeforeTheWriteLeaves() async throws {
    let journal = MemoryJournal()
    let seen = Recorder<[EffectState]>()
    let api = ScriptedAPI(
      read: { _ in .answer(.refund("1")) },
      write: { _ in
        seen.append(((try? await journal.effects(of: "run-1")) ?? []).map(\.state))
        return .answer(["cancelSuccess": true])
      })
    var stage = Stage(api: api)
    stage.journal = journal
    _ = try await stage.play("taobao.refunds.cancel('1')")
    #expect(seen.all == [[.intended]])
  }
}

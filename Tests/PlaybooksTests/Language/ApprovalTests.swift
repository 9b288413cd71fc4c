import Catalogue
import JSON
import Journal
import PandaPon
import Synchronization
import Testing

@testable import Playbooks

/// Writes that a person is asked about, from the question to the write.
@Suite struct ApprovalTests {
  static let header = "playbook { guards = { require_approval = { amount = '10 CNY' } } }"

  /// Cancels 1 and 2, of which the second needs approval.
  static func stage(_ refunds: Refunds = Refunds(["1": 100, "2": 5000, "3": 100])) -> (Stage, MemoryJournal, Refunds) {
    let journal = MemoryJournal()
    var stage = Stage(api: refunds.api)
    stage.journal = journal
    return (stage, journal, refunds)
  }

  static func asked(_ stage: Stage, _ journal: MemoryJournal) async throws -> RunReport {
    let report = try await stage.play(DecisionTests.acting(3, header: header))
    #expect(report.result == ["done", "held", "done"] && report.status == .waiting(.approval))
    let decision = report.decision("2")
    #expect(decision?.kind == .waiting && decision?.detail == "waits for approval A1")
    #expect(decision?.reason == "waits for a person's approval" && decision?.amount?.minorUnits == 5000)
    #expect(report.ownWake == nil, "only a person can help")
    #expect(await journal.run(stage.id)?.wake == Stage.start + WritePolicy.defaultExpiry)
    let approvals = await journal.approvals(ApprovalFilter())
    #expect(approvals.map(\.state) == [.pending] && approvals[0].claims.map(\.resource) == ["taobao.refund:2"])
    return report
  }

  static func answer(
    _ id: String, _ journal: MemoryJournal, approve: Bool = true, why: String? = nil,
    at instant: Milliseconds = Stage.start
  ) async throws {
    var filter = ApprovalFilter()
    filter.id = id
    let asked = try #require(await journal.approvals(filter).first)
    let outcome = await journal.decide(
      id, showing: asked.digest, approve: approve, Signature(by: "li", why: why, at: instant))
    guard case .decided = outcome else { return unexpected(outcome) }
  }

  static func resume(_ stage: Stage) async throws -> RunReport {
    try #require(try await RunAdvance.resume(stage.id, guards: stage.guards, in: stage.surroundings).report)
  }

  @Test func whatIsApprovedIsCarriedOutBesideTheScript() async throws {
    let (stage, journal, refunds) = Self.stage()
    _ = try await Self.asked(stage, journal)
    #expect(refunds.status("2") == "10")
    try await Self.answer("A1", journal)
    let report = try await Self.resume(stage)
    #expect(report.status == .succeeded && report.result == ["done", "held", "done"])
    #expect(report.lines == ["1 done stale", "2 done stale", "3 done stale"])
    #expect(refunds.status("2") == "-20" && stage.api.count("taobao.refunds.cancel") == 3)
    #expect(try await RunAdvance.resume(stage.id, in: stage.surroundings).report == nil, "it is over")
  }

  @Test func anUnansweredQuestionIsNotAskedAgain() async throws {
    let (stage, journal, _) = Self.stage()
    _ = try await Self.asked(stage, journal)
    let reads = stage.api.calls.count
    let report = try await Self.resume(stage)
    #expect(report.status == .waiting(.approval) && report.decision("2")?.detail == "waits for approval A1")
    #expect(await journal.approvals(ApprovalFilter()).count == 1)
    #expect(stage.api.calls.count == reads, "nothing is read meanwhile")
  }

  @Test func whatChangedSinceIsAskedAnew() async throws {
    let fee = Mutex<Int64>(5000)
    let sent = Recorder<String>()
    let api = ScriptedAPI(
      read: { call in .answer(.refund(call.arguments.refundID, fee: fee.withLock(\.self))) },
      write: { call in
        sent.append(call.arguments.refundID)
        return .answer(["cancelSuccess": true])
      })
    let journal = MemoryJournal()
    var stage = Stage(api: api)
    stage.journal = journal
    let first = try await stage.play(DecisionTests.acting(1, header: Self.header))
    #expect(first.status == .waiting(.approval))
    try await Self.answer("A1", journal)
    fee.withLock { $0 = 5001 }
    let second = try await Self.resume(stage)
    #expect(second.status == .waiting(.approval) && sent.all.isEmpty)
    #expect(second.decision("1")?.detail == "waits for approval A2")
    #expect(await journal.history(of: stage.id)?.approvals.map(\.state) == [.superseded, .pending])
    try await Self.answer("A2", journal)
    let third = try await Self.resume(stage)
    #expect(third.status == .succeeded && sent.all == ["1"])
  }

  @Test func whatIsRejectedEndsAsFailed() async throws {
    let (stage, journal, refunds) = Self.stage()
    _ = try await Self.asked(stage, journal)
    try await Self.answer("A1", journal, approve: false, why: "the goods are on their way")
    let report = try await Self.resume(stage)
    #expect(report.status == .failed && report.isTurnedDown)
    #expect(report.decision("2")?.detail == "A1 was rejected by li: the goods are on their way")
    #expect(report.decision("2")?.reason == "a person rejected it" && refunds.status("2") == "10")
  }

  @Test func nobodyAnswersInTime() async throws {
    let (stage, journal, refunds) = Self.stage()
    _ = try await Self.asked(stage, journal)
    stage.clock.advance(by: WritePolicy.defaultExpiry - 1001)
    #expect(try await Self.resume(stage).status == .waiting(.approval))
    stage.clock.advance(by: 1001)
    let report = try await Self.resume(stage)
    #expect(report.status == .failed && report.isTurnedDown && refunds.status("2") == "10")
    #expect(report.decision("2")?.reason == "nobody approved it in time")
    #expect(await journal.approvals(ApprovalFilter()).map(\.state) == [.expired])
  }

  @Test func aFailureBesideIsNoMereRefusal() async throws {
    let (stage, journal, _) = Self.stage(
      Refunds(["1": 100, "2": 5000, "3": 1], answering: { $0 == "1" ? .refusal() : nil }))
    _ = try await stage.play(DecisionTests.acting(3, header: Self.header))
    try await Self.answer("A1", journal, approve: false)
    let report = try await Self.resume(stage)
    #expect(report.status == .failed && !report.isTurnedDown)
  }

  @Test func anotherRunLeavesAloneWhatIsAskedAbout() async throws {
    var (stage, journal, refunds) = Self.stage()
    _ = try await Self.asked(stage, journal)
    stage.id = "run-2"
    let report = try await stage.play("return { act('2', 'x', taobao.refunds.cancel, '2') == nil }")
    #expect(report.result == [true] && report.status == .succeeded && refunds.status("2") == "10")
    #expect(report.decision("2")?.kind == .kept)
    #expect(report.decision("2")?.detail == "it waits for approval A1 of run run-1")
  }

  @Test func aHoldStopsAlsoWhatWasApproved() async throws {
    let (stage, journal, refunds) = Self.stage()
    _ = try await Self.asked(stage, journal)
    try await Self.answer("A1", journal)
    await journal.hold(Hold(subject: "2", profile: nil, why: "the buyer called", by: "wang", since: Stage.start))
    let report = try await Self.resume(stage)
    #expect(report.decision("2")?.kind == .kept && refunds.status("2") == "10")
    #expect(report.decision("2")?.detail == "wang holds 2: the buyer called")
  }

  @Test func whatIsApprovedStillHasToFitItsBudget() async throws {
    let (stage, journal, refunds) = Self.stage()
    let header = """
      playbook { guards = { require_approval = { amount = '10 CNY' }, max_amount = { run = '51.99 CNY' } } }
      """
    _ = try await stage.play(DecisionTests.acting(3, header: header))
    try await Self.answer("A1", journal)
    let report = try await Self.resume(stage)
    #expect(report.status == .waiting(.budget) && refunds.status("2") == "10")
    #expect(report.decision("2")?.kind == .waiting)
  }

  @Test func aDirectCallWaitsWithItsBranch() async throws {
    let (stage, journal, refunds) = Self.stage()
    let source = Self.header + " local data = taobao.refunds.cancel('2') return { data.cancelSuccess, now() }"
    let first = try await stage.play(source)
    #expect(first.status == .waiting(.approval) && first.result == nil && first.steps == 1)
    stage.clock.advance(by: 60_000)
    try await Self.answer("A1", journal)
    let report = try await Self.resume(stage)
    #expect(report.status == .succeeded && report.result == [true, .integer(Stage.start + 60_000)])
    #expect(refunds.status("2") == "-20")
  }

  @Test func aDirectCallThatIsRejectedRaises() async throws {
    let (stage, journal, _) = Self.stage()
    _ = try await stage.play(
      Self.header + " local ok, e = pcall(taobao.refunds.cancel, '2') return { ok, e.code, e.message, e.effect }")
    try await Self.answer("A1", journal, approve: false)
    let report = try await Self.resume(stage)
    #expect(report.result == [false, "held", "A1 was rejected by li", "rejected"])
  }

  // MARK: approve{…}

  static let asking = """
    local yes = approve { title = "Refund the lot?", items = { { id = 1, sum = "5 CNY" } }, expires = "2h" }
    return { yes, now() }
    """

  @Test func approveWaitsForAYes() async throws {
    let (stage, journal, _) = Self.stage()
    let first = try await stage.play(Self.asking)
    #expect(first.status == .waiting(.approval))
    #expect(await journal.run(stage.id)?.wake == Stage.start + 7_200_000)
    let question = try #require(await journal.approvals(ApprovalFilter()).first)
    #expect(question.title == "Refund the lot?" && question.items == [["id": 1, "sum": "5 CNY"]])
    #expect(question.digest == ApprovalRequest.digest(title: question.title, items: question.items))
    #expect(try await Self.resume(stage).status == .waiting(.approval))
    stage.clock.advance(by: 1000)
    try await Self.answer("A1", journal, at: Stage.start + 1000)
    let report = try await Self.resume(stage)
    #expect(report.status == .succeeded && report.result == [true, .integer(Stage.start + 1000)])
    #expect(await journal.approvals(ApprovalFilter()).count == 1)
  }

  @Test(arguments: [false, true])
  func approveRaisesWhereNobodySaysYes(_ isExpired: Bool) async throws {
    let (stage, journal, _) = Self.stage()
    _ = try await stage.play(Self.asking)
    if isExpired {
      stage.clock.advance(by: 7_200_000)
    } else {
      try await Self.answer("A1", journal, approve: false, why: "no")
    }
    let report = try await Self.resume(stage)
    #expect(report.status == .failed && report.failure?.code == .held && report.isTurnedDown)
    #expect(report.failure?.message == (isExpired ? "nobody answered A1 in time" : "A1 was rejected by li: no"))
  }

  @Test func branchesAskAtOnce() async throws {
    let (stage, journal, _) = Self.stage()
    let source = """
      local function ask(title) return function() return approve { title = title } end end
      local a, b = parallel { ask "a", ask "b" }
      return { a, b }
      """
    let first = try await stage.play(source)
    #expect(first.status == .waiting(.approval))
    #expect(await journal.history(of: stage.id)?.approvals.map(\.title).sorted() == ["a", "b"])
    try await Self.answer("A2", journal)
    #expect(try await Self.resume(stage).status == .waiting(.approval))
    try await Self.answer("A1", journal)
    #expect(try await Self.resume(stage).result == [true, true])
  }

  @Test(
    arguments: [
      ("approve 'x'", "approve: argument 1 must be a table, not string"),
      ("approve {}", "approve: title must be a text that says what is asked"),
      ("approve { title = 'x', expires = 'soon' }", "\"soon\" is no duration"),
      ("approve { title = 'x', items = 5 }", "approve: items must be a list of what is shown"),
      ("approve { title = 'x', item = {} }", "approve: item is not known"),
    ])
  func approveSaysWhatIsWrong(_ source: String, _ message: String) async throws {
    let failure = try await Stage().failure(source)
    #expect(failure.message.contains(message), "\(failure.message)")
  }
}

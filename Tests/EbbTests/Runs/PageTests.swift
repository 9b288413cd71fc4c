import Catalogue
import Foundation
import JSON
import Journal
import Playbooks
import Testing

@testable import ebb

/// What is shown of runs and their writes.
@Suite struct PageTests {
  private static let shanghai = LocalTime(TimeZone(identifier: "Asia/Shanghai") ?? .gmt)
  private static let terminal = Terminal(
    environment: ["NO_COLOR": "1"], output: true, error: true, input: false, columns: 80)

  private static func page(holder: Lease? = nil, last: Int? = nil) -> RunPage {
    RunPage(history: SampleRun.history, holder: holder, time: shanghai, last: last)
  }

  @Test func aRunIsShownStepByStep() {
    let text = Self.page().text(Self.terminal)
    #expect(text.contains("status      waiting: a write is in doubt, looked at again at 2026-11-23 15:51:00"))
    #expect(text.contains("    38  250ms ×2  ok"))
    #expect(text.contains("in doubt: taobao.refunds.cancel taobao.refund:110000235001"))
    #expect(text.contains("ebb effects show run-20261123-9f86d081:2"))
    #expect(text.hasSuffix("goes on with:\n  ebb runs resume run-20261123-9f86d081"))
    for line in text.split(separator: "\n") {
      #expect(TextWidth.columns(String(line)) <= 80, "\(line)")
    }
  }

  @Test func aRunIsADocument() {
    let document = Self.page().document
    #expect(document["status"] == "waiting")
    #expect(document["waiting_for"] == "settlement")
    #expect(document["wake"] == "2026-11-23T07:51:00.000Z")
    #expect(document["steps"]?.array?.count == 3)
    #expect(document["steps"]?[0]?["duration_ms"] == 250)
    #expect(document["steps"]?[0]?["attempts"] == 2)
    #expect(document["steps"]?[2]?["outcome"] == "raised")
    #expect(document["steps"]?[2]?["error"]?["code"] == "not_found")
    #expect(document["effects"]?[0]?["state"] == "unknown")
    #expect(document["effects"]?[0]?["amount"] == ["fen": 123_456, "currency": "CNY"])
    #expect(document["decisions"]?[0]?["step"] == "2")
  }

  @Test func onlyTheLastStepsAreShown() {
    let page = Self.page(last: 1)
    #expect(page.document["steps"]?.array?.count == 1)
    #expect(page.text(Self.terminal).contains("the last 1 of 3 steps"))
  }

  @Test func aHolderThatHasEndedIsCalledThat() throws {
    let own = "\(WorkerIdentity.current)".split(separator: "/")
    func lease(_ worker: String) -> Lease { Lease(run: SampleRun.id, worker: worker, epoch: 1, expires: 0) }
    let gone = Self.page(holder: lease("\(own[0])/\(own[1])/\(Int32.max)/1")).text(Self.terminal)
    #expect(gone.contains("process \(Int32.max) on \(own[0]), which has"))
    #expect(gone.contains("ebb runs resume"))
    let alive = Self.page(holder: lease("\(WorkerIdentity.current)")).text(Self.terminal)
    #expect(!alive.contains("ebb runs resume"))
  }

  @Test func logLinesHaveTheTimeOfTheStepBefore() {
    let lines = RunsLogsCommand.lines(of: SampleRun.history)
    #expect(lines.map(\.line.message) == ["late", "in a branch"])
    // The branch 3/1 has logged before its first step: its time is the run's start, no step around it being journaled.
    #expect(lines.map(\.instant) == [SampleRun.start + 250, SampleRun.start])
    #expect(lines[0].text(Self.shanghai, .plain) == "2026-11-23 15:50:00.250 warn  late n=2")
    #expect(lines[0].document["time"] == "2026-11-23T07:50:00.250Z")
  }

  @Test func aWriteInDoubtIsShownWithWhereToLook() throws {
    let catalogue = try Catalogue.forCommands()
    let page = EffectPage(
      effect: SampleRun.effect, run: SampleRun.record, step: SampleRun.history.steps[1],
      operation: catalogue["taobao.refunds.cancel"], time: Self.shanghai)
    let text = page.text(Self.terminal)
    for part in [
      "amount     1,234.56 CNY (forgone)", "state      unknown: sent; whether it took effect is not known",
      "  ebb call taobao.refunds.get refundId=110000235001 --profile shop1",
      "ebb effects settle run-20261123-9f86d081:2 --not-done",
      "playbook   cancel_stale_refunds, scripts/cancel_stale_refunds.lua:45",
    ] {
      #expect(text.contains(part), "\(part)\n\(text)")
    }
    #expect(page.document["look"]?[0] == "ebb call taobao.refunds.get refundId=110000235001 --profile shop1")
    #expect(page.document["arguments"] == ["refundId": "110000235001"])
  }

  @Test(
    arguments: [
      (0, "0ms"), (999, "999ms"), (1234, "1.2s"), (61_000, "1m01s"), (3_600_000, "1h00m"), (90_000_000, "1d01h"),
    ])
  func spans(_ milliseconds: Milliseconds, _ text: String) {
    #expect(LocalTime.span(milliseconds) == text)
  }
}

@Suite struct LookupTests {
  @Test(arguments: ["run-20261123-9f86d081", "9f86d081", "d081", "run-20261123-9f8"])
  func aRunIsFoundByItsEndOrBeginning(_ name: String) async throws {
    #expect(try await RunLookup(store: SampleRun.store()).run(name).id == SampleRun.id)
  }

  @Test(
    arguments: [
      ("run-20261123-9f86d082", "did you mean \"run-20261123-9f86d081\"?"), ("zz", "`ebb runs list` shows them"),
      ("", "`ebb runs list` shows them"),
    ])
  func anUnknownRunIsAnsweredWithTheNearest(_ name: String, _ hint: String) async throws {
    let lookup = RunLookup(store: try await SampleRun.store())
    let failure = await #expect(throws: CommandFailure.self) { try await lookup.run(name) }
    #expect(failure?.status == .usage)
    #expect(failure?.label == "unknown_run")
    #expect(failure?.hint == hint)
  }

  @Test(
    arguments: [
      ("nothing", "\"nothing\" names no effect"), ("9f86d081:0", "\"9f86d081:0\" names no effect"),
      ("9f86d081:3", "run-20261123-9f86d081 has no write at step 3"),
      ("9f86d081:1/1", "\"9f86d081:1/1\" names no effect"),
    ])
  func anUnknownEffectIsAnswered(_ name: String, _ message: String) async throws {
    let lookup = EffectLookup(store: try await SampleRun.store())
    let failure = await #expect(throws: CommandFailure.self) { try await lookup.effect(name) }
    #expect(failure?.message == message)
  }

  @Test func anEffectIsFound() async throws {
    let (effect, run) = try await EffectLookup(store: SampleRun.store()).effect("9f86d081:2")
    #expect(effect.state == .unknown)
    #expect(run.id == SampleRun.id)
  }
}

import JSON
import Journal
import PandaPon
import Testing

@testable import Playbooks

@Suite struct TallyTests {
  private static func decision(
    _ kind: Decision.Kind, _ reason: String = "r", fen: Int64? = nil, currency: String = "CNY"
  ) -> Decision {
    Decision(
      subject: "s", kind: kind, reason: reason,
      amount: fen.map { Charge(minorUnits: $0, currency: currency, direction: .forgone) }, step: StepPath([1]))
  }

  @Test func countsByKindAndReasonTheLargestFirst() {
    let tally = Tally([
      Self.decision(.kept, "b", fen: 1), Self.decision(.kept, "a"), Self.decision(.kept, "b", fen: 2),
      Self.decision(.done, "x", fen: 500), Self.decision(.failed, "y"), Self.decision(.kept, "c"),
      Self.decision(.handedOver, "z"), Self.decision(.waiting, "w"), Self.decision(.planned, "p"),
    ])
    #expect(
      tally.lines.map { "\($0.kind.rawValue) \($0.reason) \($0.count)" } == [
        "done x 1", "planned p 1", "kept b 2", "kept a 1", "kept c 1", "handed_over z 1", "waiting w 1", "failed y 1",
      ])
    #expect(tally.lines[2].amounts == [Money(minorUnits: 3)])
    #expect(tally.count(.kept) == 4 && tally.count(.done) == 1)
    #expect(
      tally.json == [
        "done": 1, "planned": 1, "kept": 4, "handed_over": 1, "waiting": 1, "failed": 1,
        "amount": ["fen": 500, "currency": "CNY"],
      ])
  }

  @Test func onlyWhatWasDoneIsSummedInTheEnd() {
    let tally = Tally([Self.decision(.done, fen: 1), Self.decision(.kept, fen: 100), Self.decision(.done)])
    #expect(tally.done == [Money(minorUnits: 1)])
  }

  @Test func currenciesAreSummedApart() {
    let tally = Tally([
      Self.decision(.done, fen: 1, currency: "USD"), Self.decision(.done, fen: 2), Self.decision(.done, fen: 3),
    ])
    #expect(tally.json["amount"] == [["fen": 5, "currency": "CNY"], ["fen": 1, "currency": "USD"]])
  }

  @Test func nothingIsZeroYuanAndNoSumOverflows() {
    #expect(Tally([]).json["amount"] == ["fen": 0, "currency": "CNY"])
    #expect(Tally([]).lines.isEmpty)
    let tally = Tally([Self.decision(.done, fen: .max), Self.decision(.done, fen: 1)])
    #expect(tally.done == [Money(minorUnits: .max)])
  }
}

@Suite struct RecentReadsTests {
  private func answer(_ text: String) -> Answer { Answer(data: .string(text)) }

  @Test func anAnswerIsFreshForAMinute() {
    var reads = RecentReads()
    reads.keep(answer("a"), of: "d", at: 1000)
    #expect(reads.answer(of: "d", at: 1000)?.data == "a")
    #expect(reads.answer(of: "d", at: 61_000)?.data == "a")
    #expect(reads.answer(of: "d", at: 61_001) == nil)
    #expect(reads.answer(of: "e", at: 1000) == nil)
  }

  @Test func theLatestAnswerHolds() {
    var reads = RecentReads()
    reads.keep(answer("a"), of: "d", at: 0)
    reads.keep(answer("b"), of: "d", at: 50_000)
    #expect(reads.answer(of: "d", at: 70_000)?.data == "b")
  }

  @Test func aWriteMakesAllOfThemOld() {
    var reads = RecentReads()
    reads.keep(answer("a"), of: "d", at: 0)
    reads.forget()
    #expect(reads.answer(of: "d", at: 0) == nil)
  }

  @Test func itDoesNotGrowForEver() {
    var reads = RecentReads()
    for number in 0..<600 { reads.keep(answer("\(number)"), of: "\(number)", at: 0) }
    #expect(reads.answer(of: "599", at: 0)?.data == "599")
    #expect((0..<600).count { reads.answer(of: "\($0)", at: 0) != nil } <= 512)
  }
}

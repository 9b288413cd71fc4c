import Journal
import Testing

@Suite struct MemoryJournalTests {
  @Test(arguments: JournalConformance.all)
  func conforms(_ conformance: JournalConformance) async throws {
    try await conformance.check(MemoryJournal())
  }

  @Test func changesEndWithTheJournal() async {
    var journal: MemoryJournal? = MemoryJournal()
    guard let stream = journal?.changes() else { return }
    journal = nil
    var seen = 0
    for await _ in stream { seen += 1 }
    #expect(seen == 0)
  }
}

@Suite struct EffectStateTests {
  @Test(arguments: EffectState.allCases, EffectState.allCases)
  func lifeCycle(_ from: EffectState, _ to: EffectState) {
    #expect(from.canBecome(to) == (EffectState.lifeCycle[from]?.contains(to) == true))
  }

  @Test(arguments: EffectState.allCases)
  func liveStates(_ state: EffectState) {
    #expect(state.isLive == [.intended, .accepted, .unknown, .disputed].contains(state))
    #expect(EffectState(rawValue: state.rawValue) == state)
  }

  @Test func claimsReadAsResources() {
    let claim = ClaimKey(profile: "shop", kind: "taobao.refund", id: "110000235001")
    #expect(claim.resource == "taobao.refund:110000235001" && claim.description == "shop taobao.refund:110000235001")
  }
}

@Suite struct StepPathTests {
  @Test func ordersAStepBeforeTheBranchesItOpened() {
    let paths: [StepPath] = ["", "1", "2", "2/1", "2/1/1", "2/1/2", "2/2/1", "2/10/1", "3", "10"]
    #expect(paths.reversed().sorted() == paths)
    #expect(paths.map(\.description) == ["", "1", "2", "2/1", "2/1/1", "2/1/2", "2/2/1", "2/10/1", "3", "10"])
  }

  @Test func growsByOrdinals() {
    #expect(StepPath().appending(5).appending(2) == "5/2")
  }
}

@Suite struct RunStatusTests {
  @Test(arguments: RunStatus.everyStatus)
  func names(_ status: RunStatus) {
    #expect(status.isFinal == [.succeeded, .failed, .cancelled, .diverged].contains(status))
    #expect(status.name == "\(status)".prefix { $0.isLetter })
  }
}

import JSON
import Journal
import Testing

extension JournalConformance {
  // MARK: Questions

  static let questions: [JournalConformance] = [
    .init("a question gets an id and is kept as it was asked") { (journal: any Store) async throws in
      let lease = try await journal.begin("a")
      let asked = try await journal.ask(.sample("1"), at: 7, under: lease)
      #expect(asked.run == "a" && asked.path == "1" && asked.asked == 7 && asked.expires == 100)
      #expect(asked.state == .pending && asked.digest == "d" && asked.items == [["operation": "x"]])
      #expect(try await journal.history(of: "a")?.approvals == [asked])
      let other = try await journal.ask(.sample("2", claims: []), at: 7, under: lease)
      #expect(other.id != asked.id)
    },
    .init("the same question again is the same, another one of the step takes its place") {
      (journal: any Store) async throws in
      let lease = try await journal.begin("a")
      let first = try await journal.ask(.sample("1"), under: lease)
      #expect(try await journal.ask(.sample("1"), under: lease) == first)
      let second = try await journal.ask(.sample("1", digest: "other"), under: lease)
      #expect(second.id != first.id)
      let states = try await journal.history(of: "a")?.approvals.map(\.state)
      #expect(states == [.superseded, .pending])
    },
    .init("what is asked about is left alone by every other step, until nobody can answer any more") {
      (journal: any Store) async throws in
      let one = try await journal.begin("a")
      let two = try await journal.begin("b")
      let asked = try await journal.ask(.sample("1"), under: one)
      let others: [(Entry, Lease)] = [
        (.intent(.sample("b", "1")), two), (Entry(.ask(.sample("1")), instant: 0), two),
        (.intent(.sample("a", "2")), one), (Entry(.ask(.sample("2")), instant: 0), one),
      ]
      for (entry, lease) in others {
        #expect(try await journal.commit([entry], under: lease) == [.awaiting(asked)])
      }
      let elsewhere = Entry.intent(.sample("b", "2", claims: ["s"]))
      #expect(try await journal.commit([elsewhere], under: two) == [.committed])
      let late = Entry(.intent(.sample("b", "1"), budgets: []), instant: 100)
      #expect(try await journal.commit([late], under: two) == [.committed])
    },
    .init("a write that needs a yes is not announced without it") { (journal: any Store) async throws in
      let lease = try await journal.begin("a")
      let asked = try await journal.ask(.sample("1"), under: lease)
      let named = Entry(.intent(.sample("a", "1"), budgets: [], approval: asked.id), instant: 1)
      #expect(try await journal.commit([named], under: lease) == [.unapproved(asked)])
      let unknown = Entry(.intent(.sample("a", "1"), budgets: [], approval: "A999"), instant: 1)
      #expect(try await journal.commit([unknown], under: lease) == [.unapproved(nil)])
      let elsewhere = Entry(.intent(.sample("a", "2", claims: []), budgets: [], approval: asked.id), instant: 1)
      #expect(try await journal.commit([elsewhere], under: lease) == [.unapproved(nil)])
    },
    .init("a question lapses when its time is over, and not before") { (journal: any Store) async throws in
      let lease = try await journal.begin("a")
      var asked = try await journal.ask(.sample("1"), under: lease)
      let early = Entry(.lapse(approval: asked.id), instant: 99)
      #expect(try await journal.commit([early], under: lease) == [.asked(asked)])
      let late = Entry(.lapse(approval: asked.id), instant: 100)
      asked.state = .expired
      #expect(try await journal.commit([late, late], under: lease) == [.asked(asked), .asked(asked)])
      #expect(try await journal.history(of: "a")?.approvals == [asked])
      let foreign = try await journal.begin("b")
      let outcomes = try await journal.commit([late], under: foreign)
      #expect(outcomes.map(\.isConflict) == [true])
    },
    .init("the end of a run ends what it asked") { (journal: any Store) async throws in
      for status in RunStatus.everyStatus {
        let lease = try await journal.begin(RunID("\(status)"))
        _ = try await journal.ask(.sample("1", claims: []), under: lease)
        _ = try await journal.commit([.status(status)], under: lease)
        let states = try await journal.history(of: lease.run)?.approvals.map(\.state)
        #expect(states == [status.isFinal ? .superseded : .pending], "\(status)")
      }
    },
  ]
}

extension ApprovalRequest {
  static func sample(_ path: StepPath, digest: String = "d", claims: [String] = ["r"]) -> ApprovalRequest {
    ApprovalRequest(
      path: path, title: "t", items: [["operation": "x"]], digest: digest, claims: claims.map(ClaimKey.sample),
      expires: 100)
  }
}

extension Journal {
  /// Asks, and answers the question as it is kept.
  func ask(_ request: ApprovalRequest, at instant: Milliseconds = 0, under lease: Lease) async throws -> Approval {
    let outcome = try await commit([Entry(.ask(request), instant: instant)], under: lease)[0]
    guard case .asked(let approval) = outcome else {
      Issue.record("\(outcome)")
      throw CancellationError()
    }
    return approval
  }
}

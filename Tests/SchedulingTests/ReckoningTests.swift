import Testing

@testable import Scheduling

@Suite struct ReckoningTests {
  private static let minute: Int64 = 60_000
  private static let hour: Int64 = 3_600_000

  /// The fates of occurrences so many minutes ago.
  private func fates(_ reckoning: Reckoning, minutesAgo: [Int64]) -> [Reckoning.Fate] {
    let due = minutesAgo.map { -$0 * Self.minute }
    let verdicts = reckoning.verdicts(on: due, at: 0, because: "ebb was not running")
    #expect(verdicts.map(\.instant) == due)
    return verdicts.map(\.fate)
  }

  @Test(arguments: Misfire.allCases)
  func whatIsNotLaterThanTheGraceRuns(_ misfire: Misfire) {
    #expect(fates(Reckoning(misfire: misfire), minutesAgo: [1, 0, -5]) == [.run, .run, .run])
  }

  @Test func noneMissesWhatIsLate() {
    let missed = Reckoning.Fate.missed("ebb was not running; misfire is none")
    #expect(fates(Reckoning(misfire: .none), minutesAgo: [2000, 2, 0]) == [missed, missed, .run])
  }

  @Test func lastRunsTheLatestOfTheLateAndCoalescesTheOthers() {
    let into = Reckoning.Fate.coalesced(into: -2 * Self.minute)
    #expect(fates(Reckoning(misfire: .last), minutesAgo: [60, 30, 2]) == [into, into, .run])
  }

  @Test func lastCoalescesIntoWhatIsOnTime() {
    let into = Reckoning.Fate.coalesced(into: 0)
    #expect(fates(Reckoning(misfire: .last), minutesAgo: [60, 30, 0, -1]) == [into, into, .run, .run])
  }

  @Test func beforeTheWindowIsMissed() {
    let reason = "ebb was not running; more than 1h ago, the window of misfire"
    var reckoning = Reckoning(misfire: .last, window: Self.hour)
    #expect(fates(reckoning, minutesAgo: [61, 60, 0]) == [.missed("\(reason) last"), .coalesced(into: 0), .run])
    #expect(fates(reckoning, minutesAgo: [90]) == [.missed("\(reason) last")])
    reckoning.misfire = .all
    #expect(fates(reckoning, minutesAgo: [61, 60]) == [.missed("\(reason) all"), .run])
  }

  @Test func allRunsTheNewestUpToTheCap() {
    let reckoning = Reckoning(misfire: .all, cap: 2)
    let missed = Reckoning.Fate.missed("ebb was not running; misfire all makes up for 2 at most")
    #expect(fates(reckoning, minutesAgo: [50, 40, 30, 20, 0]) == [missed, missed, .run, .run, .run])
  }

  @Test func whatIsNamedTwiceOrOutOfOrderIsOneOccurrence() {
    let verdicts = Reckoning(misfire: .all).verdicts(on: [5, 3, 5], at: 5, because: "")
    #expect(verdicts.map(\.instant) == [3, 5])
  }

  @Test func everyInstantIsAccountedForOnce() {
    var random = SeededRandom(seed: 7)
    for _ in 0..<3000 {
      let reckoning = Reckoning(
        misfire: Misfire.allCases.randomElement(using: &random) ?? .none, grace: .random(in: -5...40, using: &random),
        window: .random(in: -10...200, using: &random), cap: .random(in: -1...8, using: &random))
      let due = Set(
        (0..<Int.random(in: 0...20, using: &random)).map { _ in Int64.random(in: -300...50, using: &random) })
      let verdicts = reckoning.verdicts(on: due, at: 0, because: "down")
      #expect(verdicts.map(\.instant) == due.sorted())
      let runs = Set(verdicts.filter { $0.fate == .run }.map(\.instant))
      let late = due.filter { -$0 > max(0, reckoning.grace) }
      #expect(due.subtracting(late).isSubset(of: runs))
      let madeUp = runs.intersection(late)
      switch reckoning.misfire {
      case .none: #expect(madeUp.isEmpty)
      case .last: #expect(madeUp.count <= (late.count == due.count ? 1 : 0))
      case .all: #expect(madeUp.count == min(late.count { -$0 <= reckoning.window }, max(0, reckoning.cap)))
      }
      for verdict in verdicts {
        switch verdict.fate {
        case .run: break
        case .coalesced(let into): #expect(runs.contains(into) && into > verdict.instant)
        case .missed(let reason): #expect(reason.hasPrefix("down; "))
        }
        if verdict.fate != .run { #expect(late.contains(verdict.instant)) }
      }
    }
  }

  @Test func extremesAreAnswered() {
    for misfire in Misfire.allCases {
      let verdicts = Reckoning(misfire: misfire).verdicts(on: [.min, 0, .max], at: .max, because: "")
      #expect(verdicts.count == 3)
      #expect(Reckoning(misfire: misfire).verdicts(on: [.min, .max], at: .min, because: "").count == 2)
    }
  }
}

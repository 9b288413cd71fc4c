import Foundation
import JSON
import Journal
import Testing

@testable import Marketplace
@testable import Playbooks

/// The shipped backfill against random worlds in which callbacks and requests go wrong, and its process dies.
@Suite struct BackfillWorldTests {
  struct Trial: Sendable, CustomTestStringConvertible {
    let seed: UInt64
    let callbacks: String
    let requests: String
    let dies: Bool
    var faults: String { [callbacks, requests].filter { !$0.isEmpty }.joined(separator: ",") }
    var testDescription: String { "seed \(seed), \(faults.isEmpty ? "no faults" : faults)\(dies ? ", dies" : "")" }

    private static let callbackFaults = [
      "", "drop-callback:50%", "drop-callback", "drop-callback:30%,duplicate-callback:30%,reorder-callback=4m",
      "drop-callback:40%,delay=7m@*.events.*:50%", "delay=45m@*.events.*:30%,duplicate-callback=2:20%",
    ]
    private static let requestFaults = [
      "", "stale-list=20m", "flip-scalars,integer-ids", "duplicate-rows,long-ids", "rate-limit:0.05,truncate:0.02",
      "server-error@*.list:0.1,stale-list=10m", "server-error@*.get:0.1",
    ]

    /// 50 where nothing else is said, 1,000 before a release.
    static let all: [Trial] = (0..<(soak ? 1000 : 50)).map { seed in
      Trial(
        seed: UInt64(seed), callbacks: callbackFaults[seed % callbackFaults.count],
        requests: requestFaults[seed % requestFaults.count], dies: seed % 3 == 2)
    }

    private static let soak = ProcessInfo.processInfo.environment["EBB_SOAK"] != nil
  }

  @Test(arguments: Trial.all)
  func noChangeIsMissedAndNoneToldTwice(_ trial: Trial) async throws {
    let world = try BackfillWorld(seed: trial.seed, faults: trial.faults)
    var draws = SeededGenerator(seed: trial.seed, subject: "trial")
    try await world.live(for: 20 * Span.minute)
    var stock: Int64?
    var held: [BackfillWorld.Subject: JSON] = [:]
    var seen: [BackfillWorld.Subject: [Int64]] = [:]
    for number in 1...7 {
      let report = try await world.backfill(number, dyingAfter: trial.dies ? draws.draw(0...60) : nil)
      #expect(report.failure == nil, "\(String(describing: report.failure))")
      #expect(report.decisions.allSatisfy { $0.kind == .kept || $0.kind == .failed })
      // From then on nothing may be missed.
      if stock == nil, report.status == .succeeded { stock = world.clock.now() }
      let now = await world.held()
      for (subject, entry) in now {
        if let at = entry["at"]?.integer { seen[subject, default: []].append(at) }
        guard let before = held[subject]?["modified"]?.integer, let after = entry["modified"]?.integer else { continue }
        #expect(after >= before, "\(subject): what is held is never older than before")
      }
      held = now
      try await world.live(for: 30 * Span.minute)
    }
    await world.heal()
    try await world.deliver()
    try await world.dispatch()
    let began = world.clock.now()
    let last = try await world.backfill(8, parameters: ["grace": "0s", "full_every": "1m"])
    #expect(last.status == .succeeded, "\(last.decisions.filter { $0.kind == .failed })")

    let sights = await world.sights()
    let rings = await world.rings
    let taken = try #require(stock, "a run came to its end")
    // Of what changed before the last run began nothing is missed. Not promised: a change to a state of which a callback told
    // shortly before, where none told what came between. What has a time of change is told apart from what changed earlier
    // than `clock_skew` before it; Taobao's refunds, which have none, are told apart from what changed before they were last
    // seen.
    for (subject, sight) in sights where sight.since > taken && sight.since < began {
      let heard = rings.last { $0.subject == subject }.map { $0.at >= sight.since } == true
      if heard { continue }
      let known = subject.kind == "taobao.refund" ? seen[subject]?.last { $0 <= sight.since } ?? 0 : sight.since
      #expect(
        await world.isMasked(sight, of: subject, since: known - Self.skew),
        "\(subject) changed at \(sight.since), and nobody heard of it")
    }
    // One change rings once: by its callback, or by what the backfill raised. A change is what led to one state, or to a new
    // price, at one instant: of two at once a callback may tell one, and what is raised the other.
    let changes = Dictionary(grouping: rings, by: \.change)
    let raisedTwice = changes.filter { $0.value.count(where: \.isRaised) > 1 }
    #expect(raisedTwice.isEmpty, "\(raisedTwice.keys)")
    let heardTwice = changes.filter { $0.value.count > 1 && $0.value.contains(where: \.isRaised) }
    #expect(heardTwice.isEmpty, "\(heardTwice.keys)")
    if trial.callbacks.isEmpty, trial.requests.isEmpty {
      let born = await world.born
      #expect(rings.allSatisfy { !$0.isRaised || born.contains($0.subject.id) }, "all else was told")
    }
    // What is held of each is what the marketplace shows.
    let kept = await world.held()
    for (subject, sight) in sights where sight.since < began {
      if let entry = kept[subject] { #expect(entry["status"]?.string == sight.state, "\(subject)") }
    }

    // A second look at the same world finds nothing more.
    let count = await journalEvents(world)
    let again = try await world.backfill(9, parameters: ["grace": "0s", "full_every": "1m"])
    #expect(again.status == .succeeded && again.decisions.isEmpty, "\(again.lines)")
    #expect(await journalEvents(world) == count)
    let shop = world.shop
    #expect(shop.effects.isEmpty, "it wrote nothing")
  }

  /// The default of `clock_skew`.
  private static let skew: Int64 = 30_000

  private func journalEvents(_ world: BackfillWorld) async -> Int {
    await world.journal.events(
      {
        var filter = EventFilter()
        filter.limit = .max
        return filter
      }()
    ).count
  }

  @Test func aRunWithoutFaultsMissesAndRaisesWhatItShould() async throws {
    let world = try BackfillWorld(seed: 4, faults: "drop-callback")
    _ = try await world.backfill(1)
    #expect(await world.rings.isEmpty, "the first run takes stock")
    try await world.live(for: 90 * Span.minute)
    #expect(await world.rings.isEmpty)
    let report = try await world.backfill(2)
    #expect(report.status == .succeeded)
    let rings = await world.rings
    #expect(!rings.isEmpty && rings.allSatisfy(\.isRaised))
    #expect(Set(rings.map(\.subject.kind)).isSuperset(of: ["taobao.refund", "taobao.order", "alibaba.order"]))
    #expect(Set(rings.map(\.subject)).count == rings.count)
  }
}

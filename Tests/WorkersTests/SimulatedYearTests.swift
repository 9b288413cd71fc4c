import Foundation
import JSON
import Journal
import Playbooks
import Scheduling
import Synchronization
import Testing

@testable import Workers

/// A year of schedules in many zones, with restarts, pauses, edits, downtime and a clock that is set forward and back: what
/// the ledger says is held against all instants at which the timetables were due.
@Suite struct SimulatedYearTests {
  /// A clock that somebody sets.
  private final class SetClock: RunClock {
    private let instant: Mutex<Milliseconds>
    init(_ instant: Milliseconds) { self.instant = Mutex(instant) }
    func now() -> Milliseconds { instant.withLock(\.self) }
    func sleep(until instant: Milliseconds) async throws { self.instant.withLock { $0 = max($0, instant) } }
    func set(_ instant: Milliseconds) { self.instant.withLock { $0 = instant } }
  }

  private struct Draws: RandomNumberGenerator {
    var state: UInt64
    mutating func next() -> UInt64 {
      state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
      return state ^ (state >> 33)
    }
  }

  /// 2026, in UTC.
  private static let year: ClosedRange<Milliseconds> = 1_767_225_600_000...1_798_761_599_999
  private static let hour: Milliseconds = 3_600_000
  private static let key = ScheduleKey("s", profile: "shop")

  static let zones = [
    "Asia/Shanghai", "America/New_York", "Europe/Paris", "Australia/Lord_Howe", "America/St_Johns", "Africa/Casablanca",
    "Asia/Kathmandu", "Pacific/Chatham", "America/Sao_Paulo", "Europe/London", "Asia/Tehran", "America/Santiago",
    "Pacific/Auckland", "Africa/Cairo", "Asia/Gaza", "America/Havana", "Atlantic/Azores", "Europe/Chisinau",
    "America/Nuuk", "Asia/Beirut", "Antarctica/Troll", "America/Los_Angeles", "Asia/Kolkata", "Australia/Adelaide",
    "Pacific/Apia", "Europe/Moscow", "America/Asuncion", "Africa/Lagos", "Asia/Tokyo", "America/Caracas",
    "Pacific/Kiritimati", "Pacific/Marquesas", "Asia/Pyongyang", "Europe/Dublin", "America/Anchorage", "Indian/Cocos",
    "Africa/El_Aaiun", "America/Phoenix", "Australia/Eucla", "UTC",
  ]

  private static let terms: [JSONObject] = [
    ["cron": "*/30 * * * *"], ["cron": "30 1 * * *"], ["cron": "0,30 1,2,3 * * *"], ["every": "45m"],
    ["cron": "15 */2 * * *"], ["cron": "0 9 * * MON-FRI"], ["cron": "5 0-23 * * *"], ["every": "7h"],
    ["cron": "59 23 L * *"], ["every": "1h", "jitter": "10m"],
  ]

  private static func draw(_ zone: String, _ draws: inout Draws) -> JSON {
    var fields = terms[Int(draws.next() % UInt64(terms.count))]
    fields["zone"] = .string(zone)
    fields["misfire"] = .string(["none", "last", "all"][Int(draws.next() % 3)])
    fields["overlap"] = .string(["allow", "skip"][Int(draws.next() % 2)])
    return .object(fields)
  }

  /// How many years are gone through in each zone, about 1,100 occurrences each; `make soak` takes more.
  private static let rounds = ProcessInfo.processInfo.environment["EBB_SOAK"] == "1" ? 12 : 2

  @Test(arguments: zones, 0..<rounds)
  func everyOccurrenceHasOneRow(_ zone: String, _ round: Int) async throws {
    var draws = Draws(state: UInt64(zone.utf8.reduce(7 + round) { $0 &* 31 &+ Int($1) }.magnitude))
    let (store, shelf) = (MemoryJournal(), Shelf())
    let clock = SetClock(Self.year.lowerBound)
    func keeper() -> ScheduleKeeper {
      ScheduleKeeper(store, source: shelf, clock: clock, terms: { try? ScheduleTerms($0.terms, zone: "UTC") })
    }
    /// What was due while a schedule said something: until it said something else.
    var due: Set<Milliseconds> = []
    var current = Self.draw(zone, &draws)
    var from = Self.year.lowerBound
    let first = ScheduleRecord(key: Self.key, playbook: "p", origin: .added, terms: current, through: from)
    #expect(await store.put(first, replacing: nil, Signature(by: "ann", at: from)))
    func close(at through: Milliseconds) throws {
      due.formUnion(try ScheduleTerms(current, zone: "UTC").timetable.occurrences(after: from, through: through))
      from = max(from, through)
    }
    var present = keeper()
    var furthest = clock.now()
    while clock.now() < Self.year.upperBound {
      let next = await present.step() ?? Self.year.upperBound
      switch draws.next() % 300 {
      case 0: present = keeper()
      case 1: clock.set(clock.now() + Milliseconds(draws.next() % 72) * Self.hour)  // nobody is there
      case 2: clock.set(clock.now() - 1000 - Milliseconds(draws.next() % 72) * Self.hour)
      case 3:
        let isPaused = await store.schedules().first?.paused != nil
        _ = await store.pause(Self.key, !isPaused, Signature(by: "ann", at: clock.now()))
        await present.reload()
      case 4:
        await present.step()
        let known = try #require(await store.schedules().first)
        var changed = known
        changed.through = max(known.through, clock.now())
        try close(at: changed.through)
        current = Self.draw(zone, &draws)
        changed.terms = current
        #expect(await store.put(changed, replacing: known.revision, Signature(by: "ann", at: clock.now())))
        await present.reload()
      default: try await clock.sleep(until: min(next, Self.year.upperBound))
      }
      furthest = max(furthest, clock.now())
    }
    // One that is due within the last minutes may still wait for its own time.
    clock.set(furthest + Self.hour)
    await present.step()
    try close(at: try #require(await store.schedules().first).through)

    var filter = OccurrenceFilter()
    filter.limit = .max
    let rows = await store.occurrences(filter)
    #expect(Set(rows.map(\.instant)).count == rows.count)
    let missing = due.subtracting(rows.map(\.instant)).sorted()
    let tooMany = Set(rows.map(\.instant)).subtracting(due).sorted()
    #expect(missing.isEmpty && tooMany.isEmpty, "without a row: \(missing.prefix(3)); not due: \(tooMany.prefix(3))")
    #expect(rows.count >= 12)
    for row in rows {
      switch row.outcome {
      case .ran: #expect(await store.run(try #require(row.run))?.started == row.instant)
      case .coalesced: #expect(rows.contains { $0.instant == row.into && $0.outcome != .coalesced })
      case .skipped, .missed: #expect(row.reason?.isEmpty == false)
      }
    }
  }
}

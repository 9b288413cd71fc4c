import JSON
import Journal
import Playbooks
import Scheduling
import Testing

@testable import Workers

/// What was due while no service was there has its row before the schedule says something else (G12).
@Suite struct ArrearsTests {
  private let store = MemoryJournal()
  private static let key = ScheduleKey("s", profile: "shop")
  private static let minute: Milliseconds = 60_000

  private func arrears(at minute: Milliseconds) -> Arrears {
    Arrears(store, clock: VirtualClock(minute * Self.minute), terms: { try? ScheduleTerms($0.terms, zone: "GMT") })
  }

  private func put(_ terms: JSON) async {
    let schedule = ScheduleRecord(key: Self.key, playbook: "p", origin: .added, terms: terms, through: 0)
    #expect(await store.put(schedule, replacing: nil, Signature(by: "ann", at: 0)))
  }

  private func rows() async -> [String] {
    var filter = OccurrenceFilter()
    filter.limit = .max
    return await store.occurrences(filter).reversed()
      .map { "\($0.instant / Self.minute) \($0.outcome.rawValue): \($0.reason ?? "")" }
  }

  @Test func eachOccurrenceIsMissedAndNothingRuns() async throws {
    await put(["every": "15m"])
    let record = try await arrears(at: 50).settle(Self.key, because: "gone")
    #expect(record?.through == 45 * Self.minute)
    #expect(await rows() == ["15 missed: gone", "30 missed: gone", "45 missed: gone"])
    // Once: later ones are those since.
    try await arrears(at: 61).settle(Self.key, because: "later")
    #expect(await rows().suffix(1) == ["60 missed: later"])
    #expect(await store.due(before: .max).isEmpty)
  }

  @Test func whatWasDueDuringAPauseIsSkipped() async throws {
    await put(["every": "15m"])
    #expect(await store.pause(Self.key, true, Signature(by: "ann", at: 20 * Self.minute)))
    try await arrears(at: 50).settle(Self.key, because: "gone")
    #expect(
      await rows() == [
        "15 missed: gone", "30 skipped: the schedule was paused", "45 skipped: the schedule was paused",
      ])
  }

  @Test func manyAreWrittenInParts() async throws {
    await put(["every": "1s"])
    let record = try await arrears(at: 60).settle(Self.key, because: "gone")
    #expect(record?.through == 3_600_000)
    #expect(await rows().count == 3600)
  }

  @Test func aScheduleThatIsGoneOrUnreadableHasNone() async throws {
    #expect(try await arrears(at: 50).settle(Self.key, because: "gone") == nil)
    await put(["every": "never"])
    #expect(try await arrears(at: 50).settle(Self.key, because: "gone")?.through == 0)
    #expect(await rows().isEmpty)
  }
}

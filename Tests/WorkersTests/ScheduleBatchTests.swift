import Foundation
import GRDB
import JSON
import Playbooks
import Testing

@testable import Journal
@testable import Workers

/// What is due together shares a transaction of the store.
@Suite struct ScheduleBatchTests {
  private let folder = FileManager.default.temporaryDirectory.appending(path: "ebb-batch-\(UUID().uuidString)")
  private var path: String { folder.appending(path: "store.db").path(percentEncoded: false) }
  private static let minute: Milliseconds = 60_000

  private func store(schedules names: [String]) async throws -> SQLiteStore {
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    let store = try SQLiteStore(path: path)
    for name in names {
      let schedule = ScheduleRecord(
        key: ScheduleKey(name, profile: "shop"), playbook: name, origin: .added, terms: ["every": "15m"], through: 0)
      #expect(try await store.put(schedule, replacing: nil, Signature(by: "ann", at: 0)))
    }
    return store
  }

  private func keeper(_ store: SQLiteStore, _ clock: VirtualClock) -> ScheduleKeeper {
    ScheduleKeeper(store, source: Shelf(), clock: clock, terms: { try? ScheduleTerms($0.terms, zone: "GMT") })
  }

  private func ledger(_ store: SQLiteStore) async throws -> Set<String> {
    var filter = OccurrenceFilter()
    filter.limit = .max
    return Set(
      try await store.occurrences(filter).map { "\($0.schedule.name) \($0.instant / Self.minute) \($0.outcome)" })
  }

  @Test func manySchedulesOfOneInstantTakeOneTransaction() async throws {
    defer { try? FileManager.default.removeItem(at: folder) }
    let names = (0..<200).map { "s\($0)" }
    let store = try await store(schedules: names)
    let before = store.writer.transactions
    await keeper(store, VirtualClock(15 * Self.minute)).step()
    #expect(store.writer.transactions == before + 1)
    #expect(try await ledger(store) == Set(names.map { "\($0) 15 ran" }))
  }

  @Test func oneThatTheStoreCannotTakeKeepsNoOtherFromIt() async throws {
    defer { try? FileManager.default.removeItem(at: folder) }
    let store = try await store(schedules: ["a", "b", "c"])
    let other = try DatabaseQueue(path: path)
    try await other.write { database in
      try database.execute(
        sql: """
          CREATE TRIGGER refuse BEFORE INSERT ON occurrences
          WHEN NEW.schedule = (SELECT id FROM schedules WHERE name = 'b') BEGIN SELECT RAISE(ABORT, 'a test'); END
          """)
    }
    let clock = VirtualClock(15 * Self.minute)
    let keeper = keeper(store, clock)
    #expect(await keeper.step() == 15 * Self.minute + 1000)
    #expect(try await ledger(store) == ["a 15 ran", "c 15 ran"])
    try await other.write { try $0.execute(sql: "DROP TRIGGER refuse") }
    clock.advance(by: 1000)
    #expect(await keeper.step() == 30 * Self.minute)
    #expect(try await ledger(store) == ["a 15 ran", "b 15 ran", "c 15 ran"])
  }

  @Test func aLongDowntimeTakesAsManyTransactionsAsItNeeds() async throws {
    defer { try? FileManager.default.removeItem(at: folder) }
    let store = try await store(schedules: ["a"])
    await keeper(store, VirtualClock(2500 * 15 * Self.minute)).step()
    #expect(try await ledger(store).count == 2500)
    #expect(try await store.schedule(ScheduleKey("a", profile: "shop"))?.through == 2500 * 15 * Self.minute)
  }
}

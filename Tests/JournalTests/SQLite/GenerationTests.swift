import Foundation
import Testing

@testable import Journal

@Suite struct GenerationTests {
  let folder: StoreFolder

  init() throws { folder = try StoreFolder() }

  private func open<Value>(_ body: (SQLiteStore) async throws -> Value) async throws -> Value {
    let store = try SQLiteStore(path: folder.store)
    let value = try await body(store)
    try store.close()
    return value
  }

  /// Puts a file in the store's place, as one who restores does.
  private func restore(_ bytes: [UInt8]) throws {
    for name in ["store.db-wal", "store.db-shm"] { try? FileManager.default.removeItem(atPath: folder.file(name)) }
    try folder.write(bytes, "store.db")
  }

  /// A run that is unfinished, whose latest step is of that moment.
  private func leaveUnfinished(at instant: Milliseconds) async throws {
    try await open { (store: SQLiteStore) async throws in
      let lease = try await store.begin("a", at: instant, for: 10)
      _ = try await store.commit([.step("1", 1, instant: instant)], under: lease)
    }
  }

  @Test func aStoreThatWasNeverAwayIsNotInDoubt() async throws {
    for _ in 0..<3 { try await leaveUnfinished(at: 70) }
    try await open { (store: SQLiteStore) async throws in
      #expect(try await store.doubtSince() == nil)
      #expect(try await store.acquire("a", by: "two", at: 1000, for: 10)?.doubtSince == nil)
      #expect(try await store.statistics().generation == 4)
    }
    #expect(try String(decoding: folder.bytes("store.db.generation"), as: UTF8.self).hasSuffix(" 4\n"))
  }

  @Test func aStoreThatWasPutBackIsInDoubtUntilAllIsSettled() async throws {
    try await leaveUnfinished(at: 70)
    let copy = try folder.bytes("store.db")
    try await open { (store: SQLiteStore) async throws in
      let lease = try #require(try await store.acquire("a", by: "two", at: 1000, for: 10))
      _ = try await store.commit([.intent(.sample("a", "2")), .settle("2", .confirmed)], under: lease)
    }
    try restore(copy)
    try await open { (store: SQLiteStore) async throws in
      #expect(try await store.doubtSince() == 70)
      let lease = try #require(try await store.acquire("a", by: "two", at: 2000, for: 10))
      #expect(lease.doubtSince == 70)
      #expect(try await store.renew(lease, at: 2001, for: 10)?.lease.doubtSince == 70)
      #expect(try await store.holder(of: "a")?.doubtSince == 70)
      // A run that starts now is no surer of what was written.
      let fresh = try await store.start(
        .sample("fresh", started: 3000), requiring: [], heldBy: LeaseRequest(worker: "one", instant: 3000, length: 10))
      guard case .started(let given?) = fresh else {
        Issue.record("\(fresh)")
        return
      }
      #expect(given.doubtSince == 70)
      _ = try await store.commit([.intent(.sample("a", "2"))], under: lease)
      _ = try await store.commit([.status(.failed), .release], under: lease)
    }
    // The run is over, its effect is not settled; the run that came later does not count.
    try await open { (store: SQLiteStore) async throws in
      #expect(try await store.doubtSince() == 70)
      _ = try await store.settle("a", "2", as: .confirmed, .ann(4000))
    }
    try await open { (store: SQLiteStore) async throws in
      #expect(try await store.doubtSince() == nil)
      #expect(try await store.acquire("fresh", by: "two", at: 9000, for: 10)?.doubtSince == nil)
    }
  }

  @Test func aBackupThatIsRestoredIsInDoubtThoughTheStoreWasNotOpenedSince() async throws {
    try await open { (store: SQLiteStore) async throws in
      let lease = try await store.begin("a", at: 10, for: 10)
      _ = try await store.commit([.step("1", 1, instant: 80)], under: lease)
      try await store.backup(to: folder.file("copy.db"))
      #expect(try await store.doubtSince() == nil)
      _ = try await store.commit([.step("2", 2, instant: 90)], under: lease)
    }
    try restore(try folder.bytes("copy.db"))
    try await open { (store: SQLiteStore) async throws in
      #expect(try await store.doubtSince() == 80)
      #expect(try await store.steps(of: "a").count == 1)
    }
  }

  @Test func aCopyThatIsMovedElsewhereIsInDoubt() async throws {
    try await leaveUnfinished(at: 70)
    try FileManager.default.createDirectory(atPath: folder.file("other"), withIntermediateDirectories: true)
    try folder.write(try folder.bytes("store.db"), "other/store.db")
    let store = try SQLiteStore(path: folder.file("other/store.db"))
    #expect(try await store.doubtSince() == 70)
  }

  @Test func aDoubtAboutNothingEndsAtOnce() async throws {
    try await open { (store: SQLiteStore) async throws in
      let lease = try await store.begin("a", at: 70, for: 10)
      _ = try await store.commit([.status(.succeeded)], under: lease)
    }
    try FileManager.default.removeItem(atPath: folder.file("store.db.generation"))
    try await open { (store: SQLiteStore) async throws in #expect(try await store.doubtSince() == nil) }
  }

  @Test(arguments: ["", "x", "x 1 2", "other 99", "x x\n"])
  func aMarkThatSaysNothingIsNone(_ text: String) async throws {
    try await leaveUnfinished(at: 70)
    try folder.write(Array(text.utf8), "store.db.generation")
    try await open { (store: SQLiteStore) async throws in #expect(try await store.doubtSince() == 70) }
  }

  @Test func twoRestoresKeepTheEarlierDoubt() async throws {
    try await leaveUnfinished(at: 70)
    let copy = try folder.bytes("store.db")
    try await open { _ in }
    try restore(copy)
    try await open { (store: SQLiteStore) async throws in
      let lease = try #require(try await store.acquire("a", by: "two", at: 1000, for: 10))
      _ = try await store.commit([.step("2", 2, instant: 500)], under: lease)
    }
    let second = try folder.bytes("store.db")
    try await open { _ in }
    try restore(second)
    try await open { (store: SQLiteStore) async throws in #expect(try await store.doubtSince() == 70) }
  }

  @Test func aPersonBeginsAndEndsADoubt() async throws {
    try await leaveUnfinished(at: 70)
    try await open { (store: SQLiteStore) async throws in
      try await store.doubt(since: 60, .ann(1))
      try await store.doubt(since: 65, .ann(2))
      #expect(try await store.doubtSince() == 60)
      #expect(try await store.acquire("a", by: "two", at: 1000, for: 10)?.doubtSince == 60)
      #expect(try await store.endDoubt(.ann(3)))
      #expect(try await store.endDoubt(.ann(4)) == false)
      #expect(try await store.doubtSince() == nil)
      #expect(
        try await store.audit(about: "store", limit: 10).map(\.action) == [
          "store.settled", "store.restored", "store.restored",
        ])
    }
  }

  @Test func manyWhoOpenAtOnceCauseNoDoubt() async throws {
    try await leaveUnfinished(at: 70)
    let path = folder.store
    for _ in 0..<5 {
      let doubts = try await withThrowingTaskGroup(of: Milliseconds?.self) { group in
        for _ in 0..<6 { group.addTask { try await SQLiteStore(path: path).doubtSince() } }
        return try await group.reduce(into: []) { $0.append($1) }
      }
      #expect(doubts == Array(repeating: nil, count: 6))
    }
    try await open { (store: SQLiteStore) async throws in #expect(try await store.statistics().generation == 32) }
  }
}

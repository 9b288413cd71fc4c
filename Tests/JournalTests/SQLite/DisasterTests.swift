import Foundation
import GRDB
import JSON
import Testing

@testable import Journal

@Suite struct DisasterTests {
  let folder: StoreFolder

  init() throws { folder = try StoreFolder() }

  private static func step(_ ordinal: Int, bytes: Int) -> Entry {
    let result = [UInt8](repeating: UInt8(ascii: "7"), count: bytes)
    return Entry(
      .step(
        Step(
          path: StepPath([ordinal]), name: "x", digest: "d", result: .returned([result]), sequence: ordinal, instant: 0)
      ),
      instant: 0)
  }

  /// What breaks no rule but that of versions, which these runs never kept.
  private func findings(_ store: SQLiteStore) async throws -> [StoreViolation] {
    try await store.check().filter { $0.rule != "versions" }
  }

  /// A process that dies leaves the file as it was and a log that ends anywhere: each end must open as some moment of the
  /// past, and what is lost is only what was after it.
  @Test func aLogCutAnywhereOpensAsSomeMomentOfThePast() async throws {
    var counts: [Int] = []
    var store: SQLiteStore? = try SQLiteStore(path: folder.store)
    let lease = try #require(try await store?.begin("a"))
    for ordinal in 1...40 {
      let effect = EffectRecord.sample("a", StepPath([ordinal, 1]), claims: ["r\(ordinal)"])
      _ = try await store?.commit(
        [.intent(effect), Self.step(ordinal, bytes: ordinal * 50), .settle(effect.path, .confirmed)], under: lease)
    }
    let (file, log) = (try folder.bytes("store.db"), try folder.bytes("store.db-wal"))
    store = nil
    for cut in stride(from: 0, through: log.count, by: 2_999) + [log.count] {
      let path = "cut-\(cut).db"
      try folder.write(file, path)
      try folder.write(Array(log.prefix(cut)), path + "-wal")
      let copy = try SQLiteStore(path: folder.file(path))
      let history = try await copy.history(of: "a")
      let steps = history?.steps.map(\.sequence) ?? []
      #expect(steps == Array(1..<(steps.count + 1)))
      #expect(history?.effects.count ?? 0 == steps.count)
      counts.append(steps.count)
      #expect(try await findings(copy).isEmpty, "cut at \(cut)")
    }
    #expect(counts == counts.sorted() && counts.first == 0 && counts.last == 40)
    #expect(Set(counts).count > 20)
  }

  @Test func aFullDiskFailsWhoWritesAndLosesNothingThatWasAcknowledged() async throws {
    var settings = SQLiteStore.Settings()
    settings.mostPages = 80
    var acknowledged = 0
    do {
      let store = try SQLiteStore(path: folder.store, settings: settings)
      let lease = try await store.begin("a")
      let error = await #expect(throws: JournalError.self) {
        for ordinal in 1...1000 {
          _ = try await store.commit([Self.step(ordinal, bytes: 3000)], under: lease)
          acknowledged = ordinal
        }
      }
      #expect(error?.label == "full" && error?.hint?.contains("ebb runs resume") == true)
      #expect(acknowledged > 5)
      // The store is still of use.
      #expect(try await store.steps(of: "a").count == acknowledged)
      #expect(try await store.renew(lease, at: 1, for: 10) != nil)
      try store.close()
    }
    let store = try SQLiteStore(path: folder.store)
    #expect(try await store.steps(of: "a").count == acknowledged)
    #expect(try await findings(store).isEmpty)
    let lease = try #require(try await store.acquire("a", by: "two", at: 1_000_000, for: 10))
    #expect(try await store.commit([Self.step(acknowledged + 1, bytes: 3000)], under: lease) == [.committed])
  }

  @Test func aFailedTransactionFailsAllWhoWereInIt() async throws {
    var settings = SQLiteStore.Settings()
    settings.mostPages = 80
    let store = try SQLiteStore(path: folder.store, settings: settings)
    let (small, large) = (try await store.begin("small"), try await store.begin("large"))
    let gate = DispatchSemaphore(value: 0)
    store.pool.asyncWriteWithoutTransaction { _ in gate.wait() }
    let first = Task { try await store.commit([Self.step(1, bytes: 10)], under: small) }
    let second = Task { try await store.commit([Self.step(1, bytes: 1_000_000)], under: large) }
    while store.writer.waiting < 2 { await Task.yield() }
    gate.signal()
    await #expect(throws: JournalError.self) { try await first.value }
    await #expect(throws: JournalError.self) { try await second.value }
    #expect(try await store.steps(of: "small").isEmpty)
    #expect(try await store.commit([Self.step(1, bytes: 10)], under: small) == [.committed])
  }

  @Test func aStoreThatMayOnlyBeReadSaysSo() async throws {
    let store = try SQLiteStore(path: folder.store)
    let lease = try await store.begin("a")
    try await store.pool.writeWithoutTransaction { try $0.execute(sql: "PRAGMA query_only = ON") }
    let error = await #expect(throws: JournalError.self) { try await store.commit([.step("1", 1)], under: lease) }
    #expect(error?.label == "read_only" && error?.isConfiguration == true)
    #expect(try await store.run("a") != nil)
  }

  @Test(.enabled(if: geteuid() != 0, "root may write everything"))
  func aFileThatMayOnlyBeReadSaysSo() async throws {
    do { _ = try await SQLiteStore(path: folder.store).begin("a") }
    try FileManager.default.setAttributes([.posixPermissions: 0o400], ofItemAtPath: folder.store)
    let error = #expect(throws: JournalError.self) { try SQLiteStore(path: folder.store) }
    #expect(error?.label == "read_only")
  }

  @Test func aDamagedPageIsFoundAndNamed() async throws {
    let page: Int
    do {
      let store = try SQLiteStore(path: folder.store)
      let lease = try await store.begin("a")
      for ordinal in 1...60 { _ = try await store.commit([Self.step(ordinal, bytes: 1500)], under: lease) }
      _ = try await store.begin("b")
      page = try await store.read { reader in
        try #require(
          try reader.connection.first(
            "SELECT pageno FROM dbstat WHERE name = 'steps' AND pagetype = 'leaf' ORDER BY pageno LIMIT 1 OFFSET 5"
          ) { Int($0.integer(0)) })
      }
      try store.close()
    }
    var bytes = try folder.bytes("store.db")
    for index in (page - 1) * 4096..<page * 4096 { bytes[index] = 0xA5 }
    try folder.write(bytes, "store.db")
    let store = try SQLiteStore(path: folder.store)
    let error = await #expect(throws: JournalError.self) { try await store.history(of: "a") }
    #expect(error?.label == "damaged" && error?.hint?.contains("ebb store backup") == true)
    #expect(try await store.history(of: "b") != nil)
    let rules = Set(try await store.check().map(\.rule))
    #expect(rules.contains("pages") && rules.contains("records"))
    await #expect(throws: JournalError.self) { try await store.backup(to: folder.file("copy.db")) }
    #expect(try !folder.names().contains { $0.hasPrefix("copy") })
  }

  @Test func aFileThatEndsTooEarlyIsDamaged() async throws {
    do {
      let store = try SQLiteStore(path: folder.store)
      let lease = try await store.begin("a")
      for ordinal in 1...60 { _ = try await store.commit([Self.step(ordinal, bytes: 1500)], under: lease) }
      try store.close()
    }
    let bytes = try folder.bytes("store.db")
    try folder.write(Array(bytes.prefix(bytes.count / 2)), "store.db")
    let error = await #expect(throws: JournalError.self) {
      let store = try SQLiteStore(path: folder.store)
      _ = try await store.history(of: "a")
      throw JournalError.damaged(try await store.check().first?.detail ?? "nothing was found")
    }
    #expect(error?.label == "damaged" && error?.description != "nothing was found")
  }

  @Test func aClockThatGoesBackLosesNothing() async throws {
    let store = try SQLiteStore(path: folder.store)
    let lease = try await store.begin("a", at: 1_000_000, for: 1000)
    _ = try await store.commit([.step("1", 1, instant: 1_000_000), .step("2", 2, instant: 400)], under: lease)
    #expect(try await store.steps(of: "a").map(\.instant) == [1_000_000, 400])
    // Nobody takes the run while the clock is behind, but for whoever knows that its holder is dead.
    #expect(try await store.acquire("a", by: "two", at: 400, for: 1000) == nil)
    let request = LeaseRequest(worker: "two", instant: 400, length: 1000)
    let next = try #require(try await store.acquire("a", request, displacing: "one"))
    #expect(next.expires == 1400 && next.epoch > lease.epoch)
    _ = try await store.commit([Entry(.status(.succeeded), instant: 500), .release], under: next)
    #expect(try await store.pruneDaily(at: 1_000_000_000_000) != nil)
    #expect(try await store.pruneDaily(at: 500) != nil)
    #expect(try await findings(store).isEmpty)
  }
}

import GRDB
import JSON
import Testing

@testable import Journal

/// A store that is sealed says so, and its marks only rise.
@Suite struct SealingTests {
  private let folder: StoreFolder

  init() throws { folder = try StoreFolder() }

  /// Payloads that are told from plain ones by their first byte.
  private struct Marked: PayloadCodec {
    func seal(_ bytes: [UInt8], at place: PayloadPlace) -> [UInt8] { [0x80] + bytes.map { $0 ^ 0x55 } }
    func open(_ bytes: [UInt8], at place: PayloadPlace) throws -> [UInt8] {
      guard bytes.first == 0x80 else { throw JournalError.locked("not sealed", hint: nil) }
      return bytes.dropFirst().map { $0 ^ 0x55 }
    }
  }

  @Test func aNewStoreSaysThatItIsSealed() async throws {
    #expect(SQLiteStore.sealing(ofStoreAt: folder.store) == nil)
    var settings = SQLiteStore.Settings()
    settings.codec = Marked()
    settings.sealsFromTheBeginning = true
    do { _ = try SQLiteStore(path: folder.store, settings: settings) }
    #expect(SQLiteStore.sealing(ofStoreAt: folder.store) == .fromTheBeginning)
    // What is opened later changes nothing of it.
    do { _ = try SQLiteStore(path: folder.store) }
    let store = try SQLiteStore(path: folder.store, settings: settings)
    #expect(SQLiteStore.sealing(ofStoreAt: folder.store) == .fromTheBeginning)
    #expect(try await !store.sealFromNowOn())
  }

  @Test func anOldStoreIsSealedFromNowOn() async throws {
    do { _ = try SQLiteStore(path: folder.store) }
    #expect(SQLiteStore.sealing(ofStoreAt: folder.store) == .plain)
    var settings = SQLiteStore.Settings()
    settings.sealsFromTheBeginning = true
    let store = try SQLiteStore(path: folder.store, settings: settings)
    #expect(SQLiteStore.sealing(ofStoreAt: folder.store) == .plain, "it was not, from the beginning")
    #expect(try await store.sealFromNowOn())
    #expect(try await !store.sealFromNowOn())
    #expect(SQLiteStore.sealing(ofStoreAt: folder.store) == .later)
  }

  @Test func marksOnlyRise() throws {
    #expect(!SQLiteStore.raise(marks: ["a": 1], ofStoreAt: folder.store), "there is no store to keep them")
    do { _ = try SQLiteStore(path: folder.store) }
    #expect(SQLiteStore.marks(["a", "b"], ofStoreAt: folder.store).isEmpty)
    #expect(SQLiteStore.raise(marks: ["a": 5, "b": 1], ofStoreAt: folder.store))
    #expect(SQLiteStore.raise(marks: ["a": 3, "b": 2], ofStoreAt: folder.store))
    // Also beside one that has it open.
    let store = try SQLiteStore(path: folder.store)
    #expect(SQLiteStore.marks(["a", "b"], ofStoreAt: store.path) == ["a": 5, "b": 2])
    #expect(SQLiteStore.raise(marks: ["a": 6], ofStoreAt: store.path))
    #expect(SQLiteStore.marks(["a"], ofStoreAt: store.path) == ["a": 6])
  }

  @Test func aFileOfOthersHasNone() throws {
    let path = folder.file("other.db")
    do {
      try DatabaseQueue(path: path).write {
        try $0.execute(sql: "CREATE TABLE meta (name TEXT PRIMARY KEY, value ANY)")
      }
    }
    #expect(SQLiteStore.sealing(ofStoreAt: path) == nil)
    #expect(!SQLiteStore.raise(marks: ["a": 1], ofStoreAt: path))
  }
}

import Foundation
import GRDB
import JSON
import Testing

@testable import Journal

@Suite struct OpeningTests {
  let folder: StoreFolder

  init() throws { folder = try StoreFolder() }

  // MARK: Files

  @Test func allFilesAreTheOwnersAlone() async throws {
    let store = try SQLiteStore(path: folder.file("inner/store.db"))
    _ = try await store.begin("a")
    #expect(try folder.permissions("inner") == 0o700)
    let names = try FileManager.default.contentsOfDirectory(atPath: folder.file("inner")).sorted()
    #expect(names == ["store.db", "store.db-shm", "store.db-wal", "store.db.generation"])
    for name in names { #expect(try folder.permissions("inner/" + name) == 0o600, "\(name)") }
  }

  @Test func whatOthersMayReadIsTakenFromThem() throws {
    do { _ = try SQLiteStore(path: folder.store) }
    try FileManager.default.setAttributes([.posixPermissions: 0o644], ofItemAtPath: folder.store)
    _ = try SQLiteStore(path: folder.store, for: .reading)
    #expect(try folder.permissions("store.db") == 0o600)
  }

  @Test func whatIsCommittedIsOnTheDisk() async throws {
    let store = try SQLiteStore(path: folder.store)
    let (synchronous, journal) = try await store.pool.writeWithoutTransaction { database in
      (try Int.fetchOne(database, sql: "PRAGMA synchronous"), try String.fetchOne(database, sql: "PRAGMA journal_mode"))
    }
    #expect(synchronous == 2 && journal == "wal")
  }

  @Test func readingNeedsAStoreAndRecordsNothing() async throws {
    let error = #expect(throws: JournalError.self) { try SQLiteStore(path: folder.store, for: .reading) }
    #expect(error?.label == "unavailable" && error?.hint?.contains("ebb run") == true)
    #expect(try folder.names().isEmpty)
    do { _ = try await SQLiteStore(path: folder.store).begin("a") }
    let mark = try folder.bytes("store.db.generation")
    let store = try SQLiteStore(path: folder.store, for: .reading)
    #expect(try await store.run("a") != nil)
    await #expect(throws: JournalError.readOnly("the store \(folder.store) was opened for reading")) {
      try await store.begin("b")
    }
    #expect(try folder.bytes("store.db.generation") == mark)
  }

  @Test func anEmptyFileBecomesAStore() async throws {
    try folder.write([], "store.db")
    let store = try SQLiteStore(path: folder.store)
    _ = try await store.begin("a")
    #expect(try await store.run("a") != nil)
  }

  // MARK: What is no store

  @Test func aFileThatIsNoDatabaseIsLeftAlone() throws {
    let text = Array(
      "a shopping list, not a database; long enough to have a header of one hundred bytes, or so it seems to be".utf8)
    for bytes in [text, Array(text.prefix(20)), Array("SQLite format 3\0".utf8)] {
      try folder.write(bytes, "store.db")
      let error = #expect(throws: JournalError.self) { try SQLiteStore(path: folder.store) }
      #expect(error?.label == "foreign")
      #expect(try folder.bytes("store.db") == bytes)
      #expect(try folder.names() == ["store.db"])
    }
  }

  @Test func aDatabaseOfAnotherProgramIsLeftAlone() throws {
    do {
      let queue = try DatabaseQueue(path: folder.store)
      try queue.write { try $0.execute(sql: "CREATE TABLE theirs (x)") }
      try queue.close()
    }
    let before = try folder.bytes("store.db")
    let error = #expect(throws: JournalError.self) { try SQLiteStore(path: folder.store) }
    #expect(error == .foreign("\(folder.store) is a database of another program"))
    #expect(try folder.bytes("store.db") == before)
  }

  @Test func aFolderIsNoStore() throws {
    let error = #expect(throws: JournalError.self) { try SQLiteStore(path: folder.path) }
    #expect(error?.label == "foreign")
  }

  // MARK: Schemas

  /// What a later Ebb might do.
  static let later =
    Migration.all + [
      Migration(version: 4, statements: "ALTER TABLE runs ADD COLUMN colour TEXT; CREATE TABLE later (x ANY) STRICT")
    ]

  @Test func aNewerSchemaIsRefusedAndNotTouched() async throws {
    var settings = SQLiteStore.Settings()
    settings.migrations = Self.later
    do { _ = try await SQLiteStore(path: folder.store, settings: settings).begin("a") }
    for purpose in [SQLiteStore.Purpose.reading, .writing] {
      let error = #expect(throws: JournalError.self) { try SQLiteStore(path: folder.store, for: purpose) }
      #expect(
        error
          == .newer("the store has schema 4, which a newer Ebb made; this one knows schemas up to 3"))
      #expect(error?.isConfiguration == true)
    }
    let names = try folder.names().filter { !$0.hasSuffix("-wal") && !$0.hasSuffix("-shm") }
    #expect(names == ["store.db", "store.db.generation"])
  }

  @Test func anOlderSchemaIsCopiedAsideAndBroughtForward() async throws {
    try loadFixture("store-v1")
    var settings = SQLiteStore.Settings()
    settings.migrations = Self.later
    settings.now = { 1_795_420_800_000 }
    let store = try SQLiteStore(path: folder.store, settings: settings)
    #expect(store.putAside == folder.store + ".v1-backup-2026-11-23")
    try await Self.checkFixture(store)
    #expect(try await store.check().isEmpty)
    #expect(try await store.statistics().schema == 4)
    // The copy is as it was, whole, and for its owner alone.
    #expect(try folder.permissions("store.db.v1-backup-2026-11-23") == 0o600)
    let copy = try DatabaseQueue(path: store.putAside ?? "")
    #expect(try copy.inDatabase { try Int.fetchOne($0, sql: "PRAGMA user_version") } == 1)
    try copy.close()
    // An Ebb in between brings it as far as it knows itself.
    let between = try SQLiteStore(path: store.putAside ?? "")
    #expect(try await between.statistics().schema == 3)
    try await Self.checkFixture(between)
  }

  @Test func aSecondCopyOfADayHasItsOwnName() throws {
    var settings = SQLiteStore.Settings()
    settings.migrations = Self.later
    settings.now = { 1_795_420_800_000 }
    try folder.write([1], "store.db.v1-backup-2026-11-23")
    try loadFixture("store-v1")
    let store = try SQLiteStore(path: folder.store, settings: settings)
    #expect(store.putAside == folder.store + ".v1-backup-2026-11-23-2")
    #expect(try folder.bytes("store.db.v1-backup-2026-11-23") == [1])
  }

  @Test func theNewestSchemaIsNotCopied() throws {
    do { #expect(try SQLiteStore(path: folder.store).putAside == nil) }
    #expect(try SQLiteStore(path: folder.store).putAside == nil)
  }

  @Test func twoWhoMigrateAtOnceDoItOnce() async throws {
    var settings = SQLiteStore.Settings()
    settings.migrations = Self.later
    let (path, given) = (folder.store, settings)
    try loadFixture("store-v1")
    let stores = try await withThrowingTaskGroup(of: SQLiteStore.self) { group in
      for _ in 0..<4 { group.addTask { try SQLiteStore(path: path, settings: given) } }
      return try await group.reduce(into: []) { $0.append($1) }
    }
    for store in stores { try await Self.checkFixture(store) }
    #expect(stores.compactMap(\.putAside).count == 1)
    #expect(try folder.names().filter { $0.contains("backup") }.count == 1)
  }

  /// SQLite keeps a lock on a store as long as it is open, lest another process takes its log away; a process loses its
  /// locks with the first descriptor that it closes.
  @Test func openingLeavesTheLocksOfOthers() async throws {
    let store = try SQLiteStore(path: folder.store)
    _ = try await store.begin("a")
    // Closing this one would do what is looked for here.
    let descriptor = open(folder.store, O_RDONLY | O_CLOEXEC)
    defer { close(descriptor) }
    #expect(isLocked(descriptor))
    #expect(try StoreFile(path: folder.store).prepare(creating: true) == false)
    #expect(isLocked(descriptor))
    _ = store
  }

  /// Whether someone else, this process included, holds a lock on the file of that descriptor.
  private func isLocked(_ descriptor: Int32) -> Bool {
    let ofOpenFile: Int32 = 36  // F_OFD_GETLK, which Glibc does not hand on
    var lock = flock(l_type: Int16(F_WRLCK), l_whence: Int16(SEEK_SET), l_start: 0, l_len: 0, l_pid: 0)
    return fcntl(descriptor, ofOpenFile, &lock) == 0 && lock.l_type != Int16(F_UNLCK)
  }

  /// A schema that was released is never changed: the fixture was made by the version it is named after.
  @Test func theFirstSchemaIsWhatItWas() throws {
    try loadFixture("store-v1")
    let fixture = try DatabaseQueue(path: folder.store)
    var settings = SQLiteStore.Settings()
    settings.migrations = [.version1]
    let fresh = try SQLiteStore(path: folder.file("fresh.db"), settings: settings)
    let query = "SELECT sql FROM sqlite_schema WHERE sql IS NOT NULL ORDER BY type, name"
    let old = try fixture.read { try String.fetchAll($0, sql: query) }
    #expect(try fresh.pool.read { try String.fetchAll($0, sql: query) } == old)
  }

  private func loadFixture(_ name: String) throws {
    let file = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "Fixtures/\(name).sql")
    var configuration = GRDB.Configuration()
    // The tables come in any order.
    configuration.foreignKeysEnabled = false
    let queue = try DatabaseQueue(path: folder.store, configuration: configuration)
    try queue.writeWithoutTransaction { try $0.execute(sql: try String(contentsOf: file, encoding: .utf8)) }
    try queue.close()
  }

  private static func checkFixture(_ store: SQLiteStore) async throws {
    let history = try #require(try await store.history(of: "run-old"))
    #expect(history.record.status == .waiting(.approval) && history.record.version == "v")
    #expect(history.steps.map(\.path) == ["1", "2/1"] && history.steps.last?.line == "p.lua:3")
    #expect(history.notes.count == 2 && history.approvals.map(\.id) == ["A1"])
    #expect(history.effects.map(\.state) == [.unknown])
    #expect(try await store.decisions(about: "77").map(\.decision.kind) == [.waiting])
    #expect(try await store.version("v")?.files.count == 1)
    #expect(try await store.holds(at: 0).map(\.subject) == ["78"])
  }
}

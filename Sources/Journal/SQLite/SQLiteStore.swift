internal import Foundation
internal import GRDB
internal import Synchronization

/// A store in one SQLite file (WAL, synchronous=FULL), for any number of processes at a time: all read whenever they
/// like, and write in short transactions. In each process all writes that wait are committed together.
///
/// Beside the file stand SQLite's own `-wal` and `-shm` and a small `.generation`, all for the owner alone.
public final class SQLiteStore: Sendable {
  /// What a store is opened for.
  public enum Purpose: Hashable, Sendable {
    /// Reading only: there must be a store, and nothing is recorded, not even that it was opened.
    case reading
    /// Everything; the store is made where there is none.
    case writing
  }

  /// How a store is kept; what is not said is as it should be.
  public struct Settings: Sendable {
    /// What payloads pass on their way to the file and back.
    public var codec: any PayloadCodec = PlainPayloads()
    /// Whether a store that is made now has all its payloads sealed, and says so: ``StoreSealing/fromTheBeginning``.
    public var sealsFromTheBeginning = false
    /// How long another process may hold up a write before it is given up as ``JournalError/busy(_:)``.
    public var patience: Duration = .seconds(10)
    /// How often other processes' changes are looked for while someone listens.
    public var lookout: Duration = .seconds(1)
    /// The present, where the store itself has to know it: the date of a copy that is put aside.
    public var now: @Sendable () -> Milliseconds = { Int64(Date().timeIntervalSince1970 * 1000) }
    /// The most pages that the file may have; nil for as many as the disk has. For tests of a full disk.
    var mostPages: Int?
    /// The schemas to bring the store through. For tests of migrations.
    var migrations = Migration.all

    /// As it should be.
    public init() {}
  }

  /// The store's file.
  public let path: String
  /// The copy that was put aside before the store was brought to this Ebb's schema, where that was done now.
  public let putAside: String?
  let pool: DatabasePool
  let writer: GroupWriter
  let feed: ChangeFeed
  let payloads: Payloads
  let words = Words()
  let generation: Generation
  private let purpose: Purpose

  var isForWriting: Bool { purpose == .writing }

  /// Opens the store in that file.
  ///
  /// - Throws: `newer`, `foreign`, `damaged` or `readOnly` where the file is the trouble; `unavailable` where it cannot be
  ///   opened, or there is none to read.
  public init(
    path: String, for purpose: Purpose = .writing, settings: Settings = Settings()
  ) throws(JournalError) {
    self.path = path
    self.purpose = purpose
    payloads = Payloads(codec: settings.codec)
    generation = Generation(ofStore: path)
    let isNew = try StoreFile(path: path).prepare(creating: purpose == .writing)
    do {
      (pool, putAside) = try Contention.outlast(settings.patience) {
        let pool = try DatabasePool(path: path, configuration: Self.configuration(settings))
        // GRDB asks for less: a commit that is not on the disk is no commit.
        try pool.writeWithoutTransaction { try $0.execute(sql: "PRAGMA synchronous = FULL") }
        return (pool, try SchemaMigrator(migrations: settings.migrations, now: settings.now()).migrate(pool))
      }
      if isNew { syncFolder(of: path) }
      let opening =
        purpose == .writing
        ? try generation.advance(
          DirectWriting(pool: pool, payloads: payloads, words: words),
          sealing: settings.sealsFromTheBeginning ? .fromTheBeginning : .plain) : 0
      let feed = ChangeFeed(pool, words: words, opening: opening, interval: settings.lookout)
      self.feed = feed
      writer = GroupWriter(pool, payloads: payloads, words: words, opening: opening, now: settings.now) { [weak feed] in
        feed?.announce($0)
      }
    } catch {
      throw JournalError(error)
    }
  }

  deinit { feed.finish() }

  /// Ends the use of the store: waits for what is under way, brings what is in the log into the file as far as nobody
  /// reads it, and ends the streams of changes. Without it the next one who opens the store does the same.
  public func close() throws(JournalError) {
    feed.finish()
    do {
      // GRDB closes readers last, which leaves the log as it is.
      if isForWriting {
        try pool.writeWithoutTransaction { database in
          _ = try Connection(database: database).first("PRAGMA wal_checkpoint(TRUNCATE)") { $0.integer(0) }
        }
      }
      try pool.close()
    } catch {
      throw JournalError(error)
    }
  }

  /// Has someone told how long each committed transaction took, from its begin to its being on the disk, and how many
  /// callers it served; in place of whoever was told before. Called on the writer's own queue: it is to be quick.
  public func observeCommits(_ observer: @escaping @Sendable (Duration, Int) -> Void) {
    writer.observer.withLock { $0 = observer }
  }

  private static func configuration(_ settings: Settings) -> GRDB.Configuration {
    var configuration = GRDB.Configuration()
    // References are what `ebb store check` looks at; SQLite would look at each row that is recorded.
    configuration.foreignKeysEnabled = false
    let pause = 1000
    let most = Int(settings.patience / .milliseconds(1))
    // A millisecond at a time: a busy store is free for moments only, which longer pauses would miss.
    configuration.busyMode = .callback { attempt in
      guard attempt < most else { return false }
      usleep(UInt32(pause))
      return true
    }
    configuration.label = "ebb.store"
    let pages = settings.mostPages
    configuration.prepareDatabase { database in
      try database.execute(
        sql: """
          PRAGMA trusted_schema = OFF; PRAGMA cell_size_check = ON; PRAGMA secure_delete = ON; PRAGMA cache_size = -8192;
          PRAGMA temp_store = MEMORY; PRAGMA wal_autocheckpoint = 4000; PRAGMA journal_size_limit = 67108864
          """)
      if let pages { try database.execute(sql: "PRAGMA max_page_count = \(pages)") }
    }
    return configuration
  }

  // MARK: Reading and writing

  /// Reads what is committed, at one moment; also where the caller's task is cancelled.
  nonisolated(nonsending) func read<Value: Sendable>(
    _ body: @escaping @Sendable (StoreReader) throws -> Value
  ) async throws(JournalError) -> Value {
    let (payloads, words) = (payloads, words)
    let result: Result<Value, JournalError> = await withCheckedContinuation { continuation in
      pool.asyncRead { database in
        do {
          let connection = Connection(database: try database.get())
          continuation.resume(
            returning: .success(try body(StoreReader(connection: connection, payloads: payloads, words: words))))
        } catch {
          continuation.resume(returning: .failure(JournalError(error)))
        }
      }
    }
    return try result.get()
  }

  /// Does something in the next transaction; returns when it is durable.
  nonisolated(nonsending) func write<Value: Sendable>(
    _ body: @escaping @Sendable (WriteTransaction) throws -> Value
  ) async throws(JournalError) -> Value {
    guard isForWriting else { throw .readOnly("the store \(path) was opened for reading") }
    return try await writer.perform(body)
  }
}

/// Transactions while the store is being opened, one by one.
struct DirectWriting: StoreWriting {
  let pool: DatabasePool
  let payloads: Payloads
  let words: Words

  func inImmediateTransaction<Value>(_ body: (WriteTransaction) throws -> Value) throws -> Value {
    try pool.writeWithoutTransaction { database in
      let transaction = WriteTransaction(database, payloads: payloads, words: words, opening: 0, now: { 0 })
      var result: Value?
      try database.inTransaction(.immediate) {
        result = try body(transaction)
        return .commit
      }
      words.learn(transaction.freshWords)
      guard let result else { throw JournalError.unavailable("a transaction gave no result") }
      return result
    }
  }
}

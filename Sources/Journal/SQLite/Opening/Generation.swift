internal import Foundation

/// Tells a store that was restored from a copy from one that was never away.
///
/// The store counts how often it was opened for writing or copied; a small file beside it holds the same number. The
/// store is counted first, so the file is never ahead, unless the store was put back to what it was: then what runs
/// wrote since is not in it, and must be looked for before anything is written.
struct Generation {
  /// Beside the store: its name with `.generation`.
  let path: String

  init(ofStore path: String) {
    self.path = path + ".generation"
  }

  /// What the file says.
  struct Mark: Equatable {
    let store: String
    let number: Int64
  }

  func read() -> Mark? {
    guard let text = try? String(contentsOfFile: path, encoding: .utf8) else { return nil }
    let words = text.split(whereSeparator: \.isWhitespace)
    guard words.count == 2, let number = Int64(words[1]) else { return nil }
    return Mark(store: String(words[0]), number: number)
  }

  /// Replaces the file as a whole.
  func write(_ mark: Mark) throws(JournalError) {
    let fresh = path + ".new"
    let descriptor = open(fresh, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0o600)
    guard descriptor >= 0 else { throw failure }
    defer { close(descriptor) }
    let text = "\(mark.store) \(mark.number)\n"
    let count = text.utf8.count
    guard Foundation.write(descriptor, text, count) == count, fsync(descriptor) == 0, rename(fresh, path) == 0 else {
      throw failure
    }
    syncFolder(of: path)
  }

  private var failure: JournalError {
    .unavailable("\(path) cannot be written: \(String(cString: strerror(errno)))")
  }

  /// Counts one more, and finds out whether the store was restored. The two transactions make sure that the file gets the
  /// newest number, whichever process writes it.
  ///
  /// - Parameter sealing: whether the payloads of a store that is new are sealed.
  /// - Returns: the number of this opening.
  func advance(_ pool: some StoreWriting, sealing: StoreSealing = .plain) throws -> Int64 {
    let number = try pool.inImmediateTransaction { transaction in
      if sealing != .plain, try knownIdentity(transaction) == nil {
        try transaction.setMeta(.sealed, .integer(sealing.rawValue))
      }
      let store = try identity(transaction)
      let known = try transaction.reader.meta(.generation) ?? 0
      if known > 0, let doubt = try wasRestored(Mark(store: store, number: known), transaction) {
        try transaction.setMeta(.restoredSince, .integer(doubt))
      }
      let ahead = read().flatMap { $0.store == store ? $0.number : nil } ?? 0
      let next = max(known, ahead) + 1
      try transaction.setMeta(.generation, .integer(next))
      try transaction.endDoubtWhereSettled()
      return next
    }
    try publish(pool)
    return number
  }

  /// Writes the store's present number to the file.
  func publish(_ pool: some StoreWriting) throws {
    try pool.inImmediateTransaction { transaction in
      try write(Mark(store: try identity(transaction), number: try transaction.reader.meta(.generation) ?? 0))
    }
  }

  private func identity(_ transaction: WriteTransaction) throws -> String {
    if let known = try knownIdentity(transaction) { return known }
    let fresh = UUID().uuidString.lowercased()
    try transaction.setMeta(.store, .text(fresh))
    return fresh
  }

  private func knownIdentity(_ transaction: WriteTransaction) throws -> String? {
    try transaction.connection.first("SELECT value FROM meta WHERE name = 'store'") { $0.text(0) }
  }

  /// The moment of the copy; nil where the store is what it was. A file that is missing or of another store means that
  /// the store was brought here.
  private func wasRestored(_ mark: Mark, _ transaction: WriteTransaction) throws -> Milliseconds? {
    if let file = read(), file.store == mark.store, file.number <= mark.number { return nil }
    // A doubt that was not settled before stays as old as it is.
    let known = try transaction.reader.meta(.restoredSince)
    let last = try transaction.latestInstant()
    return min(known ?? last, last)
  }
}

/// Whoever lets a piece of work have a transaction of its own.
protocol StoreWriting {
  func inImmediateTransaction<Value>(_ body: (WriteTransaction) throws -> Value) throws -> Value
}

extension WriteTransaction {
  /// When the last thing was recorded, by the clock of who recorded it; 0 in a store without runs.
  func latestInstant() throws -> Milliseconds {
    let newest = [
      "SELECT instant FROM steps ORDER BY id DESC LIMIT 1", "SELECT instant FROM notes ORDER BY id DESC LIMIT 1",
      "SELECT max(changed) FROM effects", "SELECT started FROM runs ORDER BY id DESC LIMIT 1",
      "SELECT max(ended) FROM runs", "SELECT instant FROM audit ORDER BY id DESC LIMIT 1",
    ]
    return try newest.compactMap { try connection.first($0) { $0.integerOrNil(0) } ?? nil }.max() ?? 0
  }

  /// Ends the doubt about a restored store once no run and no effect from before the copy is unfinished.
  ///
  /// - Returns: whether there was a doubt that ends.
  @discardableResult
  func endDoubtWhereSettled() throws -> Bool {
    guard let since = try reader.meta(.restoredSince) else { return false }
    let isUnfinished =
      try connection.exists(
        "SELECT 1 FROM runs INDEXED BY runs_live WHERE status < 4 AND started <= ?", .integer(since))
      || connection.exists("SELECT 1 FROM effects e WHERE \(StoreReader.isLive) AND intended <= ?", .integer(since))
    guard !isUnfinished else { return false }
    try endDoubt()
    return true
  }

  func endDoubt() throws {
    try connection.run("DELETE FROM meta WHERE name = ?", .text(MetaName.restoredSince.rawValue))
  }
}

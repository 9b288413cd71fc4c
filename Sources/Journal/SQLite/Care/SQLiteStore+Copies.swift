internal import Dispatch

extension SQLiteStore {
  /// Copies the store as it stands to a new file, for its owner alone, while others use it; the copy is proved before it
  /// gets its name. Restored later, it is known to be a copy.
  ///
  /// - Throws: ``JournalError/unavailable(_:hint:)`` where the file exists or cannot be made.
  public func backup(to file: String) async throws(JournalError) {
    guard isForWriting else { throw .readOnly("the store \(path) was opened for reading") }
    let (pool, payloads, words, generation) = (pool, payloads, words, generation)
    let result: Result<Void, JournalError> = await withCheckedContinuation { continuation in
      DispatchQueue.global().async {
        do {
          try StoreCopy(to: file).take(from: pool)
          // From here on the copy is older than the store.
          let direct = DirectWriting(pool: pool, payloads: payloads, words: words)
          try direct.inImmediateTransaction { transaction in
            let known = try transaction.reader.meta(.generation) ?? 0
            try transaction.setMeta(.generation, .integer(known + 1))
          }
          try generation.publish(direct)
          continuation.resume(returning: .success(()))
        } catch {
          continuation.resume(returning: .failure(JournalError(error)))
        }
      }
    }
    try result.get()
  }

  // MARK: Restored copies

  /// The moment of the copy that the store was restored from, until all that was unfinished then is settled.
  public func doubtSince() async throws(JournalError) -> Milliseconds? {
    try await read { try $0.meta(.restoredSince) }
  }

  /// Says that the store was restored from a copy of that moment where Ebb could not see it, such as with the whole
  /// folder: from now on every write is first looked for.
  public func doubt(since instant: Milliseconds, _ signature: Signature) async throws(JournalError) {
    try await write { transaction in
      let known = try transaction.reader.meta(.restoredSince)
      try transaction.setMeta(.restoredSince, .integer(min(known ?? instant, instant)))
      try transaction.note(.doubted(signature))
    }
  }

  /// Says that a person looked at what was written after the copy: writes are announced and sent as ever. False where
  /// there was no doubt.
  public func endDoubt(_ signature: Signature) async throws(JournalError) -> Bool {
    try await write { transaction in
      guard try transaction.reader.meta(.restoredSince) != nil else { return false }
      try transaction.endDoubt()
      try transaction.note(.settledStore(signature))
      return true
    }
  }
}

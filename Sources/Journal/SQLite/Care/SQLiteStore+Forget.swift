internal import GRDB

extension SQLiteStore {
  /// Erases what runs that are over recorded about the people of one order, refund or order line: addresses, names,
  /// phones, in steps, effects, questions, logs, reports, parameters, results and plans, in events and in what playbooks
  /// remember. What was decided about it is kept, with its reasons. Freed bytes are overwritten, in the log too; copies of
  /// the store are not touched.
  ///
  /// A run with erased values no longer replays as it went.
  public func forget(
    _ subject: String, where personal: some PersonalData, _ signature: Signature
  ) async throws(JournalError) -> ForgetOutcome {
    let unfinished = try await read { try Forgetting(subject, personal, $0).unfinishedRuns() }
    guard unfinished.isEmpty else { return .isUnfinished(unfinished) }
    let runs = try await read { try $0.connection.all("SELECT id FROM runs ORDER BY id") { $0.integer(0) } }
    var records = 0
    for run in runs {
      // Found by reading, so that runs which do not touch it cost no transaction.
      guard try await read({ try Forgetting(subject, personal, $0).touches(run) }) else { continue }
      records += try await write { transaction in
        try Forgetting(subject, personal, transaction.reader).erase(run, transaction)
      }
    }
    let events = try await read { try Forgetting(subject, personal, $0).touchedEvents() }
    let state = try await read { try Forgetting(subject, personal, $0).touchedState() }
    if !events.isEmpty || !state.isEmpty {
      records += try await write { transaction in
        let forgetting = Forgetting(subject, personal, transaction.reader)
        return try forgetting.eraseEvents(events) + forgetting.eraseState(state)
      }
    }
    records += try await write { transaction in
      let plans = try Forgetting(subject, personal, transaction.reader).erasePlans(transaction)
      try transaction.note(.forgotten(subject, signature))
      return plans
    }
    try await emptyLog()
    return .forgotten(records: records)
  }

  /// The log still has the pages as they were; others' reads may keep it for a while, and the next checkpoint empties it.
  private func emptyLog() async throws(JournalError) {
    let result: Result<Void, JournalError> = await withCheckedContinuation { continuation in
      pool.asyncWriteWithoutTransaction { database in
        do {
          _ = try Connection(database: database).first("PRAGMA wal_checkpoint(TRUNCATE)") { $0.integer(0) }
          continuation.resume(returning: .success(()))
        } catch {
          continuation.resume(returning: .failure(JournalError(error)))
        }
      }
    }
    try result.get()
  }
}

internal import GRDB
internal import Synchronization

/// The one writer of a process: all that is asked for while a commit is on its way is in the next one, so that many runs
/// share the wait for the disk.
final class GroupWriter: Sendable {
  /// What one caller wants.
  private struct Job: Sendable {
    /// Does it, and answers how to tell the caller once it is durable.
    let run: @Sendable (WriteTransaction) throws -> @Sendable () -> Void
    /// Tells the caller that nothing of it was done.
    let fail: @Sendable (JournalError) -> Void
  }

  private struct Queue {
    var jobs: [Job] = []
    var isDraining = false
    var transactions = 0
  }

  /// A transaction holds up other processes; more than so much at once gains nothing.
  private static let most = 2000

  private let queue = Mutex(Queue())
  /// Told how long each transaction took, and how many callers it served.
  let observer = Mutex<(@Sendable (Duration, Int) -> Void)?>(nil)
  private let pool: DatabasePool
  private let payloads: Payloads
  private let words: Words
  private let opening: Int64
  private let now: @Sendable () -> Milliseconds
  private let announce: @Sendable ([Change]) -> Void

  init(
    _ pool: DatabasePool, payloads: Payloads, words: Words, opening: Int64,
    now: @escaping @Sendable () -> Milliseconds, announce: @escaping @Sendable ([Change]) -> Void
  ) {
    self.pool = pool
    self.payloads = payloads
    self.words = words
    self.opening = opening
    self.now = now
    self.announce = announce
  }

  /// How many callers wait for the next transaction; tests look at it.
  var waiting: Int { queue.withLock { $0.jobs.count } }
  /// How many transactions were committed or failed; tests count them.
  var transactions: Int { queue.withLock { $0.transactions } }

  /// Does something in the next transaction; returns when it is durable.
  ///
  /// What the body throws as ``JournalError/unknownRun(_:)`` is the caller's alone; any other error fails the whole
  /// transaction. It is not to have changed anything before it throws the former.
  nonisolated(nonsending) func perform<Value: Sendable>(
    _ body: @escaping @Sendable (WriteTransaction) throws -> Value
  ) async throws(JournalError) -> Value {
    let result: Result<Value, JournalError> = await withCheckedContinuation { continuation in
      enqueue(
        Job(
          run: { transaction in
            let outcome: Result<Value, JournalError>
            do {
              outcome = .success(try body(transaction))
            } catch let error as JournalError where error.code == .unknownRun {
              outcome = .failure(error)
            }
            return { continuation.resume(returning: outcome) }
          },
          fail: { continuation.resume(returning: .failure($0)) }))
    }
    return try result.get()
  }

  private func enqueue(_ job: Job) {
    let starts = queue.withLock { queue in
      queue.jobs.append(job)
      defer { queue.isDraining = true }
      return !queue.isDraining
    }
    if starts { pool.asyncWriteWithoutTransaction { self.drain($0) } }
  }

  private func drain(_ database: Database) {
    while let jobs = next() { commit(jobs, on: database) }
  }

  private func next() -> ArraySlice<Job>? {
    queue.withLock { queue in
      guard !queue.jobs.isEmpty else {
        queue.isDraining = false
        return nil
      }
      queue.transactions += 1
      let jobs = queue.jobs.prefix(Self.most)
      queue.jobs = Array(queue.jobs.dropFirst(jobs.count))
      return jobs
    }
  }

  private func commit(_ jobs: ArraySlice<Job>, on database: Database) {
    let transaction = WriteTransaction(database, payloads: payloads, words: words, opening: opening, now: now)
    let connection = transaction.connection
    var tell: [@Sendable () -> Void] = []
    tell.reserveCapacity(jobs.count)
    let began = ContinuousClock.now
    do {
      try connection.run("BEGIN IMMEDIATE")
      for job in jobs { tell.append(try job.run(transaction)) }
      try connection.run("COMMIT")
    } catch {
      // Whatever failed may have ended the transaction already.
      if database.isInsideTransaction { try? connection.run("ROLLBACK") }
      let failure = JournalError(error)
      for job in jobs { job.fail(failure) }
      return
    }
    observer.withLock { $0 }?(ContinuousClock.now - began, jobs.count)
    words.learn(transaction.freshWords)
    announce(transaction.changes)
    for tell in tell { tell() }
  }
}

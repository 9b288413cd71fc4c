/// How long what is over is kept (G22). Nothing of a run in flight goes, nor of a run with an effect that is not
/// settled.
public struct Retention: Hashable, Sendable {
  /// Runs that ended longer ago go. In milliseconds.
  public var age: Milliseconds = 90 * day
  /// Of each playbook so many runs that ended are kept, the latest; of those beyond, the ones that announced no write
  /// go: what was written counts towards budgets, and is kept for its age.
  public var runsPerPlaybook = 10_000
  /// What was decided about a subject is kept longer than its run, as are the trail of what people did and the claims of
  /// playbooks. In milliseconds.
  public var decisions: Milliseconds = 730 * day

  /// In milliseconds.
  public static let day: Milliseconds = 86_400_000

  /// As it is unless someone says otherwise: 90 days, 10,000 runs of a playbook, decisions for two years.
  public init() {}
}

/// What was taken away.
public struct PruneReport: Hashable, Sendable {
  public var runs = 0
  public var steps = 0
  /// Decisions whose run went, and that are kept without it.
  public var decisionsKept = 0
  /// Decisions that became too old.
  public var decisions = 0
  /// Versions of playbooks that no run has any more.
  public var versions = 0
  public var plans = 0
  /// Rows of schedules' ledgers.
  public var occurrences = 0
  public var events = 0
  /// Claims of playbooks.
  public var claims = 0
  /// Lines of the trail.
  public var audit = 0

  /// Nothing taken away.
  public init() {}

  static func + (left: PruneReport, right: PruneReport) -> PruneReport {
    var sum = left
    sum.runs += right.runs
    sum.steps += right.steps
    sum.decisionsKept += right.decisionsKept
    sum.decisions += right.decisions
    sum.versions += right.versions
    sum.plans += right.plans
    sum.occurrences += right.occurrences
    sum.events += right.events
    sum.claims += right.claims
    sum.audit += right.audit
    return sum
  }
}

extension SQLiteStore {
  /// Takes away what is older than it need be kept, in short transactions, so that runs go on meanwhile.
  ///
  /// - Parameter instant: the present.
  public func prune(_ retention: Retention, at instant: Milliseconds) async throws(JournalError) -> PruneReport {
    var report = try await write { transaction in
      try transaction.setMeta(.pruned, .integer(instant))
      try transaction.endDoubtWhereSettled()
      return PruneReport()
    }
    let old = try await read { try $0.runsToPrune(retention, at: instant) }
    var rest = old[...]
    while !rest.isEmpty {
      let candidates = Array(rest.prefix(200))
      let (count, part) = try await write { try $0.prune(candidates) }
      rest = rest.dropFirst(count)
      report = report + part
    }
    while true {
      let part = try await write { try $0.pruneOrphans(retention, at: instant) }
      report = report + part
      if part == PruneReport() { return report }
    }
  }

  /// Prunes where a day has gone by since it was last done; nil where not. A process that is told to stop in between
  /// leaves the rest to the next.
  public func pruneDaily(
    _ retention: Retention = Retention(), at instant: Milliseconds
  ) async throws(JournalError) -> PruneReport? {
    let last = try await read { try $0.meta(.pruned) }
    if let last, abs(instant - last) < Retention.day { return nil }
    return try await prune(retention, at: instant)
  }
}

extension StoreReader {
  /// Runs that are over, have nothing unsettled, and are too old or too many; the oldest first.
  fileprivate func runsToPrune(_ retention: Retention, at instant: Milliseconds) throws -> [Int64] {
    try connection.all(
      """
      SELECT id FROM (
        SELECT r.id, r.ended, r.status, row_number() OVER (PARTITION BY r.playbook ORDER BY r.ended DESC, r.id DESC) AS place
        FROM runs r WHERE r.status >= \(RunStatus.firstFinalCode)
      ) AS r
      WHERE (r.ended < ?1
          OR r.place > ?2 AND r.status <> \(RunStatus.diverged.code)
            AND NOT EXISTS (SELECT 1 FROM effects e WHERE e.run = r.id))
        AND NOT EXISTS (SELECT 1 FROM effects e WHERE e.run = r.id AND \(Self.isLive))
      ORDER BY r.id
      """, .integer(instant - retention.age), .integer(Int64(retention.runsPerPlaybook))
    ) { $0.integer(0) }
  }
}

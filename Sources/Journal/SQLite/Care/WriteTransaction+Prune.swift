/// Taking away what is over.
extension WriteTransaction {
  /// A transaction that deletes more rows than this keeps others waiting.
  private static let mostRows = 2000

  /// Takes runs away, in their order, until there is enough for one transaction.
  ///
  /// - Returns: how many of them are done with.
  func prune(_ runs: [Int64]) throws -> (count: Int, report: PruneReport) {
    var report = PruneReport()
    for (count, run) in runs.enumerated() {
      if report.steps + report.decisionsKept + report.runs * 5 > Self.mostRows { return (count, report) }
      // Someone may have taken it up again since it was found.
      let isOver = try connection.exists(
        """
        SELECT 1 FROM runs WHERE id = ? AND status >= \(RunStatus.firstFinalCode)
          AND NOT EXISTS (SELECT 1 FROM effects e WHERE e.run = runs.id AND \(StoreReader.isLive))
        """, .integer(run))
      guard isOver else { continue }
      try prune(run, &report)
    }
    return (runs.count, report)
  }

  private func prune(_ run: Int64, _ report: inout PruneReport) throws {
    let number = SQLValue.integer(run)
    try connection.run(
      """
      INSERT INTO past_decisions (run, playbook, profile, after, instant, kind, subject, body)
      SELECT r.name, r.playbook, r.profile, n.after, n.instant, n.kind, n.subject, n.body
      FROM notes n JOIN runs r ON r.id = n.run WHERE n.run = ? AND n.subject IS NOT NULL ORDER BY n.id
      """, number)
    report.decisionsKept += connection.changed
    try connection.run("DELETE FROM notes WHERE run = ?", number)
    try connection.run("DELETE FROM steps WHERE run = ?", number)
    report.steps += connection.changed
    try connection.run("DELETE FROM superseded WHERE run = ?", number)
    try pruneEffects(of: number)
    try connection.run(
      "DELETE FROM approval_claims WHERE approval IN (SELECT id FROM approvals WHERE run = ?)", number)
    try connection.run("DELETE FROM approvals WHERE run = ?", number)
    try connection.run("DELETE FROM runs WHERE id = ?", number)
    report.runs += 1
  }

  /// A budget stays the sum of what is charged to it.
  private func pruneEffects(of run: SQLValue) throws {
    let effects = try connection.all("SELECT id FROM effects WHERE run = ?", run) { $0.integer(0) }
    for effect in effects {
      let scopes = try connection.all("SELECT scope FROM charges WHERE effect = ?", .integer(effect)) { $0.integer(0) }
      try giveBack(effect)
      for scope in scopes {
        guard try !connection.exists("SELECT 1 FROM charges WHERE scope = ?", .integer(scope)) else { continue }
        try connection.run("DELETE FROM budgets WHERE scope = ?", .integer(scope))
        try connection.run("DELETE FROM scopes WHERE id = ?", .integer(scope))
      }
      try connection.run("DELETE FROM claims WHERE effect = ?", .integer(effect))
    }
    try connection.run("DELETE FROM effects WHERE run = ?", run)
  }

  /// Takes away what belongs to no run: so much of it as one transaction may.
  func pruneOrphans(_ retention: Retention, at instant: Milliseconds) throws -> PruneReport {
    var report = PruneReport()
    let most = Self.mostRows
    let forgotten = SQLValue.integer(instant - retention.decisions)
    try connection.run(
      "DELETE FROM past_decisions WHERE id IN (SELECT id FROM past_decisions WHERE instant < ? LIMIT \(most))",
      forgotten)
    report.decisions = connection.changed
    try connection.run(
      "DELETE FROM audit WHERE id IN (SELECT id FROM audit WHERE instant < ? LIMIT \(most))", forgotten)
    report.audit = connection.changed
    try connection.run(
      "DELETE FROM plans WHERE digest IN (SELECT digest FROM plans WHERE created < ?1 AND expires < ?1 LIMIT \(most))",
      .integer(instant - retention.age))
    report.plans = connection.changed
    let old = SQLValue.integer(instant - retention.age)
    try connection.run(
      """
      DELETE FROM occurrences WHERE (schedule, instant) IN (
        SELECT schedule, instant FROM occurrences WHERE accounted < ? LIMIT \(most))
      """, old)
    report.occurrences = connection.changed
    let events = "SELECT id FROM events WHERE dispatched IS NOT NULL AND received < ? ORDER BY id LIMIT \(most)"
    try connection.run("DELETE FROM deliveries WHERE event IN (\(events))", old)
    try connection.run("DELETE FROM events WHERE id IN (\(events))", old)
    report.events = connection.changed
    try connection.run(
      "DELETE FROM state WHERE id IN (SELECT id FROM state WHERE namespace > '' AND changed < ? LIMIT \(most))",
      forgotten)
    report.claims = connection.changed
    try connection.run("DELETE FROM holds WHERE until < ?", .integer(instant - retention.age))
    // Whoever starts a run keeps its version first: one that was kept of late may be about to be needed.
    try connection.run(
      """
      DELETE FROM versions WHERE kept < ? AND NOT EXISTS (
        SELECT 1 FROM runs r JOIN words w ON w.id = r.version WHERE w.text = versions.name)
      """, .integer(min(instant, now()) - Retention.day))
    report.versions = connection.changed
    if report.versions > 0 {
      try connection.run("DELETE FROM version_files WHERE version NOT IN (SELECT id FROM versions)")
      try connection.run("DELETE FROM files WHERE id NOT IN (SELECT file FROM version_files)")
    }
    return report
  }
}

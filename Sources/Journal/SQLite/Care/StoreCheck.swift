internal import Crypto

/// One rule of the store that does not hold somewhere.
public struct StoreViolation: Hashable, Sendable {
  /// The rule's name, as docs/store.md lists it.
  public let rule: String
  /// What breaks it, in a line.
  public let detail: String

  /// A violation of that rule.
  public init(rule: String, detail: String) {
    self.rule = rule
    self.detail = detail
  }
}

/// One rule that always holds in a store, whatever died when.
struct StoreRule: Sendable {
  /// Stable: `ebb store check --json` says it.
  let name: String
  /// The lines about what breaks the rule.
  let findings: @Sendable (StoreReader) throws -> [String]

  /// Those after the first hundred say nothing new.
  static let most = 100

  static let all = [
    pages, references, claims, charges, budgets, sequences, statuses, leases, questions, versions, texts, notes,
    occurrences, deliveries, raised, state, records,
  ]

  /// A rule whose query answers one line for each thing that breaks it.
  private init(_ name: String, _ query: String) {
    self.init(name) { reader in
      try reader.connection.all("SELECT * FROM (\(query)) LIMIT \(Self.most)") { $0.text(0) }
    }
  }

  private init(_ name: String, _ findings: @escaping @Sendable (StoreReader) throws -> [String]) {
    self.name = name
    self.findings = findings
  }

  /// The file is whole, and each index agrees with its table.
  static let pages = StoreRule("pages") { reader in
    try reader.connection.all("PRAGMA integrity_check(\(Self.most))") { $0.text(0) }.filter { $0 != "ok" }
  }

  /// Whatever a row refers to exists.
  static let references = StoreRule("references") { reader in
    try reader.connection.all("PRAGMA foreign_key_check") { row in
      "row \(row.integer(1)) of \(row.text(0)) refers to nothing in \(row.text(2))"
    }.prefix(Self.most).map { $0 }
  }

  /// Claims are held by live effects and by no others.
  static let claims = StoreRule(
    "claims",
    """
    SELECT 'effect ' || e.id || ' is not live and holds ' || c.resource
    FROM claims c JOIN effects e ON e.id = c.effect WHERE c.live = 1 AND NOT (\(StoreReader.isLive))
    UNION ALL
    SELECT 'effect ' || e.id || ' is live and does not hold ' || c.resource
    FROM claims c JOIN effects e ON e.id = c.effect WHERE \(StoreReader.isLive) AND NOT EXISTS (
      SELECT 1 FROM claims d WHERE d.effect = c.effect AND d.live = 1 AND d.resource = c.resource AND d.kind = c.kind
        AND d.profile = c.profile)
    """)

  /// Only what is live or done is charged to a budget.
  static let charges = StoreRule(
    "charges",
    """
    SELECT 'effect ' || e.id || ' came to nothing and is charged' FROM charges c JOIN effects e ON e.id = c.effect
    WHERE NOT (\(StoreReader.isLive)) AND e.state <> \(EffectState.confirmed.code)
    """)

  /// What a budget says is used is the sum of what is charged to it.
  static let budgets = StoreRule("budgets") { reader in
    struct Purse: Hashable {
      let scope: Int64
      let currency: String
      let direction: Int64
    }
    var sums: [Purse: Int64] = [:]
    // Added here: SQLite's own sum refuses to wrap around where the writer does.
    for (scope, charge) in try reader.charges() {
      sums[
        Purse(
          scope: scope, currency: StoreReader.writes.currency, direction: StoreReader.writes.direction),
        default: 0] += 1
      guard let charge else { continue }
      sums[Purse(scope: scope, currency: charge.currency, direction: charge.direction.code), default: 0] &+=
        charge.minorUnits
    }
    let kept = try reader.connection.all(
      "SELECT b.scope, b.currency, b.direction, b.used, s.text FROM budgets b LEFT JOIN scopes s ON s.id = b.scope"
    ) { row in
      (Purse(scope: row.integer(0), currency: row.text(1), direction: row.integer(2)), row.integer(3), row.text(4))
    }
    var findings: [String] = []
    for (purse, used, scope) in kept {
      let sum = sums.removeValue(forKey: purse) ?? 0
      if sum != used { findings.append("budget \(scope) \(purse.currency) says \(used), charged is \(sum)") }
    }
    findings += sums.filter { $0.value != 0 }.map { "scope \($0.key.scope) \($0.key.currency) has no budget" }.sorted()
    return Array(findings.prefix(Self.most))
  }

  /// The results of a run are counted from 1 without a gap.
  static let sequences = StoreRule(
    "sequences",
    """
    SELECT r.name || ': ' || count(*) || ' steps, counted from ' || min(s.sequence) || ' to ' || max(s.sequence)
    FROM steps s JOIN runs r ON r.id = s.run GROUP BY s.run
    HAVING min(s.sequence) <> 1 OR max(s.sequence) <> count(*) OR count(DISTINCT s.sequence) <> count(*)
    """)

  /// A run that waits says for what, one that is over when it ended, and nothing is asked of it any more.
  static let statuses = StoreRule(
    "statuses",
    """
    SELECT name || ': it waits for nothing' FROM runs WHERE status = 2 AND waiting_for IS NULL
    UNION ALL SELECT name || ': it does not wait, and waits for something' FROM runs
    WHERE status <> 2 AND waiting_for IS NOT NULL
    UNION ALL SELECT name || ': it is over without an end' FROM runs
    WHERE status >= \(RunStatus.firstFinalCode) AND ended IS NULL
    UNION ALL SELECT name || ': it is not over, and ended' FROM runs
    WHERE status < \(RunStatus.firstFinalCode) AND ended IS NOT NULL
    UNION ALL SELECT name || ': it is over, and something is asked of it' FROM runs
    WHERE status >= \(RunStatus.firstFinalCode) AND request IS NOT NULL
    """)

  /// A lease has a holder, an end and an epoch.
  static let leases = StoreRule(
    "leases",
    """
    SELECT name || ': its lease is not whole' FROM runs
    WHERE (worker IS NULL) <> (expires IS NULL) OR worker IS NOT NULL AND epoch < 1
    """)

  /// A step asks one question at a time, a run that is over none, and an answer is signed.
  static let questions = StoreRule(
    "questions",
    """
    SELECT r.name || ': ' || count(*) || ' open questions of one step' FROM approvals a JOIN runs r ON r.id = a.run
    WHERE a.state = 0 GROUP BY a.run, a.path HAVING count(*) > 1
    UNION ALL SELECT 'A' || a.id || ': its run is over, and it is open' FROM approvals a JOIN runs r ON r.id = a.run
    WHERE a.state = 0 AND r.status >= \(RunStatus.firstFinalCode)
    UNION ALL SELECT 'A' || id || ': nobody signed the answer' FROM approvals
    WHERE state IN (\(Approval.State.approved.code), \(Approval.State.rejected.code))
      AND (by IS NULL OR decided IS NULL)
    """)

  /// The code that a run began with is kept (G3), with all its texts.
  static let versions = StoreRule(
    "versions",
    """
    SELECT r.name || ': version ' || w.text || ' is not kept' FROM runs r JOIN words w ON w.id = r.version
    WHERE NOT EXISTS (SELECT 1 FROM versions v WHERE v.name = w.text)
    UNION ALL SELECT 'version ' || v.name || ' lacks a text' FROM version_files f JOIN versions v ON v.id = f.version
    GROUP BY f.version HAVING min(f.ordinal) <> 0 OR max(f.ordinal) <> count(*) - 1
    """)

  /// Texts are what their digests say.
  static let texts = StoreRule("texts") { reader in
    let findings = try reader.connection.all("SELECT id, digest, bytes FROM files") { row -> String? in
      Array(SHA256.hash(data: row.bytes(2))) == row.bytes(1) ? nil : "text \(row.integer(0)) is not what was kept"
    }
    return findings.compactMap { $0 }.prefix(Self.most).map { $0 }
  }

  /// A decision is about someone, and nothing else is.
  static let notes = StoreRule(
    "notes",
    """
    SELECT r.name || ': note ' || n.id || ' has no subject' FROM notes n JOIN runs r ON r.id = n.run
    WHERE n.kind IN (0, 1) AND n.subject IS NULL
    UNION ALL SELECT r.name || ': note ' || n.id || ' has a subject' FROM notes n JOIN runs r ON r.id = n.run
    WHERE n.kind NOT IN (0, 1) AND n.subject IS NOT NULL
    """)

  /// An occurrence that ran names its run, a coalesced one what ran for it, the others why; none is later than its schedule is
  /// accounted for.
  static let occurrences = StoreRule(
    "occurrences",
    """
    SELECT 'occurrence ' || o.instant || ' of ' || s.name || CASE
      WHEN o.outcome = 0 AND o.run IS NULL THEN ' ran as nothing'
      WHEN o.outcome = 1 AND o.into_instant IS NULL THEN ' was coalesced into nothing'
      WHEN o.outcome > 1 AND o.reason IS NULL THEN ' did not run, and nothing says why'
      ELSE ' is later than its schedule is accounted for' END
    FROM occurrences o JOIN schedules s ON s.id = o.schedule
    WHERE o.outcome = 0 AND o.run IS NULL OR o.outcome = 1 AND o.into_instant IS NULL
      OR o.outcome > 1 AND o.reason IS NULL OR o.instant > s.through
    """)

  /// An event is handed to playbooks once it is dispatched, and one that ran names its run.
  static let deliveries = StoreRule(
    "deliveries",
    """
    SELECT 'delivery ' || d.id || CASE WHEN d.round > e.round THEN ' is of a round to come' WHEN d.run IS NULL
      THEN ' ran as nothing' ELSE ' is of an event that waits' END
    FROM deliveries d JOIN events e ON e.id = d.event
    WHERE d.round > e.round OR d.outcome < 2 AND d.run IS NULL OR e.dispatched IS NULL AND d.round = e.round
    """)

  /// An event that a run raised has a kind, and its run the step that raised it.
  static let raised = StoreRule(
    "raised",
    """
    SELECT 'event ' || e.name || CASE WHEN e.kind IS NULL THEN ' was raised as nothing that is known'
      ELSE ' was raised by ' || e.raised_by || ', which has no such step' END
    FROM events e WHERE e.raised_by IS NOT NULL AND (e.kind IS NULL OR \(lacksStep("events.raise", of: "e.raised_by")))
    """)

  /// What a run remembered is a step of it, and no playbook remembers more than it may.
  static let state = StoreRule(
    "state",
    """
    SELECT 'entry ' || s.id || ' was kept by ' || s.by || ', which has no such step' FROM state s
    WHERE \(lacksStep("state.set", "state.claim", of: "s.by"))
    UNION ALL SELECT w.text || ' remembers ' || count(*) || CASE WHEN s.namespace = '' THEN ' values' ELSE ' claims' END
    FROM state s JOIN words w ON w.id = s.playbook GROUP BY s.playbook, s.profile, s.namespace = ''
    HAVING count(*) > CASE WHEN s.namespace = '' THEN \(StateLimit.values) ELSE \(StateLimit.claims) END
    """)

  /// Whether a run that is kept took none of those steps.
  private static func lacksStep(_ names: String..., of run: String) -> String {
    let names = names.map { "'\($0)'" }.joined(separator: ", ")
    return """
      EXISTS (SELECT 1 FROM runs r WHERE r.name = \(run) AND NOT EXISTS (
        SELECT 1 FROM steps t JOIN words n ON n.id = t.name WHERE t.run = r.id AND n.text IN (\(names))))
      """
  }

  /// All that is recorded can be read.
  static let records = StoreRule("records") { reader in
    var findings: [String] = []
    func look(_ what: String, _ read: () throws -> Void) {
      do { try read() } catch { findings.append("\(what): \(JournalError(error).description)") }
    }
    for run in try reader.connection.all("SELECT name FROM runs ORDER BY id", read: { RunID($0.text(0)) }) {
      look(run.text) { _ = try reader.history(of: run) }
    }
    for plan in try reader.connection.all("SELECT digest FROM plans", read: { $0.text(0) }) {
      look("plan \(plan)") { _ = try reader.plan(plan) }
    }
    look("schedules") { _ = try reader.schedules() }
    look("events") {
      var all = EventFilter()
      all.limit = .max
      _ = try reader.events(all)
    }
    look("state") {
      var all = StateFilter()
      all.limit = .max
      _ = try reader.state(all)
    }
    for subject in try reader.connection.all("SELECT DISTINCT subject FROM past_decisions", read: { $0.text(0) }) {
      look(subject) { _ = try reader.decisions(about: subject) }
    }
    return Array(findings.prefix(Self.most))
  }
}

extension StoreReader {
  /// What is charged to which scope; nil for a write without an amount.
  fileprivate func charges() throws -> [(scope: Int64, charge: Charge?)] {
    try connection.all(
      "SELECT c.scope, e.minor_units, e.currency, e.direction FROM charges c JOIN effects e ON e.id = c.effect"
    ) { row in
      guard let units = row.integerOrNil(1) else { return (row.integer(0), nil) }
      let direction = try Charge.Direction(code: row.integer(3))
      return (row.integer(0), Charge(minorUnits: units, currency: row.text(2), direction: direction))
    }
  }
}

extension SQLiteStore {
  /// Looks at every rule of the store at one moment; empty where all hold. Takes the time to read all that is kept.
  public func check() async throws(JournalError) -> [StoreViolation] {
    try await read { reader in
      try StoreRule.all.flatMap { rule in
        do {
          return try rule.findings(reader).map { StoreViolation(rule: rule.name, detail: $0) }
        } catch {
          // A page that cannot be read is a finding, not the end of the search.
          let error = JournalError(error)
          guard error.code == .damaged else { throw error }
          return [StoreViolation(rule: rule.name, detail: error.description)]
        }
      }
    }
  }
}

/// What came of a simulated year.
public struct YearReport: Sendable {
  /// Instants at which the oracle says that something was due.
  public internal(set) var occurrences = 0
  /// Rows of the ledger, by outcome.
  public internal(set) var outcomes: [String: Int] = [:]
  /// Due, and without a row.
  public internal(set) var missing = 0
  /// Rows of instants at which nothing was due.
  public internal(set) var notDue = 0
  /// Occurrences that were accounted for twice, and runs that no row or more than one names.
  public internal(set) var doubled = 0
  /// Rows that say something else than what had to become of the occurrence, or than what was said when they were written.
  public internal(set) var unexplained = 0
  /// What happened to whoever keeps the schedules, and to its clock, by name.
  public internal(set) var disturbances: [String: Int] = [:]
  /// The first of each that is wrong, in words.
  public internal(set) var problems: [String] = []

  /// Rows of the ledger.
  public var rows: Int { outcomes.values.reduce(0, +) }

  /// Whether each occurrence has its one row, which says what had to become of it.
  public var holds: Bool {
    missing == 0 && notDue == 0 && doubled == 0 && unexplained == 0 && rows == occurrences
  }

  /// Adds what came of another one.
  public mutating func add(_ other: YearReport) {
    occurrences += other.occurrences
    outcomes.merge(other.outcomes, uniquingKeysWith: +)
    disturbances.merge(other.disturbances, uniquingKeysWith: +)
    missing += other.missing
    notDue += other.notDue
    doubled += other.doubled
    unexplained += other.unexplained
    problems += other.problems
  }

  /// The figures, a line for each.
  public var lines: [String] {
    func counts(_ counts: [String: Int]) -> String {
      counts.sorted { $0.key < $1.key }.map { "\($0.key) \($0.value)" }.joined(separator: ", ")
    }
    return [
      "occurrences      \(occurrences)", "rows             \(rows) (\(counts(outcomes)))",
      "through          \(counts(disturbances))", "without a row    \(missing)", "not due          \(notDue)",
      "doubled          \(doubled)", "unexplained      \(unexplained)",
    ]
  }
}

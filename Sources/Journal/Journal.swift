/// The durable, ordered record of runs: the one thing a crash must not take.
///
/// It takes values, not closures. Any process may read and start; only the holder of a run's lease advances it.
/// The implementations share one conformance suite.
public protocol Journal: Sendable {
  /// Records a run unless it is recorded, or a condition does not hold; all in one transaction.
  func start(_ run: RunRecord, requiring conditions: [StartCondition]) async throws(JournalError) -> StartOutcome

  /// Takes the right to advance a run; nil while another worker's lease has not ended.
  func acquire(
    _ run: RunID, by worker: String, at instant: Milliseconds, for length: Milliseconds
  ) async throws(JournalError) -> Lease?

  /// Prolongs a lease; nil where another worker holds the run since.
  func renew(
    _ lease: Lease, at instant: Milliseconds, for length: Milliseconds
  ) async throws(JournalError) -> Lease?

  /// Gives a lease back; without effect where another worker holds the run since.
  func release(_ lease: Lease) async throws(JournalError)

  /// Records entries in order; one that is refused leaves the others as they are.
  func commit(_ entries: [Entry], under lease: Lease) async throws(JournalError) -> [EntryOutcome]

  /// A run as it stands.
  func run(_ id: RunID) async throws(JournalError) -> RunRecord?

  /// The steps of a run in the order in which they were delivered.
  func steps(of run: RunID) async throws(JournalError) -> [Step]

  /// The notes of a run, in the order in which they were recorded.
  func notes(of run: RunID) async throws(JournalError) -> [Note]

  /// The effects of a run, by path.
  func effects(of run: RunID) async throws(JournalError) -> [EffectRecord]

  /// The runs that can be advanced at that instant: neither final nor held under a lease that has not ended.
  func due(before instant: Milliseconds) async throws(JournalError) -> [RunID]

  /// What changes from now on; the stream ends with the journal.
  func changes() async -> AsyncStream<Change>
}

/// Why the store could not do what was asked; never an outcome that a run should act on.
public struct JournalError: Error, Hashable, Sendable, CustomStringConvertible {
  enum Code: Hashable {
    case unknownRun
  }

  let code: Code
  /// What went wrong, for people.
  public let description: String

  /// No run of that id is recorded.
  public static func unknownRun(_ id: RunID) -> JournalError {
    JournalError(code: .unknownRun, description: "no run \(id) is recorded")
  }

  /// A bounded name for metrics.
  public var label: String {
    switch code {
    case .unknownRun: "unknown_run"
    }
  }
}

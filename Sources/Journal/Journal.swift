/// The durable, ordered record of runs: the one thing a crash must not take.
///
/// It takes values, not closures. Any process may read and start; only the holder of a run's lease advances it. What
/// people ask of it is ``Store``. The implementations share one conformance suite.
///
/// Whoever calls stays on its own executor: a journal that answers at once costs no change of threads.
public protocol Journal: Sendable {
  /// Keeps the text of a playbook and all it requires under its digest; without effect where it is kept already (G3).
  nonisolated(nonsending) func keep(_ version: PlaybookVersion) async throws(JournalError)

  /// The text that runs of that version execute; nil where it is not kept.
  nonisolated(nonsending) func version(_ id: String) async throws(JournalError) -> PlaybookVersion?

  /// Records a run unless it is recorded, or a condition does not hold; all in one transaction (G14).
  ///
  /// - Parameter holder: who advances it from the start; nil leaves it to whoever acquires it.
  nonisolated(nonsending) func start(
    _ run: RunRecord, requiring conditions: [StartCondition], heldBy holder: LeaseRequest?
  ) async throws(JournalError) -> StartOutcome

  /// Takes the right to advance a run; nil while another worker's lease has not ended.
  ///
  /// - Parameter displaced: a worker known to be dead, whose lease counts as ended.
  nonisolated(nonsending) func acquire(
    _ run: RunID, _ request: LeaseRequest, displacing displaced: String?
  ) async throws(JournalError) -> Lease?

  /// Who holds a run under a lease that has not been given back; also where it has run out.
  nonisolated(nonsending) func holder(of run: RunID) async throws(JournalError) -> Lease?

  /// Prolongs a lease, and says what people ask of the run; nil where another worker holds the run since.
  nonisolated(nonsending) func renew(
    _ lease: Lease, at instant: Milliseconds, for length: Milliseconds
  ) async throws(JournalError) -> Renewal?

  /// Gives a lease back; without effect where another worker holds the run since.
  nonisolated(nonsending) func release(_ lease: Lease) async throws(JournalError)

  /// Records entries in order; one that is refused leaves the others as they are.
  ///
  /// - Returns: one outcome for each entry, once all that is recorded is durable.
  nonisolated(nonsending) func commit(
    _ entries: [Entry], under lease: Lease
  ) async throws(JournalError) -> [EntryOutcome]

  /// A run as it stands.
  nonisolated(nonsending) func run(_ id: RunID) async throws(JournalError) -> RunRecord?

  /// All that is recorded of a run, read at one moment; nil where there is no such run.
  nonisolated(nonsending) func history(of run: RunID) async throws(JournalError) -> RunHistory?

  /// The runs that can be advanced at that instant, the longest due first: queued, running under a lease that has
  /// ended, or waiting with a ``RunRecord/wake`` that has come.
  nonisolated(nonsending) func due(before instant: Milliseconds) async throws(JournalError) -> [RunID]

  /// What changes from now on; the stream ends with the journal.
  nonisolated(nonsending) func changes() async -> AsyncStream<Change>
}

extension Journal {
  /// The steps of a run in the order in which their results were delivered; none where there is no such run.
  public nonisolated(nonsending) func steps(of run: RunID) async throws(JournalError) -> [Step] {
    try await history(of: run)?.steps ?? []
  }

  /// The notes of a run, in the order in which they were recorded.
  public nonisolated(nonsending) func notes(of run: RunID) async throws(JournalError) -> [Note] {
    try await history(of: run)?.notes ?? []
  }

  /// The effects of a run, by path.
  public nonisolated(nonsending) func effects(of run: RunID) async throws(JournalError) -> [EffectRecord] {
    try await history(of: run)?.effects ?? []
  }
}

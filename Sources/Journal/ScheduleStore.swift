/// Schedules and their ledger: every instant at which a playbook should have run has one row (G12).
public protocol ScheduleStore: Store {
  /// Lets a playbook act by itself for a shop, or changes how far it may go.
  func enable(_ enablement: Enablement, _ signature: Signature) async throws(JournalError)
  /// Lets it act by itself no more; its schedules end. False where it did not.
  func disable(_ playbook: String, profile: String, _ signature: Signature) async throws(JournalError) -> Bool
  /// The playbooks that may act by themselves.
  func enablements() async throws(JournalError) -> [Enablement]
  /// Whether and how far a playbook may act by itself for a shop; nil where it may not.
  func enablement(of playbook: String, for profile: String) async throws(JournalError) -> Enablement?

  /// The schedules in force, by name and shop.
  func schedules() async throws(JournalError) -> [ScheduleRecord]
  /// One of them; nil where it is not there.
  func schedule(_ key: ScheduleKey) async throws(JournalError) -> ScheduleRecord?
  /// Sets what a schedule says, from where its occurrences are accounted for: a new expression is never applied to the
  /// past. One that is new counts from its own ``ScheduleRecord/through`` on.
  ///
  /// - Parameter revision: what it says now; nil where there is to be none. False where it says something else.
  func put(
    _ schedule: ScheduleRecord, replacing revision: Int?, _ signature: Signature
  ) async throws(JournalError) -> Bool
  /// Skips its occurrences from now on, or no more. False where it is not there or is so already.
  func pause(_ schedule: ScheduleKey, _ paused: Bool, _ signature: Signature) async throws(JournalError) -> Bool
  /// Ends a schedule; what became of its occurrences stays. False where it is not there.
  func remove(_ schedule: ScheduleKey, _ signature: Signature) async throws(JournalError) -> Bool

  /// Accounts for occurrences of schedules and starts their runs, all in one transaction (G14): a row is written once, a run
  /// that exists is not started again.
  ///
  /// - Returns: what became of each account, in their order.
  func account(_ accounts: [DueAccount], at instant: Milliseconds) async throws(JournalError) -> [Accounting]
  /// Records occurrences that are made up for, beside those that the schedule accounts for itself: a row that says `missed`
  /// or `skipped` becomes `ran`.
  func makeUp(
    _ due: [DueOccurrence], of schedule: ScheduleKey, at instant: Milliseconds, _ signature: Signature
  ) async throws(JournalError) -> [Occurrence]
  /// When a run is due next by itself: when what it waits for comes, or the lease of whoever advances it ends. Nil where
  /// nothing waits for a time.
  func nextDue(after instant: Milliseconds) async throws(JournalError) -> Milliseconds?
  /// Rows of the ledger, the latest first.
  func occurrences(_ filter: OccurrenceFilter) async throws(JournalError) -> [Occurrence]
}

extension ScheduleStore {
  /// Accounts for occurrences of one schedule.
  ///
  /// - Parameters:
  ///   - schedule: as it was read; where it was accounted for or changed since, nothing is recorded.
  ///   - through: the instant up to which it is accounted for now.
  public func account(
    _ due: [DueOccurrence], of schedule: ScheduleRecord, through: Milliseconds, at instant: Milliseconds
  ) async throws(JournalError) -> Accounting {
    let account = DueAccount(of: schedule, due, through: through)
    guard let outcome = try await self.account([account], at: instant).first else {
      throw .unavailable("the store accounted for nothing")
    }
    return outcome
  }
}

/// Events: what was called back, and the playbooks it was handed to.
public protocol EventStore: Store {
  /// Stores an event unless it is known; returns once that is durable.
  func receive(_ event: EventRecord) async throws(JournalError) -> EventReception
  /// Events that wait to be handed to playbooks, the earliest first.
  func undispatched(limit: Int) async throws(JournalError) -> [EventRecord]
  /// Hands an event to playbooks, with the starts of their runs, in one transaction. One that says what an earlier one says
  /// becomes part of that one's run, where the run has not started; one that says what a run raised after it was sent, also
  /// where it has.
  ///
  /// - Returns: what became of it; nil where it was dispatched since.
  func dispatch(
    _ event: EventRecord, _ deliveries: [DueDelivery], at instant: Milliseconds
  ) async throws(JournalError) -> [Delivery]?
  /// Has an event dispatched anew; false where it is not known.
  func redeliver(_ event: String, _ signature: Signature) async throws(JournalError) -> Bool
  /// Lets the vendor's console verify a shop's callback address until that instant; an earlier one closes that window.
  func expectVerification(
    of profile: String, until instant: Milliseconds, _ signature: Signature
  ) async throws(JournalError)
  /// Until when a shop's callback address may be verified; nil where nobody said so.
  func verificationExpected(of profile: String) async throws(JournalError) -> Milliseconds?
  /// Events, the latest first.
  func events(_ filter: EventFilter) async throws(JournalError) -> [EventRecord]
  /// What became of an event, the earliest first.
  func deliveries(of event: String) async throws(JournalError) -> [Delivery]
}

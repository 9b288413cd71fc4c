extension SQLiteStore: ScheduleStore {
  public func enable(_ enablement: Enablement, _ signature: Signature) async throws(JournalError) {
    try await write { try $0.enable(enablement, signature) }
  }

  public func disable(
    _ playbook: String, profile: String, _ signature: Signature
  ) async throws(JournalError) -> Bool {
    try await write { try $0.disable(playbook, profile: profile, signature) }
  }

  public func enablements() async throws(JournalError) -> [Enablement] {
    try await read { try $0.enablements() }
  }

  public func enablement(of playbook: String, for profile: String) async throws(JournalError) -> Enablement? {
    try await read { try $0.enablement(of: playbook, for: profile) }
  }

  public func schedules() async throws(JournalError) -> [ScheduleRecord] {
    try await read { try $0.schedules() }
  }

  public func schedule(_ key: ScheduleKey) async throws(JournalError) -> ScheduleRecord? {
    try await read { try $0.schedule(key) }
  }

  public func put(
    _ schedule: ScheduleRecord, replacing revision: Int?, _ signature: Signature
  ) async throws(JournalError) -> Bool {
    try await write { try $0.put(schedule, replacing: revision, signature) }
  }

  public func pause(
    _ schedule: ScheduleKey, _ paused: Bool, _ signature: Signature
  ) async throws(JournalError) -> Bool {
    try await write { try $0.pause(schedule, paused, signature) }
  }

  public func remove(_ schedule: ScheduleKey, _ signature: Signature) async throws(JournalError) -> Bool {
    try await write { try $0.remove(schedule, signature) }
  }

  public func account(
    _ accounts: [DueAccount], at instant: Milliseconds
  ) async throws(JournalError) -> [Accounting] {
    try await write { transaction in
      try accounts.map { try transaction.account($0.due, of: $0.schedule, through: $0.through, at: instant) }
    }
  }

  public func makeUp(
    _ due: [DueOccurrence], of schedule: ScheduleKey, at instant: Milliseconds, _ signature: Signature
  ) async throws(JournalError) -> [Occurrence] {
    try await write { try $0.makeUp(due, of: schedule, at: instant, signature) }
  }

  public func nextDue(after instant: Milliseconds) async throws(JournalError) -> Milliseconds? {
    try await read { try $0.nextDue(after: instant) }
  }

  public func occurrences(_ filter: OccurrenceFilter) async throws(JournalError) -> [Occurrence] {
    try await read { try $0.occurrences(filter) }
  }
}

extension SQLiteStore: EventStore {
  public func receive(_ event: EventRecord) async throws(JournalError) -> EventReception {
    try await write { try $0.receive(event) }
  }

  public func undispatched(limit: Int) async throws(JournalError) -> [EventRecord] {
    try await read { try $0.undispatched(limit: limit) }
  }

  public func dispatch(
    _ event: EventRecord, _ deliveries: [DueDelivery], at instant: Milliseconds
  ) async throws(JournalError) -> [Delivery]? {
    try await write { try $0.dispatch(event, deliveries, at: instant) }
  }

  public func redeliver(_ event: String, _ signature: Signature) async throws(JournalError) -> Bool {
    try await write { try $0.redeliver(event, signature) }
  }

  public func expectVerification(
    of profile: String, until instant: Milliseconds, _ signature: Signature
  ) async throws(JournalError) {
    try await write { try $0.expectVerification(of: profile, until: instant, signature) }
  }

  public func verificationExpected(of profile: String) async throws(JournalError) -> Milliseconds? {
    try await read { try $0.verificationExpected(of: profile) }
  }

  public func events(_ filter: EventFilter) async throws(JournalError) -> [EventRecord] {
    try await read { try $0.events(filter) }
  }

  public func deliveries(of event: String) async throws(JournalError) -> [Delivery] {
    try await read { try $0.deliveries(of: event) }
  }
}

import Synchronization

extension MemoryJournal: ScheduleStore {
  public func enable(_ enablement: Enablement, _ signature: Signature) async {
    contents.withLock { $0.enable(enablement, signature) }
  }

  public func disable(_ playbook: String, profile: String, _ signature: Signature) async -> Bool {
    contents.withLock { $0.disable(playbook, profile: profile, signature) }
  }

  public func enablements() async -> [Enablement] {
    contents.withLock { $0.enablements() }
  }

  public func enablement(of playbook: String, for profile: String) async -> Enablement? {
    contents.withLock { $0.agenda.enablements[AgendaLedger.Place(name: playbook, profile: profile)] }
  }

  public func schedules() async -> [ScheduleRecord] {
    contents.withLock { $0.schedules() }
  }

  public func schedule(_ key: ScheduleKey) async -> ScheduleRecord? {
    contents.withLock { $0.agenda.present(key) }
  }

  public func put(_ schedule: ScheduleRecord, replacing revision: Int?, _ signature: Signature) async -> Bool {
    contents.withLock { $0.put(schedule, replacing: revision, signature) }
  }

  public func pause(_ schedule: ScheduleKey, _ paused: Bool, _ signature: Signature) async -> Bool {
    contents.withLock { $0.pause(schedule, paused, signature) }
  }

  public func remove(_ schedule: ScheduleKey, _ signature: Signature) async -> Bool {
    contents.withLock { $0.remove(schedule, signature) }
  }

  public func account(_ accounts: [DueAccount], at instant: Milliseconds) async -> [Accounting] {
    contents.withLock { contents in accounts.map { contents.account($0, at: instant) } }
  }

  public func makeUp(
    _ due: [DueOccurrence], of schedule: ScheduleKey, at instant: Milliseconds, _ signature: Signature
  ) async -> [Occurrence] {
    contents.withLock { $0.makeUp(due, of: schedule, at: instant, signature) }
  }

  public func nextDue(after instant: Milliseconds) async -> Milliseconds? {
    contents.withLock { contents in
      contents.live.all.compactMap { $0.nextDue(after: instant) }.min()
    }
  }

  public func occurrences(_ filter: OccurrenceFilter) async -> [Occurrence] {
    contents.withLock { $0.occurrences(filter) }
  }
}

extension MemoryJournal: EventStore {
  public func receive(_ event: EventRecord) async -> EventReception {
    contents.withLock { $0.receive(event) }
  }

  public func undispatched(limit: Int) async -> [EventRecord] {
    contents.withLock { $0.undispatched(limit: limit) }
  }

  public func dispatch(
    _ event: EventRecord, _ deliveries: [DueDelivery], at instant: Milliseconds
  ) async -> [Delivery]? {
    contents.withLock { $0.dispatch(event, deliveries, at: instant) }
  }

  public func redeliver(_ event: String, _ signature: Signature) async -> Bool {
    contents.withLock { $0.redeliver(event, signature) }
  }

  public func expectVerification(of profile: String, until instant: Milliseconds, _ signature: Signature) async {
    contents.withLock { contents in
      contents.agenda.verifications[profile] = instant
      contents.audit.append(.verificationExpected(profile, until: instant, signature))
    }
  }

  public func verificationExpected(of profile: String) async -> Milliseconds? {
    contents.withLock { $0.agenda.verifications[profile] }
  }

  public func events(_ filter: EventFilter) async -> [EventRecord] {
    contents.withLock { $0.events(filter) }
  }

  public func deliveries(of event: String) async -> [Delivery] {
    contents.withLock { contents in contents.agenda.deliveries.filter { $0.event == event } }
  }
}

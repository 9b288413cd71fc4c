/// Events, and what becomes of them.
extension MemoryContents {
  mutating func receive(_ event: EventRecord) -> EventReception {
    guard !agenda.events.contains(where: { $0.key == event.key }) else { return .duplicate }
    var event = event
    let same = agenda.events.last {
      $0.digest == event.digest && $0.profile == event.profile && $0.repeatOf == nil
    }
    event.repeatOf = (raised(before: event) ?? same)?.key
    agenda.events.append(event)
    announce(.event)
    return .stored
  }

  /// The event that a run raised to say what a callback says, after that was sent: whoever was told by it has read the
  /// subject since.
  private func raised(before event: EventRecord) -> EventRecord? {
    guard event.raisedBy == nil, event.kind != nil, event.subject != nil, let sent = event.sent else { return nil }
    return agenda.events.last {
      $0.raisedBy != nil && $0.isAbout(event) && $0.says == event.says && $0.received >= sent
    }
  }

  /// Stores an event that a run raises, unless its key is known or a callback tells it: of the events sent since, the latest
  /// says the same. What a run raised under another key tells of another change: it counts where it says otherwise.
  mutating func raise(_ event: EventRecord, since: Milliseconds?) -> StoreStep.Raising {
    if agenda.events.contains(where: { $0.key == event.key }) { return .known }
    if let since, event.kind != nil, event.subject != nil {
      let told = agenda.events.filter {
        $0.isAbout(event) && $0.told >= since && ($0.raisedBy == nil || !$0.agrees(with: event))
      }
      // Those that were sent at one instant have no order.
      let latest = told.map(\.told).max()
      if told.contains(where: { $0.told == latest && $0.agrees(with: event) }) { return .told }
    }
    _ = receive(event)
    return .raised
  }

  func undispatched(limit: Int) -> [EventRecord] {
    Array(agenda.events.lazy.filter { $0.dispatched == nil }.prefix(max(limit, 0)))
  }

  mutating func dispatch(
    _ event: EventRecord, _ deliveries: [DueDelivery], at instant: Milliseconds
  ) -> [Delivery]? {
    guard let index = agenda.events.firstIndex(where: { $0.key == event.key }),
      agenda.events[index].dispatched == nil, agenda.events[index].round == event.round
    else { return nil }
    agenda.events[index].dispatched = instant
    let first = event.round == 0 ? agenda.events[index].repeatOf : nil
    let settled = deliveries.map { settle($0, of: event, repeating: first) }
    agenda.deliveries += settled
    return settled
  }

  private mutating func settle(_ due: DueDelivery, of event: EventRecord, repeating first: String?) -> Delivery {
    func delivery(_ outcome: Delivery.Outcome, _ run: RunID?, _ reason: String? = nil) -> Delivery {
      Delivery(
        event: event.key, round: event.round, playbook: due.playbook, outcome: outcome, run: run, reason: reason)
    }
    switch due.fate {
    case .ignored(let reason): return delivery(.ignored, nil, reason)
    case .start(let run):
      let isRaised = event.raisedBy == nil && agenda.events.contains { $0.key == first && $0.raisedBy != nil }
      if let first, let told = runTold(by: first, isRaised: isRaised, playbook: due.playbook) {
        return delivery(.coalesced, told, Delivery.reason(first, isRaised: isRaised))
      }
      _ = start(run, requiring: [], heldBy: nil)
      return delivery(.ran, run.id)
    }
  }

  /// The run of the first event for a playbook, which a repetition becomes part of: one that nobody has begun, or any where
  /// a run raised what a callback says.
  private func runTold(by event: String, isRaised: Bool, playbook: String) -> RunID? {
    agenda.deliveries.lazy.filter { $0.event == event && $0.playbook == playbook }.compactMap(\.run)
      .first { isRaised || runs[$0]?.record.status == .queued && runs[$0]?.lease == nil }
  }

  mutating func redeliver(_ key: String, _ signature: Signature) -> Bool {
    guard let index = agenda.events.firstIndex(where: { $0.key == key }) else { return false }
    guard agenda.events[index].dispatched != nil else { return true }
    agenda.events[index].dispatched = nil
    agenda.events[index].round += 1
    audit.append(.redelivered(key, signature))
    announce(.event)
    return true
  }

  func events(_ filter: EventFilter) -> [EventRecord] {
    let found = agenda.events.reversed().lazy.filter { event in
      (filter.key.map { event.key.hasPrefix($0) } ?? true) && (filter.profile.map { $0 == event.profile } ?? true)
        && (filter.kind.map { $0 == event.kind } ?? true) && (filter.subject.map { $0 == event.subject } ?? true)
        && (filter.since.map { event.received >= $0 } ?? true)
    }
    return Array(found.prefix(max(filter.limit, 0)))
  }
}

/// Events, and what becomes of them.
extension MemoryContents {
  mutating func receive(_ event: EventRecord) -> EventReception {
    guard !agenda.events.contains(where: { $0.key == event.key }) else { return .duplicate }
    var event = event
    event.repeatOf =
      agenda.events.last { $0.digest == event.digest && $0.profile == event.profile && $0.repeatOf == nil }?.key
    agenda.events.append(event)
    announce(.event)
    return .stored
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
      if let first, let waiting = unbegunRun(of: first, playbook: due.playbook) {
        return delivery(.coalesced, waiting, "it says what \(first.prefix(12)) said, whose run had not started")
      }
      _ = start(run, requiring: [], heldBy: nil)
      return delivery(.ran, run.id)
    }
  }

  private func unbegunRun(of event: String, playbook: String) -> RunID? {
    agenda.deliveries.lazy.filter { $0.event == event && $0.playbook == playbook }.compactMap(\.run)
      .first { runs[$0]?.record.status == .queued && runs[$0]?.lease == nil }
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
        && (filter.kind.map { $0 == event.kind } ?? true) && (filter.since.map { event.received >= $0 } ?? true)
    }
    return Array(found.prefix(max(filter.limit, 0)))
  }
}

/// What a journal in memory knows of schedules and events; the journal's lock guards it.
struct AgendaLedger {
  struct Place: Hashable {
    let name: String
    let profile: String
  }

  var enablements: [Place: Enablement] = [:]
  /// Those that were removed as well: their occurrences stay.
  var schedules: [ScheduleKey: ScheduleRecord] = [:]
  var removed: Set<ScheduleKey> = []
  var occurrences: [ScheduleKey: [Milliseconds: Occurrence]] = [:]
  /// In the order in which they came.
  var events: [EventRecord] = []
  var deliveries: [Delivery] = []
  var verifications: [String: Milliseconds] = [:]

  func present(_ key: ScheduleKey) -> ScheduleRecord? { removed.contains(key) ? nil : schedules[key] }

  /// - Returns: whether it is written; an occurrence has one row.
  mutating func record(_ occurrence: Occurrence, replacing outcomes: Set<Occurrence.Outcome>) -> Bool {
    let known = occurrences[occurrence.schedule]?[occurrence.instant]
    if let known, !outcomes.contains(known.outcome) { return false }
    occurrences[occurrence.schedule, default: [:]][occurrence.instant] = occurrence
    return true
  }
}

extension MemoryContents {
  mutating func enable(_ enablement: Enablement, _ signature: Signature) {
    let place = AgendaLedger.Place(name: enablement.playbook, profile: enablement.profile)
    if agenda.enablements[place] == nil { agenda.enablements[place] = enablement }
    agenda.enablements[place]?.mode = enablement.mode
    audit.append(.enabled(enablement, signature))
    announce(.agenda)
  }

  mutating func disable(_ playbook: String, profile: String, _ signature: Signature) -> Bool {
    guard agenda.enablements.removeValue(forKey: AgendaLedger.Place(name: playbook, profile: profile)) != nil else {
      return false
    }
    for (key, schedule) in agenda.schedules
    where schedule.playbook == playbook && key.profile == profile && schedule.origin == .header {
      agenda.schedules[key]?.revision += 1
      agenda.removed.insert(key)
    }
    audit.append(.disabled(playbook, profile: profile, signature))
    announce(.agenda)
    return true
  }

  func enablements() -> [Enablement] {
    agenda.enablements.values.sorted { ($0.playbook, $0.profile) < ($1.playbook, $1.profile) }
  }

  func schedules() -> [ScheduleRecord] {
    agenda.schedules.values.filter { !agenda.removed.contains($0.key) }
      .sorted { ($0.key.name, $0.key.profile) < ($1.key.name, $1.key.profile) }
  }

  mutating func put(_ schedule: ScheduleRecord, replacing revision: Int?, _ signature: Signature) -> Bool {
    guard agenda.present(schedule.key)?.revision == revision else { return false }
    var schedule = schedule
    let known = agenda.schedules[schedule.key]
    schedule.through = max(schedule.through, known?.through ?? .min)
    schedule.revision = (known?.revision ?? 0) + 1
    agenda.schedules[schedule.key] = schedule
    agenda.removed.remove(schedule.key)
    audit.append(.scheduled(schedule, signature))
    announce(.agenda)
    return true
  }

  mutating func pause(_ key: ScheduleKey, _ paused: Bool, _ signature: Signature) -> Bool {
    guard var schedule = agenda.present(key), (schedule.paused != nil) != paused else { return false }
    schedule.paused = paused ? signature.instant : nil
    schedule.revision += 1
    agenda.schedules[key] = schedule
    audit.append(.paused(key, paused, signature))
    announce(.agenda)
    return true
  }

  mutating func remove(_ key: ScheduleKey, _ signature: Signature) -> Bool {
    guard agenda.present(key) != nil else { return false }
    agenda.schedules[key]?.revision += 1
    agenda.removed.insert(key)
    audit.append(.unscheduled(key, signature))
    announce(.agenda)
    return true
  }

  // MARK: The ledger

  mutating func account(_ account: DueAccount, at instant: Milliseconds) -> Accounting {
    let schedule = account.schedule
    guard let known = agenda.present(schedule.key), known.revision == schedule.revision,
      known.through == schedule.through
    else { return .changed }
    var occurrences: [Occurrence] = []
    for occurrence in account.due {
      let settled = settle(occurrence, of: schedule.key, at: instant)
      if agenda.record(settled, replacing: []) { occurrences.append(settled) }
    }
    agenda.schedules[schedule.key]?.through = account.through
    return .accounted(occurrences)
  }

  mutating func makeUp(
    _ due: [DueOccurrence], of key: ScheduleKey, at instant: Milliseconds, _ signature: Signature
  ) -> [Occurrence] {
    guard agenda.schedules[key] != nil else { return [] }
    let open: Set<Occurrence.Outcome> = [.missed, .skipped]
    var occurrences: [Occurrence] = []
    for occurrence in due {
      if let known = agenda.occurrences[key]?[occurrence.instant], !open.contains(known.outcome) { continue }
      let settled = settle(occurrence, of: key, at: instant)
      if agenda.record(settled, replacing: open) { occurrences.append(settled) }
    }
    audit.append(.madeUp(key, occurrences.count, signature))
    return occurrences
  }

  private mutating func settle(_ due: DueOccurrence, of key: ScheduleKey, at instant: Milliseconds) -> Occurrence {
    func row(
      _ outcome: Occurrence.Outcome, run: RunID? = nil, into: Milliseconds? = nil, _ reason: String? = nil
    ) -> Occurrence {
      Occurrence(
        schedule: key, instant: due.instant, outcome: outcome, run: run, into: into, reason: reason, accounted: instant)
    }
    switch due.fate {
    case .coalesced(let into): return row(.coalesced, into: into)
    case .skipped(let reason): return row(.skipped, reason)
    case .missed(let reason): return row(.missed, reason)
    case .start(var run, let overlap):
      switch overlap {
      case .allow: break
      case .skip:
        if let first = going(run).first { return row(.skipped, "\(first.record.id) still went on") }
      case .queue:
        let count = going(run).prefix(DueOccurrence.longestQueue).count
        guard count < DueOccurrence.longestQueue else {
          return row(.skipped, "\(count) runs waited for their turn already")
        }
        run.isInTurn = true
      case .cancelRunning:
        for other in going(run) {
          other.request = .cancel
          comeDue(other, at: instant)
        }
        run.isInTurn = true
      }
      _ = start(run, requiring: [], heldBy: nil)
      return row(.ran, run: run.id)
    }
  }

  /// The runs of the same playbook and shop that go on, the earliest first; one that only waits for a person does not.
  private func going(_ run: RunRecord) -> LazyFilterSequence<[RunLedger]> {
    live.runs(of: run.playbook, for: run.profile).lazy.filter(\.goesOn)
  }

  /// Whether a run that is queued must not begin yet.
  func waitsItsTurn(_ run: RunLedger) -> Bool {
    guard run.record.isInTurn, run.record.status == .queued else { return false }
    return live.runs(of: run.record.playbook, for: run.record.profile).prefix { $0.number < run.number }
      .contains(where: \.goesOn)
  }

  func occurrences(_ filter: OccurrenceFilter) -> [Occurrence] {
    let found = agenda.occurrences.values.joined().map(\.value).filter { row in
      (filter.schedule.map { $0 == row.schedule } ?? true) && (filter.name.map { $0 == row.schedule.name } ?? true)
        && (filter.run.map { $0 == row.run } ?? true) && (filter.outcomes.map { $0.contains(row.outcome) } ?? true)
        && (filter.since.map { row.instant >= $0 } ?? true) && (filter.until.map { row.instant <= $0 } ?? true)
    }
    return Array(
      found.sorted {
        ($1.instant, $0.schedule.name, $0.schedule.profile) < ($0.instant, $1.schedule.name, $1.schedule.profile)
      }
      .prefix(max(filter.limit, 0)))
  }
}

extension RunLedger {
  /// When it is due by itself; nil where that is not later than the instant, or never.
  func nextDue(after instant: Milliseconds) -> Milliseconds? {
    let due: Milliseconds?
    switch record.status {
    case .queued, .running: due = 0
    case .waiting: due = record.wake
    case .paused, .succeeded, .failed, .cancelled, .diverged: due = nil
    }
    guard let due else { return nil }
    let next = max(due, lease?.expires ?? 0)
    return next > instant ? next : nil
  }

  /// Whether it keeps another run of its playbook and shop from beginning.
  var goesOn: Bool {
    switch record.status {
    case .queued, .running, .paused: true
    case .waiting(let wait): ![.approval, .settlement, .budget].contains(wait)
    case .succeeded, .failed, .cancelled, .diverged: false
    }
  }
}

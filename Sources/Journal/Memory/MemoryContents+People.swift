/// What people ask and decide.
extension MemoryContents {
  // MARK: Showing

  func runs(_ filter: RunFilter) -> [RunRecord] {
    let wanted = runs.values.filter { ledger in
      let record = ledger.record
      return filter.statuses?.contains(record.status.name) ?? true
        && filter.playbook.map { $0 == record.playbook } ?? true
        && filter.profile.map { $0 == record.profile } ?? true && filter.since.map { $0 <= record.started } ?? true
    }
    return wanted.sorted { ($0.record.started, $0.number) > ($1.record.started, $1.number) }
      .prefix(filter.limit).map(\.record)
  }

  func effects(_ filter: EffectFilter) -> [EffectRecord] {
    let wanted = runs.values.flatMap { ledger in
      ledger.effects.values.filter { effect in
        filter.run.map { $0 == effect.run } ?? true && (!filter.unsettled || effect.state.isLive)
          && filter.resource.map { id in effect.claims.contains { $0.id == id } } ?? true
      }.map { (number: ledger.number, effect: $0) }
    }
    return wanted.sorted { left, right in
      (left.effect.intended, left.number, left.effect.path) > (right.effect.intended, right.number, right.effect.path)
    }.prefix(filter.limit).map(\.effect)
  }

  func approvals(_ filter: ApprovalFilter) -> [Approval] {
    approvals.reversed().map { $0.read(at: filter.at) }.filter { approval in
      filter.id.map { $0 == approval.id } ?? true && filter.run.map { $0 == approval.run } ?? true
        && filter.states?.contains(approval.state) ?? true
    }.prefix(filter.limit).map { $0 }
  }

  func decisions(about subject: String) -> [SubjectDecision] {
    let ledgers = runs.values.sorted { $0.number < $1.number }
    let found = ledgers.flatMap { ledger in
      ledger.notes.compactMap { kept -> SubjectDecision? in
        guard let decision = kept.note.content.decision, decision.subject == subject else { return nil }
        let record = ledger.record
        return SubjectDecision(
          run: record.id, playbook: record.playbook, profile: record.profile, instant: kept.instant, decision: decision)
      }
    }
    return found.enumerated().sorted { ($0.element.instant, $0.offset) < ($1.element.instant, $1.offset) }
      .map(\.element)
  }

  func audit(about subject: String?, limit: Int) -> [AuditLine] {
    audit.reversed().filter { line in subject.map { $0 == line.subject } ?? true }.prefix(limit).map { $0 }
  }

  // MARK: Deciding

  mutating func settle(
    _ run: RunID, _ path: StepPath, as state: EffectState, _ signature: Signature
  ) throws(JournalError) -> SettleOutcome {
    guard let ledger = runs[run], let effect = ledger.effects[path] else { return .unknownEffect }
    guard effect.state.isLive else { return .isSettled(effect) }
    if let lease = ledger.lease(at: signature.instant) { return .isHeld(lease) }
    let settled = finish(effect, as: state, detail: signature.why, answer: nil, at: signature.instant, in: ledger)
    audit.append(.settled(settled, was: effect.state, signature))
    comeDue(ledger, at: signature.instant)
    return .settled(settled)
  }

  mutating func decide(
    _ id: String, showing digest: String, approve: Bool, _ signature: Signature
  ) -> DecideOutcome {
    guard let index = approvals.firstIndex(where: { $0.id == id }) else { return .unknownApproval }
    if approvals[index].state == .pending, approvals[index].expires <= signature.instant {
      approvals[index].state = .expired
      if let ledger = runs[approvals[index].run] { comeDue(ledger, at: signature.instant) }
    }
    let approval = approvals[index]
    guard approval.state == .pending else { return .isOver(approval) }
    guard approval.digest == digest else { return .changed(approval) }
    let decided = approval.decided(approve: approve, signature)
    approvals[index] = decided
    audit.append(.decided(decided, signature))
    if let ledger = runs[decided.run] { comeDue(ledger, at: signature.instant) }
    return .decided(decided)
  }

  mutating func request(
    _ request: RunRequest, of run: RunID, _ signature: Signature
  ) throws(JournalError) -> Bool {
    let ledger = try ledger(run)
    guard !ledger.record.status.isFinal else { return false }
    ledger.request = request
    audit.append(.requested(request, of: run, signature))
    guard ledger.lease(at: signature.instant) == nil else { return true }
    comeDue(ledger, at: signature.instant)
    if ledger.record.status == .paused, request == .cancel { queue(ledger) }
    return true
  }

  mutating func wake(_ run: RunID, _ signature: Signature) throws(JournalError) -> Bool {
    let ledger = try ledger(run)
    guard ledger.lease(at: signature.instant) == nil else { return false }
    switch ledger.record.status {
    case .succeeded, .failed, .cancelled: return false
    case .queued, .running: break
    case .waiting: comeDue(ledger, at: signature.instant)
    case .paused, .diverged: queue(ledger)
    }
    if ledger.request == .pause { ledger.request = nil }
    audit.append(.woken(run, signature))
    return true
  }

  /// A run that stands still is to go on.
  private mutating func queue(_ ledger: RunLedger) {
    ledger.record.status = .queued
    live.insert(ledger)
    ledger.record.wake = nil
    ledger.record.failure = nil
    ledger.record.ended = nil
    announce(.run(ledger.record.id, .queued))
  }

  // MARK: Holds, freezes, plans

  mutating func hold(_ hold: Hold) {
    holds.removeAll { $0.subject == hold.subject && $0.profile == hold.profile }
    holds.append(hold)
    audit.append(.held(hold))
  }

  mutating func release(_ subject: String, profile: String?, _ signature: Signature) -> Bool {
    guard let index = holds.firstIndex(where: { $0.subject == subject && $0.profile == profile }) else { return false }
    let hold = holds.remove(at: index)
    guard hold.holds(at: signature.instant) else { return false }
    audit.append(.released(subject, signature))
    return true
  }

  mutating func freeze(_ freeze: Freeze) {
    freezes.removeAll { $0.profile == freeze.profile }
    freezes.append(freeze)
    audit.append(.frozen(freeze))
  }

  mutating func thaw(profile: String?, _ signature: Signature) -> Bool {
    guard let index = freezes.firstIndex(where: { $0.profile == profile }) else { return false }
    freezes.remove(at: index)
    audit.append(.thawed(profile, signature))
    return true
  }
}

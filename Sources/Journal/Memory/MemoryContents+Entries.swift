import JSON

extension MemoryContents {
  mutating func commit(_ entries: [Entry], under lease: Lease) throws(JournalError) -> [EntryOutcome] {
    let ledger = try ledger(lease.run)
    return entries.map { commit($0, under: lease, in: ledger) }
  }

  private mutating func commit(_ entry: Entry, under lease: Lease, in ledger: RunLedger) -> EntryOutcome {
    guard ledger.epoch == lease.epoch, ledger.lease != nil else { return .fenced }
    var outcome = EntryOutcome.committed
    switch entry.body {
    case .step(let step):
      if let known = ledger.steps[step.path] {
        // The same step again is a repeated commit, whose notes are recorded as well.
        return known == step ? .committed : .conflict("step \(step.path) is recorded with another result")
      }
      ledger.steps[step.path] = step
    case .answer(let asked):
      if let known = ledger.steps[asked.refused.path] {
        guard asked.isRecorded(as: known) else {
          return .conflict("step \(known.path) is recorded with another result")
        }
        return .answered(known)
      }
      let step = answer(asked, by: lease.run, at: entry.instant)
      ledger.steps[step.path] = step
      outcome = .answered(step)
    case .supersede(let path):
      guard let step = ledger.steps[path], step.sequence == ledger.steps.count else {
        return .conflict("step \(path) is not the last one")
      }
      ledger.superseded.append(step)
      ledger.steps[path] = nil
    case .intent(let effect, let caps, let approval):
      if let refusal = refusal(of: effect, within: caps, approval, in: ledger, at: entry.instant) { return refusal }
      for claim in effect.claims { claims[claim] = lease.run }
      let scopes = Set(caps.map(\.scope))
      for scope in scopes { budgets[scope, default: BudgetLedger()].charge(effect, at: entry.instant) }
      ledger.effects[effect.path] = effect
      ledger.budgetScopes[effect.path] = scopes
      announce(.effect(lease.run, effect.path, .intended))
    case .settle(let path, let state, let detail, let answer):
      if let conflict = settle(path, state, detail, answer, at: entry.instant, in: ledger) { return conflict }
    case .ask(let request):
      guard !ledger.record.status.isFinal else { return .conflict("a run that is over asks nothing") }
      outcome = ask(request, of: lease.run, at: entry.instant)
    case .lapse(let id):
      outcome = end(id, of: lease.run, from: .pending, as: .expired, at: entry.instant)
    case .retract(let id):
      outcome = end(id, of: lease.run, from: .approved, as: .superseded, at: entry.instant)
    case .status(let status, let wake, let result, let failure):
      ledger.record.status = status
      ledger.record.wake = wake
      if case .waiting = status, let woken = ledger.woken { ledger.record.wake = min(wake ?? woken, woken) }
      ledger.woken = nil
      ledger.record.result = result ?? ledger.record.result
      ledger.record.failure = failure
      ledger.record.ended = status.isFinal ? entry.instant : nil
      if status.isFinal || status == .paused { ledger.request = nil }
      if status.isFinal {
        dropQuestions(of: lease.run)
        live.remove(ledger)
      } else {
        live.insert(ledger)
      }
      announce(.run(lease.run, status))
    case .version(let version):
      audit.append(.moved(ledger.record, to: version, by: lease, at: entry.instant))
      ledger.record.version = version
    case .release:
      ledger.lease = nil
    case .notes:
      break
    }
    ledger.notes += entry.notes.map { KeptNote(note: $0, instant: entry.instant) }
    return outcome
  }

  // MARK: Effects

  private func refusal(
    of effect: EffectRecord, within caps: [Budget], _ approval: String?, in ledger: RunLedger,
    at instant: Milliseconds
  ) -> EntryOutcome? {
    if let known = ledger.effects[effect.path], known.state != .notDone || effect.attempt != known.attempt + 1 {
      return .conflict("a write is announced at \(effect.path) already")
    }
    let profile = ledger.record.profile
    if let freeze = freezes.first(where: { $0.profile == nil || $0.profile == profile }) { return .frozen(freeze) }
    if let hold = holds.first(where: { hold in
      hold.holds(at: instant) && (hold.profile == nil || hold.profile == profile)
        && (effect.subjects.contains(hold.subject) || effect.claims.contains { $0.id == hold.subject })
    }) {
      return .held(hold)
    }
    for claim in effect.claims {
      if let holder = claims[claim] { return .claimed(claim, by: holder) }
    }
    if let other = question(about: effect.claims, beside: effect.run, effect.path, at: instant) {
      return .awaiting(other)
    }
    if let approval {
      let asked = approvals.first { $0.id == approval && $0.run == effect.run && $0.path == effect.path }
      guard asked?.state == .approved else { return .unapproved(asked) }
    }
    for cap in caps {
      let ledger = budgets[cap.scope] ?? BudgetLedger()
      if !ledger.admits(effect, under: cap, at: instant) { return .overBudget(cap, used: ledger.use(under: cap)) }
    }
    return nil
  }

  mutating func settle(
    _ path: StepPath, _ state: EffectState, _ detail: String?, _ answer: JSON?, at instant: Milliseconds,
    in ledger: RunLedger
  ) -> EntryOutcome? {
    guard let effect = ledger.effects[path] else { return .conflict("no write was announced at \(path)") }
    // Announcing again is an intent of its own: it takes the claims and budgets anew.
    guard state != .intended, effect.state.canBecome(state) else {
      return .conflict("an effect that is \(effect.state.rawValue) cannot become \(state.rawValue)")
    }
    _ = finish(effect, as: state, detail: detail, answer: answer, at: instant, in: ledger)
    return nil
  }

  /// Brings an effect into a state, whatever it was before.
  mutating func finish(
    _ effect: EffectRecord, as state: EffectState, detail: String?, answer: JSON?, at instant: Milliseconds,
    in ledger: RunLedger
  ) -> EffectRecord {
    var next = effect
    next.state = state
    next.detail = detail
    next.answer = answer ?? effect.answer
    next.changed = instant
    ledger.effects[effect.path] = next
    // What was not live gave its claims back already; another effect may have them by now.
    if effect.state.isLive, !state.isLive { release(next, scopes: ledger.budgetScopes[effect.path] ?? []) }
    announce(.effect(effect.run, effect.path, state))
    return next
  }

  private mutating func release(_ effect: EffectRecord, scopes: Set<String>) {
    for claim in effect.claims { claims[claim] = nil }
    guard effect.state != .confirmed else { return }
    for scope in scopes { budgets[scope]?.giveBack(effect) }
  }

  // MARK: Questions

  private mutating func ask(_ request: ApprovalRequest, of run: RunID, at instant: Milliseconds) -> EntryOutcome {
    for index in approvals.indices
    where approvals[index].run == run && approvals[index].path == request.path && approvals[index].state == .pending {
      // The same question again is a repeated commit.
      if approvals[index].digest == request.digest { return .asked(approvals[index]) }
      approvals[index].state = .superseded
    }
    if let other = question(about: request.claims, beside: run, request.path, at: instant) { return .awaiting(other) }
    let approval = Approval(
      id: "A\(approvals.count + 1)", run: run, path: request.path, title: request.title, items: request.items,
      digest: request.digest, claims: request.claims, asked: instant, expires: request.expires)
    approvals.append(approval)
    return .asked(approval)
  }

  /// A question of another step that touches the same and may still be answered.
  private func question(
    about claims: [ClaimKey], beside run: RunID, _ path: StepPath, at instant: Milliseconds
  ) -> Approval? {
    approvals.first { approval in
      approval.state == .pending && instant < approval.expires && (approval.run != run || approval.path != path)
        && !Set(approval.claims).isDisjoint(with: claims)
    }
  }

  /// Ends a question that is in that state, and says how it stands.
  private mutating func end(
    _ id: String, of run: RunID, from state: Approval.State, as next: Approval.State, at instant: Milliseconds
  ) -> EntryOutcome {
    guard let index = approvals.firstIndex(where: { $0.id == id && $0.run == run }) else {
      return .conflict("\(id) is no question of this run")
    }
    let isOver = next != .expired || instant >= approvals[index].expires
    if approvals[index].state == state, isOver { approvals[index].state = next }
    return .asked(approvals[index])
  }

  private mutating func dropQuestions(of run: RunID) {
    for index in approvals.indices where approvals[index].run == run && approvals[index].state == .pending {
      approvals[index].state = .superseded
    }
  }
}

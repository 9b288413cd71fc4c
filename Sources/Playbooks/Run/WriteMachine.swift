import Catalogue
import JSON
import Journal
import PandaPon

/// The life of one write of a run, from the guards to its settled effect.
///
/// A value: each method takes what happened and answers what to do next; the run does it. A write is announced before
/// it is sent (G6); where its outcome is not known it is settled by reading back, and sent again only where it is known
/// not to have taken place and two executions equal one (G7). It may begin with an effect that is recorded already.
struct WriteMachine {
  /// What a settlement is for.
  private enum Question {
    /// The write left, and no answer said what became of it.
    case outcome
    /// It was sent a second time and refused: perhaps because the first took place after all.
    case refusal(Conclusion)
    /// The store was restored from a copy: the write may have been sent by the run that the store forgot.
    case forgotten
    /// It is known that it took place: what does the marketplace show?
    case answer
  }

  /// What was found of a forgotten write, to be recorded once it is announced.
  private enum Finding {
    case done(JSON)
    case unclear(String)
  }

  /// How often a write is sent before Ebb gives up.
  static let mostAttempts = 3
  /// How long a write is settled while its branch waits and the run stays awake, in milliseconds.
  static let patience: Milliseconds = 30_000

  let operation: Operation
  let arguments: Arguments
  /// As it is recorded, once it is.
  private(set) var effect: EffectRecord
  private(set) var phase = Phase.idle
  /// Whether the intent was recorded.
  private(set) var isAnnounced: Bool
  /// Where the store was restored: the moment of the copy, and when this run noticed.
  var forgotten: (since: Milliseconds, noticed: Milliseconds)?
  /// Whether the script waits for what the write answers.
  var needsAnswer = true
  /// The latest question to a person about it.
  var approval: Approval?
  /// What it was recognised by when it was put off for its hours: what is put off is done only as it was seen then.
  var seen: String?
  /// The approval by which it is announced.
  private(set) var grant: String?
  /// Whom it is about and why, where it is an `act`.
  private let act: PendingStep.Act?

  /// The next attempt, as it will be announced.
  private var draft: EffectRecord
  private var budgets: [Budget] = []
  private var readsBefore: [ReadRequest] = []
  private var befores: [JSON] = []
  private var settlement: Settlement?
  private var question = Question.outcome
  private var finding: Finding?
  private var doubt = ""
  private var doubtRequest: String?
  private var patienceEnds: Milliseconds = 0

  /// A write about to start.
  ///
  /// - Parameter act: what the script says that it is about, and why, where it is an `act`.
  init(
    operation: Operation, arguments: Arguments, run: RunID, path: StepPath, digest: String,
    profile: String, act: PendingStep.Act? = nil, instant: Milliseconds
  ) {
    self.operation = operation
    self.arguments = arguments
    self.act = act
    isAnnounced = false
    effect = EffectRecord(
      run: run, path: path, operation: operation.id, arguments: arguments.script, digest: digest,
      claims: operation.claims(of: arguments).map { ClaimKey(profile: profile, kind: $0.kind, id: $0.id) },
      subjects: act.map { [$0.subject.id] } ?? [], charge: nil, instant: instant)
    draft = effect
  }

  /// A write that is recorded: ``goOn(under:at:)`` takes it up where it stands.
  init(operation: Operation, arguments: Arguments, act: PendingStep.Act? = nil, resuming effect: EffectRecord) {
    self.operation = operation
    self.arguments = arguments
    self.act = act
    self.effect = effect
    draft = effect
    isAnnounced = true
  }

  /// What the write touches, for the report: its claims, or its operation where it claims nothing.
  var resource: String {
    effect.claims.isEmpty ? operation.id : effect.claims.map(\.resource).joined(separator: ", ")
  }

  /// What it moves, as far as it is known.
  var charge: Charge? { draft.charge }

  /// Whether it waits for its time or for a person, and nothing of it is under way; and what for.
  var parking: Parking? {
    if case .parked(let parking) = phase { parking } else { nil }
  }

  /// Whether it is recorded and may have been sent: it must be settled before its run is over.
  var isUnsettled: Bool { isAnnounced && effect.state.isLive }

  // MARK: Beginning and going on

  /// The first step of a new write: refuse what the guards forbid by name, else read the resource, else announce.
  mutating func begin(under policy: WritePolicy, at now: Milliseconds) -> [Action] {
    patienceEnds = now + Self.patience
    draft = effect
    if isAnnounced { draft.attempt += 1 }
    befores = []
    if let refusal = policy.refusal(of: operation) { return conclude(refused(refusal)) }
    if let approval {
      switch approval.state {
      case .pending: return now < approval.expires ? park(waiting(for: approval)) : lapse(approval)
      case .rejected, .expired: return conclude(turnedDown(approval))
      case .approved, .superseded: break
      }
    }
    readsBefore = operation.beforeReads(for: arguments)
    return nextBefore(under: policy, at: now)
  }

  /// Takes up a write that was parked or is recorded: its time has come, a person did something, or another process
  /// left it as it stands.
  mutating func goOn(under policy: WritePolicy, at now: Milliseconds) -> [Action] {
    patienceEnds = now + Self.patience
    guard isAnnounced else { return begin(under: policy, at: now) }
    switch effect.state {
    case .intended:
      return settle("the process ended before its answer was recorded", under: policy, at: now)
    case .accepted, .unknown:
      doubt = effect.detail ?? "its answer was lost"
      // A restored store may have forgotten a later attempt.
      return ask(.outcome, since: max(effect.changed, forgotten?.noticed ?? effect.changed), under: policy, at: now)
    case .disputed: return park(inDoubt("a person disputes what became of it"))
    case .confirmed:
      guard needsAnswer, effect.answer == nil else { return conclude(confirmed(nil, requestID: nil)) }
      return ask(.answer, since: now, under: policy, at: now)
    case .notDone: return begin(under: policy, at: now)
    case .rejected, .withdrawn:
      return conclude(ended(effect.state, effect.detail ?? "it was not carried out"))
    }
  }

  /// The waiting time is over; or it was cut short, because whoever advances the run is asked to stop: then it is left as
  /// it stands.
  mutating func didWait(under policy: WritePolicy, at now: Milliseconds) -> [Action] {
    guard case .waiting(let until) = phase, var settlement else { return [] }
    guard now >= until else {
      var parking = inDoubt(doubt)
      parking.wake = until
      phase = .parked(parking)
      return []
    }
    let next = settlement.begin(at: now)
    self.settlement = settlement
    return follow(next, under: policy, at: now)
  }

  /// It is announced and is not sent, because its run stops.
  ///
  /// - Parameter isFinal: whether the run is over; else whoever resumes it announces it again.
  mutating func recall(isFinal: Bool, at now: Milliseconds) -> [Action] {
    let detail = "the run ended before it was sent"
    phase = .over
    if isFinal { return [record(.withdrawn, detail, at: now)] }
    return [record(.unknown, detail, at: now), record(.notDone, detail, at: now)]
  }

  // MARK: Before

  /// The resource was read.
  mutating func didReadBefore(_ outcome: Outcome, under policy: WritePolicy, at now: Milliseconds) -> [Action] {
    switch outcome {
    case .ok(let answer):
      befores.append(answer.data)
      return nextBefore(under: policy, at: now)
    case .notSent(let failure) where failure.code == .unauthorized:
      return park(Parking(wait: .credentials, failure: failure.script(of: operation)))
    case .rejected(let failure), .notSent(let failure), .unknown(let failure):
      return conclude(refused(failure.script(of: operation)))
    }
  }

  private mutating func nextBefore(under policy: WritePolicy, at now: Milliseconds) -> [Action] {
    if !readsBefore.isEmpty {
      phase = .readingBefore
      return [.readBefore(readsBefore.removeFirst())]
    }
    if let drift = act?.expectation?.drift(of: operation, in: befores), !drift.isEmpty {
      return conclude(drifted(drift))
    }
    let amount = operation.amount(in: befores, arguments: arguments)
    draft.charge = amount.map { fen in
      let direction = operation.before?.direction.flatMap { Charge.Direction(rawValue: $0.rawValue) }
      return Charge(
        minorUnits: fen.value, currency: befores.first?["currency"]?.string ?? "CNY", direction: direction ?? .out)
    }
    draft.addSubjects(from: [arguments.script] + befores)
    var write = ProposedWrite(
      operation: operation, arguments: arguments, path: draft.path, claims: draft.claims, subject: act?.subject,
      reason: act?.reason, charge: draft.charge, befores: befores)
    write.isApproved = act?.expectation?.approves(draft.charge) ?? false
    if let seen, seen != write.digest { return conclude(changedMeanwhile()) }
    switch policy.judge(write, approval: approval, at: now) {
    case .refused(let failure): return conclude(refused(failure))
    case .ask(let request, _): return ask(request, retracting: nil)
    case .askAnew(let request, let retracted): return ask(request, retracting: retracted.id)
    case .asked(let approval): return park(waiting(for: approval))
    case .lapse(let approval): return lapse(approval)
    case .turnedDown(let approval): return conclude(turnedDown(approval))
    case .postponed(let until, let hours):
      seen = write.digest
      return park(postponed(until: until, hours, policy))
    case .tooLate(let hours, let until): return conclude(tooLate(hours, until: until, policy))
    case .admitted(let budgets, let approval):
      self.budgets = budgets
      grant = approval
      guard let forgotten, finding == nil else { return announce(at: now) }
      doubt = "the store was restored from a copy, and what was written after it is not recorded"
      return ask(.forgotten, since: forgotten.noticed, under: policy, at: now)
    }
  }

  private mutating func ask(_ request: ApprovalRequest, retracting approval: String?) -> [Action] {
    phase = .asking
    return [.ask(request, retracting: approval)]
  }

  private mutating func lapse(_ approval: Approval) -> [Action] {
    phase = .asking
    return [.lapse(approval: approval.id)]
  }

  /// The journal took the question, or says how it stands.
  mutating func didAsk(_ outcome: EntryOutcome, under policy: WritePolicy, at now: Milliseconds) -> [Action] {
    switch outcome {
    case .asked(let approval):
      self.approval = approval
      if approval.state == .pending, now < approval.expires { return park(waiting(for: approval)) }
      return begin(under: policy, at: now)
    case .awaiting(let approval): return conclude(awaiting(approval))
    default:
      return conclude(
        refused(ScriptFailure(.guard, "the journal refused the question: \(outcome)", operation: operation.id)))
    }
  }

  private mutating func announce(at now: Milliseconds) -> [Action] {
    draft.state = .intended
    draft.changed = now
    draft.detail = nil
    draft.answer = nil
    phase = .announcing
    return [.announce(draft, budgets)]
  }

  /// The journal took the intent, or did not.
  mutating func didAnnounce(_ outcome: EntryOutcome, under policy: WritePolicy, at now: Milliseconds) -> [Action] {
    switch outcome {
    case .committed:
      isAnnounced = true
      effect = draft
      switch finding {
      case .done(let data)?: return conclude(confirmed(data, requestID: nil))
      case .unclear(let reason)?: return [record(.unknown, reason, at: now)] + park(inDoubt(reason))
      case nil: break
      }
      phase = .sending
      return [.send]
    case .claimed(let claim, let holder):
      return conclude(kept(.claimed, "another write on \(claim.resource) is not settled yet (run \(holder))"))
    case .awaiting(let approval): return conclude(awaiting(approval))
    case .held(let hold): return conclude(held(hold, policy))
    case .frozen(let freeze): return conclude(frozen(freeze))
    case .unapproved(let approval): return conclude(unapproved(approval))
    case .overBudget(let budget, let used):
      switch policy.breach(of: budget, used: used, by: draft.charge, operation: operation) {
      case .halt(let failure): return park(Parking(wait: .budget, failure: failure))
      case .keep(let reason, let detail): return conclude(kept(.held, detail, reason: reason))
      }
    case .fenced, .conflict, .asked, .answered:
      return conclude(
        refused(ScriptFailure(.guard, "the journal refused the write: \(outcome)", operation: operation.id)))
    }
  }

  // MARK: Sent

  /// The write was sent, or could not be.
  mutating func didSend(_ outcome: Outcome, under policy: WritePolicy, at now: Milliseconds) -> [Action] {
    patienceEnds = now + Self.patience
    switch outcome {
    case .ok(let answer): return judge(answer, under: policy, at: now)
    case .rejected(let failure): return refuse(failed(failure, state: .rejected), under: policy, at: now)
    case .notSent(let failure):
      if failure.code == .unauthorized { return putOff(failure, for: .credentials, until: nil, at: now) }
      guard failure.code == .rateLimited, let pause = failure.retryAfter?.milliseconds, pause > Self.patience else {
        return conclude(failed(failure, state: .withdrawn))
      }
      return putOff(failure, for: .api, until: now + pause, at: now)
    case .unknown(let failure):
      doubtRequest = failure.requestID
      return settle(failure.message, under: policy, at: now)
    }
  }

  /// Not executed: the same effect is announced again when the marketplace takes it.
  private mutating func putOff(
    _ failure: Failure, for wait: RunStatus.Wait, until wake: Milliseconds?, at now: Milliseconds
  ) -> [Action] {
    var script = failure.script(of: operation)
    script.effect = EffectState.notDone.rawValue
    return [record(.unknown, failure.message, at: now), record(.notDone, failure.message, at: now)]
      + park(Parking(wait: wait, wake: wake, failure: script))
  }

  private mutating func judge(_ answer: Answer, under policy: WritePolicy, at now: Milliseconds) -> [Action] {
    doubtRequest = answer.requestID
    switch operation.judge(answer.data, of: arguments) {
    case .confirmed:
      return conclude(
        Conclusion(
          state: .confirmed, result: .returned(answer.values), decision: .done, attempts: answer.attempts))
    case .accepted:
      doubt = "it was accepted, and is not confirmed yet"
      return [record(.accepted, doubt, answer: answer.data, at: now)]
        + ask(.outcome, since: now, under: policy, at: now)
    case .hinted:
      return settle("its answer proves nothing either way", answer: answer.data, under: policy, at: now)
    case .rejected(let reason):
      var failure = ScriptFailure(.rejected, reason, operation: operation.id)
      failure.apiCode = answer.code
      failure.requestID = answer.requestID
      failure.effect = EffectState.rejected.rawValue
      let conclusion = Conclusion(
        state: .rejected, result: .raised(failure.fields), decision: .failed, detail: reason,
        attempts: answer.attempts)
      return refuse(conclusion, under: policy, at: now)
    }
  }

  private mutating func refuse(
    _ conclusion: Conclusion, under policy: WritePolicy, at now: Milliseconds
  ) -> [Action] {
    guard effect.attempt > 1 else { return conclude(conclusion) }
    return ask(.refusal(conclusion), since: now, under: policy, at: now)
  }

  // MARK: Settling

  private mutating func settle(
    _ doubt: String, answer: JSON? = nil, under policy: WritePolicy, at now: Milliseconds
  ) -> [Action] {
    self.doubt = doubt
    return [record(.unknown, doubt, answer: answer, at: now)] + ask(.outcome, since: now, under: policy, at: now)
  }

  private mutating func ask(
    _ question: Question, since: Milliseconds, under policy: WritePolicy, at now: Milliseconds
  ) -> [Action] {
    self.question = question
    var intended = effect.intended
    if case .forgotten = question { intended = forgotten?.since ?? intended }
    var settlement = Settlement(of: operation, arguments, answer: effect.answer, intended: intended, since: since)
    let next = settlement.begin(at: now)
    self.settlement = settlement
    return follow(next, under: policy, at: now)
  }

  /// The resource was read after a write of unknown outcome.
  mutating func didReadBack(_ outcome: Outcome, under policy: WritePolicy, at now: Milliseconds) -> [Action] {
    guard var settlement else { return [] }
    let next = settlement.didRead(outcome, at: now)
    self.settlement = settlement
    return follow(next, under: policy, at: now)
  }

  private mutating func follow(
    _ next: Settlement.Action, under policy: WritePolicy, at now: Milliseconds
  ) -> [Action] {
    switch (question, next) {
    case (_, .read(let request)):
      phase = .readingBack
      return [.readBack(request)]
    case (.outcome, .over(.done(let data, let request))), (.refusal, .over(.done(let data, let request))),
      (.answer, .over(.done(let data, let request))):
      return conclude(confirmed(data, requestID: request))
    case (.answer, _): return conclude(confirmed(nil, requestID: nil))
    case (.refusal(let conclusion), _): return conclude(conclusion)
    case (_, .wait(let instant)): return wait(until: instant, .settlement, doubt)
    case (_, .retry(let instant, let failure)):
      return wait(
        until: instant, failure.code == .unauthorized ? .credentials : .api,
        "\(doubt); reading back failed: \(failure.message)")
    case (.outcome, .over(.unclear(let reason))): return park(inDoubt("\(doubt); \(reason)"))
    case (.outcome, .over(.notDone)): return notDone(under: policy, at: now)
    case (.forgotten, .over(.done(let data, _))):
      finding = .done(data)
      return announce(at: now)
    case (.forgotten, .over(.unclear(let reason))):
      finding = .unclear("\(doubt); \(reason)")
      return announce(at: now)
    case (.forgotten, .over(.notDone)):
      forgotten = nil
      return announce(at: now)
    }
  }

  private mutating func wait(until instant: Milliseconds, _ wait: RunStatus.Wait, _ reason: String) -> [Action] {
    guard instant > patienceEnds else {
      phase = .waiting(until: instant)
      return [.wait(until: instant)]
    }
    var parking = inDoubt(reason, wait)
    parking.wake = instant
    return park(parking)
  }

  private mutating func notDone(under policy: WritePolicy, at now: Milliseconds) -> [Action] {
    guard operation.outcome?.repeat == .safe else {
      return park(
        inDoubt("\(doubt); reading back shows that it did not take place, and only a person may have it sent again"))
    }
    // It was looked for just now: nothing forgotten is left to be found.
    forgotten = nil
    let settled = record(.notDone, "reading back shows that it did not take place (\(doubt))", at: now)
    guard effect.attempt < Self.mostAttempts else {
      return [settled] + conclude(ended(.withdrawn, "given up after \(effect.attempt) attempts: \(doubt)"))
    }
    return [settled] + begin(under: policy, at: now)
  }

  // MARK: Ends

  private mutating func record(
    _ state: EffectState, _ detail: String, answer: JSON? = nil, at now: Milliseconds
  ) -> Action {
    effect.state = state
    effect.detail = detail
    effect.answer = answer ?? effect.answer
    effect.changed = now
    return .record(state, detail: detail, answer: answer)
  }

  private mutating func conclude(_ conclusion: Conclusion) -> [Action] {
    var conclusion = conclusion
    phase = .over
    // What was announced once, and is not announced again, is given up.
    if conclusion.state == nil, isAnnounced { conclusion.state = .withdrawn }
    if let state = conclusion.state, state != effect.state {
      conclusion.settles = true
      effect.state = state
    }
    return [.conclude(conclusion)]
  }

  private mutating func park(_ parking: Parking) -> [Action] {
    phase = .parked(parking)
    return [.park(parking)]
  }

  private func confirmed(_ data: JSON?, requestID: String?) -> Conclusion {
    // Without an answer on record it is worked out from what was read back, as a plan works it out beforehand. Where a plan
    // puts a placeholder for an id that the write creates, nothing stands: nobody knows it.
    let value = effect.answer ?? operation.plannedAnswer(to: arguments, before: data, placeholder: "") ?? data ?? .null
    let meta: JSON = [
      "settled_by": data == nil ? "record" : "read_back", "request_id": requestID.map(JSON.string) ?? .null,
    ]
    let detail = data == nil ? effect.detail : "confirmed by reading back: \(doubt)"
    return Conclusion(state: .confirmed, result: .returned([value, meta]), decision: .done, detail: detail)
  }

  private func failed(_ failure: Failure, state: EffectState) -> Conclusion {
    var script = failure.script(of: operation)
    script.effect = state.rawValue
    return Conclusion(
      state: state, result: .raised(script.fields), decision: .failed, detail: script.message,
      attempts: max(1, failure.attempts))
  }

  /// What an effect that ended without taking place answers.
  private func ended(_ state: EffectState, _ reason: String) -> Conclusion {
    var failure = ScriptFailure(state == .rejected ? .rejected : .unavailable, reason, operation: operation.id)
    failure.effect = state.rawValue
    return Conclusion(state: state, result: .raised(failure.fields), decision: .failed, detail: reason)
  }

  private func inDoubt(_ reason: String, _ wait: RunStatus.Wait = .settlement) -> Parking {
    var script = ScriptFailure(
      .inDoubt, "it is not known whether it took place: \(reason)", operation: operation.id,
      hint: "look at \(resource) in the console before anything is done to it again")
    script.effect = effect.state.rawValue
    script.requestID = doubtRequest
    return Parking(wait: wait, failure: script)
  }

  func kept(_ code: ScriptFailure.Code, _ detail: String, reason: String? = nil) -> Conclusion {
    let failure = ScriptFailure(code, detail, operation: operation.id)
    return Conclusion(
      state: nil, result: .raised(failure.fields), decision: .kept, reason: reason, detail: detail)
  }

  private func refused(_ failure: ScriptFailure) -> Conclusion {
    Conclusion(state: nil, result: .raised(failure.fields), decision: .failed, detail: failure.message)
  }
}

extension Duration {
  /// The time in whole milliseconds.
  var milliseconds: Milliseconds { Milliseconds(self / .milliseconds(1)) }
}

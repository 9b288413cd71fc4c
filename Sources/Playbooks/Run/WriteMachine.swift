import Catalogue
import JSON
import Journal
import PandaPon

/// The life of one write of a run, from the guards to its settled effect.
///
/// A value: each method takes what happened and answers what to do next; the run does it. A write is announced before
/// it is sent (G6), sent at most once, and where its outcome is unknown read back by the catalogue's rule (G7).
struct WriteMachine {
  /// What to do next.
  enum Action {
    /// Read the resource as it stands: guards need its amount.
    case readBefore(ReadRequest)
    /// Record the intent; claims and budgets are taken with it.
    case announce(EffectRecord, [Budget])
    /// Send it, once.
    case send
    /// The outcome is unknown: read what took place.
    case readBack(ReadRequest)
    /// It is over.
    case conclude(Conclusion)
  }

  /// How the write ended.
  struct Conclusion: Equatable {
    /// The effect's state; nil where it was never announced.
    var state: EffectState?
    /// What the script's call answers.
    var result: StepAnswer
    /// What the decision about the subject is, where the write is an `act`.
    var decision: Decision.Kind
    /// What is known, for people.
    var detail: String?
    /// Where the write waits for a person, what for.
    var waits: RunStatus.Wait?
    var attempts = 1

    /// The error that the script's call raises, if it does.
    var raised: ScriptFailure? {
      guard case .raised(let fields) = result else { return nil }
      return ScriptFailure(fields: fields)
    }
  }

  /// What it waits for.
  enum Phase {
    case idle
    case readingBefore
    case announcing
    case sending
    case readingBack
  }

  let operation: Operation
  let arguments: Arguments
  private(set) var effect: EffectRecord
  private(set) var phase = Phase.idle
  /// Whether the intent was recorded.
  private(set) var isAnnounced = false
  private var readsBefore: [ReadRequest]
  private var befores: [JSON] = []
  private var readsBack: [ReadRequest] = []
  private var found: [JSON] = []
  private var doubt: Doubt?

  /// Why the outcome is not known.
  private struct Doubt {
    let message: String
    let requestID: String?
    var answer: JSON?
  }

  /// A write about to start.
  init(
    operation: Operation, arguments: Arguments, run: RunID, path: StepPath, digest: String,
    profile: String, instant: Milliseconds
  ) {
    self.operation = operation
    self.arguments = arguments
    readsBefore = operation.beforeReads(for: arguments)
    effect = EffectRecord(
      run: run, path: path, operation: operation.id, digest: digest,
      claims: operation.claims(of: arguments).map { ClaimKey(profile: profile, kind: $0.kind, id: $0.id) },
      charge: nil, instant: instant)
  }

  /// What the write touches, for the report: its claims, or its operation where it claims nothing.
  var resource: String {
    effect.claims.isEmpty ? operation.id : effect.claims.map(\.resource).joined(separator: ", ")
  }

  /// The first step: refuse what the guards forbid by name, else read the resource, else announce.
  mutating func begin(under policy: WritePolicy) -> Action {
    if let refusal = policy.refusal(of: operation) { return .conclude(refused(refusal)) }
    return nextBefore(under: policy)
  }

  /// The resource was read.
  mutating func didReadBefore(_ outcome: Outcome, under policy: WritePolicy) -> Action {
    switch outcome {
    case .ok(let answer):
      befores.append(answer.data)
      return nextBefore(under: policy)
    case .rejected(let failure), .notSent(let failure), .unknown(let failure):
      return .conclude(refused(failure.script(of: operation)))
    }
  }

  private mutating func nextBefore(under policy: WritePolicy) -> Action {
    if !readsBefore.isEmpty {
      phase = .readingBefore
      return .readBefore(readsBefore.removeFirst())
    }
    let amount = operation.amount(in: befores, arguments: arguments)
    let charge = amount.map { fen in
      let direction = operation.before?.direction.flatMap { Charge.Direction(rawValue: $0.rawValue) }
      return Charge(
        minorUnits: fen.value, currency: befores.first?["currency"]?.string ?? "CNY", direction: direction ?? .out)
    }
    effect.charge = charge
    switch policy.judge(operation, charge: charge) {
    case .refused(let failure): return .conclude(refused(failure))
    case .needsApproval(let reason):
      var failure = ScriptFailure(.held, reason, operation: operation.id)
      failure.effect = "waiting"
      return .conclude(
        Conclusion(state: nil, result: .raised(failure.fields), decision: .waiting, detail: reason, waits: .approval))
    case .admitted(let budgets):
      phase = .announcing
      return .announce(effect, budgets)
    }
  }

  /// The journal took the intent, or did not.
  mutating func didAnnounce(_ outcome: EntryOutcome, under policy: WritePolicy) -> Action {
    switch outcome {
    case .committed:
      isAnnounced = true
      phase = .sending
      return .send
    case .claimed(let claim, let holder):
      let failure = ScriptFailure(
        .claimed, "another write on \(claim.resource) is not settled yet (run \(holder))", operation: operation.id)
      return .conclude(
        Conclusion(state: nil, result: .raised(failure.fields), decision: .kept, detail: failure.message))
    case .overBudget(let budget, _):
      let failure = policy.exhausted(budget, operation: operation)
      return .conclude(
        Conclusion(
          state: nil, result: .raised(failure.fields), decision: .waiting, detail: failure.message, waits: .budget))
    case .fenced, .conflict, .held, .frozen, .awaiting, .asked, .unapproved:
      return .conclude(
        refused(ScriptFailure(.guard, "the journal refused the write: \(outcome)", operation: operation.id)))
    }
  }

  /// The write was sent, or could not be.
  mutating func didSend(_ outcome: Outcome) -> Action {
    switch outcome {
    case .ok(let answer):
      guard operation.judge(answer.data, of: arguments) == .hinted else { return .conclude(judged(answer)) }
      return settle(
        Doubt(message: "its answer proves nothing either way", requestID: answer.requestID, answer: answer.data))
    case .rejected(let failure): return .conclude(failed(failure, state: .rejected))
    case .notSent(let failure): return .conclude(failed(failure, state: .withdrawn))
    case .unknown(let failure): return settle(Doubt(message: failure.message, requestID: failure.requestID))
    }
  }

  private mutating func settle(_ doubt: Doubt) -> Action {
    self.doubt = doubt
    readsBack = operation.readBacks(of: arguments, answer: doubt.answer, intended: effect.changed)
    guard !readsBack.isEmpty else { return .conclude(inDoubt(doubt)) }
    phase = .readingBack
    return .readBack(readsBack.removeFirst())
  }

  /// The resource was read after a write of unknown outcome: done is believed at once, not done is not (decisions.md).
  mutating func didReadBack(_ outcome: Outcome) -> Action {
    guard let doubt else { return .conclude(refused(ScriptFailure(.invalid, "nothing was sent"))) }
    guard case .ok(let answer) = outcome else { return .conclude(inDoubt(doubt)) }
    found.append(answer.data)
    if !readsBack.isEmpty { return .readBack(readsBack.removeFirst()) }
    let verdict = operation.judgeReadBack(
      of: arguments, answers: found, answer: doubt.answer, intended: effect.changed)
    if verdict == .done {
      let value =
        doubt.answer ?? operation.plannedAnswer(to: arguments, before: answer.data, placeholder: "") ?? answer.data
      let meta: JSON = ["settled_by": "read_back", "request_id": answer.requestID.map(JSON.string) ?? .null]
      return .conclude(
        Conclusion(
          state: .confirmed, result: .returned([value, meta]), decision: .done,
          detail: "confirmed by reading back: \(doubt.message)"))
    }
    return .conclude(inDoubt(doubt))
  }

  private func judged(_ answer: Answer) -> Conclusion {
    switch operation.judge(answer.data, of: arguments) {
    case .confirmed:
      return Conclusion(state: .confirmed, result: .returned(answer.values), decision: .done, attempts: answer.attempts)
    case .accepted, .hinted:  // a hint is settled by a read before it gets here
      return Conclusion(state: .accepted, result: .returned(answer.values), decision: .done, attempts: answer.attempts)
    case .rejected(let reason):
      var failure = ScriptFailure(.rejected, reason, operation: operation.id)
      failure.apiCode = answer.code
      failure.requestID = answer.requestID
      failure.effect = EffectState.rejected.rawValue
      return Conclusion(
        state: .rejected, result: .raised(failure.fields), decision: .failed, detail: reason, attempts: answer.attempts)
    }
  }

  private func failed(_ failure: Failure, state: EffectState) -> Conclusion {
    var script = failure.script(of: operation)
    script.effect = state.rawValue
    return Conclusion(state: state, result: .raised(script.fields), decision: .failed, detail: script.message)
  }

  private func inDoubt(_ doubt: Doubt) -> Conclusion {
    var script = ScriptFailure(
      .inDoubt, "it is not known whether it took place: \(doubt.message)", operation: operation.id,
      hint: "look at \(resource) in the console before anything is done to it again")
    script.effect = EffectState.unknown.rawValue
    script.requestID = doubt.requestID
    return Conclusion(
      state: .unknown, result: .raised(script.fields), decision: .waiting, detail: script.message, waits: .settlement)
  }

  private func refused(_ failure: ScriptFailure) -> Conclusion {
    Conclusion(state: nil, result: .raised(failure.fields), decision: .failed, detail: failure.message)
  }
}

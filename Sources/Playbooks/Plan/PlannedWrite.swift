import Catalogue
import JSON
import Journal
import PandaPon

/// The life of one write in a plan: the reads before it, the guards, and then it is captured. There is no way from here to
/// the marketplace (G10).
///
/// A value: its methods answer what to do next, and the run does it.
struct PlannedWrite {
  /// What to do next.
  enum Action {
    /// Read the resource as it stands, with what is planned laid over.
    case readBefore(ReadRequest)
    /// Let the plan's own journal look at claims, holds and budgets.
    case announce(EffectRecord, [Budget])
    /// Take it into the plan.
    case capture
    /// It is not to be: the call raises, and where it is an `act` that is what was decided.
    case refuse(ScriptFailure, Decision.Kind, reason: String? = nil)
    /// A limit is reached: the script does not go on.
    case halt(ScriptFailure)
  }

  let operation: Operation
  let arguments: Arguments
  let act: PendingStep.Act?
  /// As the guards see it.
  private(set) var effect: EffectRecord
  /// Why a person would be asked first; nil where nobody would.
  private(set) var approval: String?
  /// Until when it would wait; nil where it would not.
  private(set) var waits: Milliseconds?
  /// What was read before it, as shown.
  private(set) var befores: [(request: ReadRequest, data: JSON, by: [StepPath])] = []
  /// Whether all reads before it could be made: a resource that is only planned cannot be read.
  private(set) var isForeseen = false
  /// Whether the plan's journal took it.
  private(set) var isAnnounced = false
  private var readsBefore: [ReadRequest]

  /// A write about to be planned.
  init(operation: Operation, arguments: Arguments, act: PendingStep.Act?, effect: EffectRecord) {
    self.operation = operation
    self.arguments = arguments
    self.act = act
    self.effect = effect
    readsBefore = operation.beforeReads(for: arguments)
  }

  /// What it touches, for the plan and the report.
  var resources: [String] { effect.claims.map(\.resource) }

  /// The first step: refuse what the guards forbid by name, else read the resource.
  mutating func begin(under policy: WritePolicy) -> Action {
    if let refusal = policy.refusal(of: operation) { return .refuse(refusal, .failed) }
    return next(under: policy)
  }

  /// The resource was read, or is itself only planned and cannot be.
  mutating func didRead(
    _ shown: (data: JSON, by: [StepPath])?, of request: ReadRequest, under policy: WritePolicy
  ) -> Action {
    if let shown { befores.append((request, shown.data, shown.by)) } else { isForeseen = true }
    return next(under: policy)
  }

  private mutating func next(under policy: WritePolicy) -> Action {
    if !readsBefore.isEmpty { return .readBefore(readsBefore.removeFirst()) }
    let amount = isForeseen ? nil : operation.amount(in: befores.map(\.data), arguments: arguments)
    effect.charge = amount.map { fen in
      let direction = operation.before?.direction.flatMap { Charge.Direction(rawValue: $0.rawValue) }
      return Charge(
        minorUnits: fen.value, currency: befores.first?.data["currency"]?.string ?? "CNY", direction: direction ?? .out)
    }
    return judge(under: policy)
  }

  private mutating func judge(under policy: WritePolicy) -> Action {
    var write = ProposedWrite(
      operation: operation, arguments: arguments, path: effect.path, claims: effect.claims, subject: act?.subject,
      reason: act?.reason, charge: effect.charge, befores: befores.map(\.data))
    write.isForeseen = isForeseen
    let now = effect.intended
    switch policy.judge(write, approval: nil, at: now) {
    case .admitted(let budgets, _): return .announce(effect, budgets)
    case .ask(_, let reason):
      approval = reason
      return .announce(effect, policy.budgets(for: write, at: now))
    case .postponed(let until, _):
      waits = until
      return .announce(effect, policy.budgets(for: write, at: now))
    case .tooLate(let hours, let until):
      return .refuse(
        ScriptFailure(.held, "quiet hours (\(hours)) last until \(policy.wall(until))", operation: operation.id),
        .handedOver, reason: "its deadline comes before the end of quiet hours")
    case .refused(let failure): return .refuse(failure, .failed)
    // Nobody was asked about a write that is only planned.
    case .asked(let approval), .askAnew(_, let approval), .lapse(let approval), .turnedDown(let approval):
      return .refuse(approval.turnedDown, .failed)
    }
  }

  /// The plan's journal took the intent, or did not.
  mutating func didAnnounce(_ outcome: EntryOutcome, under policy: WritePolicy) -> Action {
    switch outcome {
    case .committed:
      isAnnounced = true
      return .capture
    case .claimed(let claim, let holder):
      return .refuse(
        ScriptFailure(
          .claimed, "another write on \(claim.resource) is not settled yet (run \(holder))", operation: operation.id),
        .kept)
    case .awaiting(let approval):
      return .refuse(
        ScriptFailure(.held, "it waits for approval \(approval.id) of run \(approval.run)", operation: operation.id),
        .kept, reason: "a person is asked about it already")
    case .held(let hold):
      return .refuse(
        ScriptFailure(.held, "\(hold.by) holds \(hold.subject): \(hold.why)", operation: operation.id), .kept,
        reason: "a person holds it")
    case .frozen(let freeze):
      return .refuse(
        ScriptFailure(
          .held, "\(freeze.by) stopped all writes\(freeze.why.map { ": \($0)" } ?? "")", operation: operation.id),
        .kept,
        reason: "all writes are stopped")
    case .overBudget(let budget, let used):
      switch policy.breach(of: budget, used: used, by: effect.charge, operation: operation) {
      case .halt(let failure): return .halt(failure)
      case .keep(let reason, let detail):
        return .refuse(ScriptFailure(.held, detail, operation: operation.id), .kept, reason: reason)
      }
    case .fenced, .conflict, .asked, .answered, .unapproved:
      return .refuse(
        ScriptFailure(.guard, "the journal refused the write: \(outcome)", operation: operation.id), .failed)
    }
  }
}

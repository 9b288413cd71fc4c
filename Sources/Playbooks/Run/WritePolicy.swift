import Catalogue
import Journal

/// What the guards of one run say about its writes.
struct WritePolicy {
  /// What a guard says about one write whose amount is known, if it ever will be.
  enum Verdict {
    case admitted([Budget])
    case needsApproval(String)
    case refused(ScriptFailure)
  }

  /// Writes of a run whose header sets no cap.
  static let defaultWrites = 50

  let guards: Guards
  let run: RunID
  /// How many writes the run has announced.
  var announced = 0

  /// The guard that forbids the operation by name, if one does.
  func refusal(of operation: Operation) -> ScriptFailure? {
    guard let allowed = guards.writes, !allowed.contains(operation.id) else { return nil }
    return ScriptFailure(
      .guard, "\(operation.id) is not among the writes that this playbook allows itself", operation: operation.id,
      hint: "add it to guards.writes in the playbook's header, if it should be")
  }

  /// What the guards say, now that the amount is known or known to be unreadable.
  func judge(_ operation: Operation, charge: Charge?) -> Verdict {
    let movesMoney = operation.before.map { !$0.amount.isEmpty || $0.direction != nil } ?? false
    let cap = amountCap
    if movesMoney, charge == nil, cap != nil || guards.approvalAmount != nil {
      return .refused(
        ScriptFailure(
          .guard, "its amount cannot be read, so that no limit on money can be kept", operation: operation.id))
    }
    if let charge, charge.minorUnits < 0 {
      return .refused(
        ScriptFailure(
          .guard, "its amount is negative, which would make room in the limits for others", operation: operation.id))
    }
    let direction = charge?.direction ?? operation.before?.direction.flatMap { Charge.Direction(rawValue: $0.rawValue) }
    if direction == .out, cap == nil {
      return .refused(
        ScriptFailure(
          .guard, "\(operation.id) pays money out, and no max_amount covers it", operation: operation.id,
          hint: #"set guards = { max_amount = { run = "500 CNY" } } in the playbook's header"#))
    }
    if let threshold = guards.approvalAmount, let charge {
      guard charge.currency == threshold.currency, charge.minorUnits < threshold.minorUnits else {
        let amount = Money(minorUnits: charge.minorUnits, currency: charge.currency)
        return .needsApproval("\(amount) needs a person's approval, as all from \(threshold) on")
      }
    }
    if let count = guards.approvalCount, announced >= count {
      return .needsApproval("more than \(count) writes in a run need a person's approval")
    }
    return .admitted([budget(for: charge, cap: cap)])
  }

  /// The cap on one run; a cap on the day holds for a run as well.
  private var amountCap: Money? {
    guard let run = guards.maxAmount.run, let day = guards.maxAmount.day else {
      return guards.maxAmount.run ?? guards.maxAmount.day
    }
    return run.currency == day.currency && day.minorUnits < run.minorUnits ? day : run
  }

  private var writesCap: Int {
    let caps = [guards.maxWrites.run, guards.maxWrites.day].compactMap(\.self)
    return caps.min() ?? Self.defaultWrites
  }

  private func budget(for charge: Charge?, cap: Money?) -> Budget {
    let amount = charge.flatMap { charge in
      cap.map { Charge(minorUnits: $0.minorUnits, currency: $0.currency, direction: charge.direction) }
    }
    return Budget(scope: "run:\(run)", writes: writesCap, amount: amount)
  }

  /// The error of a write that no longer fits.
  func exhausted(_ budget: Budget, operation: Operation) -> ScriptFailure {
    var parts = ["at most \(budget.writes ?? writesCap) writes"]
    if let amount = budget.amount {
      parts.append("at most \(Money(minorUnits: amount.minorUnits, currency: amount.currency))")
    }
    return ScriptFailure(
      .guard, "the limits of this run are reached (\(parts.joined(separator: ", ")))", operation: operation.id,
      hint: "the run stops here; raise max_writes or max_amount in the header if this was meant")
  }
}

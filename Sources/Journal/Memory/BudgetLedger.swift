/// What the writes of one scope have used: how many, how much money by currency and direction, and when.
struct BudgetLedger: Hashable, Sendable {
  private struct Purse: Hashable {
    let currency: String
    let direction: Charge.Direction
  }

  /// One write, whatever its attempt.
  private struct Place: Hashable {
    let run: RunID
    let path: StepPath
  }

  private var instants: [Place: Milliseconds] = [:]
  private var amounts: [Purse: Int64] = [:]

  /// Whether one more write fits at that instant; a sum that leaves 64 bits never does.
  func admits(_ effect: EffectRecord, under cap: Budget, at instant: Milliseconds) -> Bool {
    if let most = cap.writes, instants.count >= most { return false }
    if let every = cap.every, let latest = instants.values.max(), instant - latest < every { return false }
    guard let most = cap.amount, let charge = effect.charge, charge.direction == most.direction else { return true }
    guard charge.currency == most.currency else { return false }
    let used = amounts[Purse(currency: charge.currency, direction: charge.direction)] ?? 0
    let (sum, overflow) = used.addingReportingOverflow(charge.minorUnits)
    return !overflow && sum <= most.minorUnits
  }

  /// What is used, as far as the cap looks at it.
  func use(under cap: Budget) -> BudgetUse {
    let used = cap.amount.flatMap { amounts[Purse(currency: $0.currency, direction: $0.direction)] }
    return BudgetUse(writes: instants.count, amount: used ?? 0, latest: instants.values.max())
  }

  mutating func charge(_ effect: EffectRecord, at instant: Milliseconds) {
    instants[Place(run: effect.run, path: effect.path)] = instant
    add(effect.charge, times: 1)
  }

  mutating func giveBack(_ effect: EffectRecord) {
    instants[Place(run: effect.run, path: effect.path)] = nil
    add(effect.charge, times: -1)
  }

  /// Wraps around beyond 64 bits, where only a scope without a cap gets, and back when it is given back.
  private mutating func add(_ charge: Charge?, times sign: Int64) {
    guard let charge else { return }
    amounts[Purse(currency: charge.currency, direction: charge.direction), default: 0] &+= sign &* charge.minorUnits
  }
}

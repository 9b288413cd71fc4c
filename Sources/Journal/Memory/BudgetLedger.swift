/// What the writes of one scope have used: how many, and how much money by currency and direction.
struct BudgetLedger: Hashable, Sendable {
  private struct Purse: Hashable {
    let currency: String
    let direction: Charge.Direction
  }

  private var writes = 0
  private var amounts: [Purse: Int64] = [:]

  /// Whether one more write fits; a sum that leaves 64 bits never does.
  func admits(_ effect: EffectRecord, under cap: Budget) -> Bool {
    if let most = cap.writes, writes >= most { return false }
    guard let most = cap.amount, let charge = effect.charge, charge.direction == most.direction else { return true }
    guard charge.currency == most.currency else { return false }
    let used = amounts[Purse(currency: charge.currency, direction: charge.direction)] ?? 0
    let (sum, overflow) = used.addingReportingOverflow(charge.minorUnits)
    return !overflow && sum <= most.minorUnits
  }

  mutating func charge(_ effect: EffectRecord) {
    writes += 1
    add(effect.charge, times: 1)
  }

  mutating func giveBack(_ effect: EffectRecord) {
    writes -= 1
    add(effect.charge, times: -1)
  }

  /// Wraps around beyond 64 bits, where only a scope without a cap gets, and back when it is given back.
  private mutating func add(_ charge: Charge?, times sign: Int64) {
    guard let charge else { return }
    amounts[Purse(currency: charge.currency, direction: charge.direction), default: 0] &+= sign &* charge.minorUnits
  }
}

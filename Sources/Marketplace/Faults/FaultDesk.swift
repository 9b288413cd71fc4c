/// Decides which faults strike a request, and keeps count for the rules.
struct FaultDesk: Sendable {
  let seed: UInt64
  var plan: FaultPlan {
    didSet { counts = Array(repeating: 0, count: plan.rules.count) }
  }
  private var counts: [Int]

  init(plan: FaultPlan, seed: UInt64) {
    self.plan = plan
    self.seed = seed
    counts = Array(repeating: 0, count: plan.rules.count)
  }

  /// The faults that strike the next request for an operation.
  mutating func strike(_ operation: String) -> [Fault] {
    guard !plan.rules.isEmpty else { return [] }
    var faults: [Fault] = []
    for (index, rule) in plan.rules.enumerated() where rule.matches(operation) {
      counts[index] += 1
      if rule.strikes(count: counts[index], seed: seed, index: index) { faults.append(rule.fault) }
    }
    return faults
  }
}

/// The order of trials: every place and moment of every workload once without faults before any of them comes again with
/// other faults, in an order drawn from the seed, with ends at random times in between.
struct SweepPlan: Sendable {
  private let baselines: [String: Expectation]
  private var draws: Draws
  private var trials: [Trial] = []
  private var round = 0

  init(baselines: [String: Expectation], seed: UInt64) {
    self.baselines = baselines
    draws = Draws(state: seed)
  }

  /// The next trial; there is always another.
  mutating func next() -> Trial? {
    if trials.isEmpty { fill() }
    return trials.popLast()
  }

  private mutating func fill() {
    for (name, expected) in baselines.sorted(by: { $0.key < $1.key }) {
      for (number, process) in expected.processes.enumerated() {
        let places = (0..<process.places).map { Kill.place($0 + 1) }
        let moments = (0..<process.moments).map { Kill.moment($0 + 1) }
        let times = (0..<max(4, process.places / 8)).map { _ in
          Kill.time(Int(draws.next() % UInt64(max(1, process.time / .milliseconds(1)))) + 1)
        }
        for kill in places + moments + times {
          // The first round alternates, so that a short sweep meets every mix as well.
          let faults =
            round == 0
            ? Int(draws.next() % 2) * Int(draws.next() % UInt64(FaultMix.all.count)) : (round - 1) % FaultMix.all.count
          let seed = draws.next() >> 40 | 1
          trials.append(Trial(workload: name, faults: faults, process: number, kill: kill, seed: seed))
        }
      }
    }
    trials.shuffle(using: &draws)
    round += 1
  }
}

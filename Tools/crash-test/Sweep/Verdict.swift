import Catalogue
import JSON
import Journal
import Marketplace

/// What a finished trial shows, held against an undisturbed run.
struct Verdict: Sendable {
  /// Writes that were to take effect.
  var intended = 0
  /// Writes that did, each counted once.
  var effected = 0
  /// How many took effect again.
  var doubles = 0
  /// How many never did.
  var lost = 0
  /// All that is wrong, for people.
  var problems: [String] = []

  /// Nothing is known.
  init() {}

  /// - Parameters:
  ///   - states: how far the runs came.
  ///   - exchanges: what the marketplace saw.
  ///   - expected: undisturbed runs; nil where these are.
  ///   - isExact: whether the runs must come to what undisturbed ones come to. Where answers are lost, and a budget does not
  ///     suffice for all writes, it may be another write that it does not suffice for.
  init(
    _ states: [RunState], _ exchanges: [WitnessedExchange], expected: Expectation?, workload: Workload, isExact: Bool
  ) {
    let effects = exchanges.filter(\.tookEffect).map(Self.name)
    let counts = Dictionary(effects.map { ($0, 1) }, uniquingKeysWith: +)
    effected = counts.count
    doubles = counts.values.reduce(0) { $0 + $1 - 1 }
    for (name, count) in counts.sorted(by: { $0.key < $1.key }) where count > 1 {
      problems.append("took effect \(count) times: \(name)")
    }
    for state in states { judge(state) }
    judgeMoney(states.flatMap(\.writes), workload)
    judgeRepeats(exchanges)
    // A write that failed in all of its attempts, crashes among them, is given up: its run says so, and is another one.
    let givenUp = states.flatMap(\.writes).count { $0.state == .withdrawn && $0.attempt >= 3 }
    guard isExact, givenUp == 0 else {
      intended = effected
      return
    }
    hold(counts, against: expected?.effects ?? Set(effects), workload)
    for state in states where state.status != workload.status {
      problems.append("\(state.run) ended as \(state.status), not \(workload.status): \(state.failure.text())")
    }
    for (state, undisturbed) in zip(states, expected?.states ?? []) { compare(state, with: undisturbed) }
  }

  private mutating func hold(_ counts: [String: Int], against wanted: Set<String>, _ workload: Workload) {
    intended = wanted.count
    lost = wanted.count { counts[$0] == nil }
    for name in counts.keys.sorted() where !wanted.contains(name) {
      problems.append("took effect though nobody meant it to: \(name)")
    }
    for name in wanted.sorted() where counts[name] == nil { problems.append("never took effect: \(name)") }
    if counts.count != workload.writes {
      problems.append("\(counts.count) writes took effect, and the workload says \(workload.writes)")
    }
  }

  /// One write by what it does, e.g. `taobao.refunds.cancel {"refundId":"110000235001"}`.
  static func name(_ exchange: WitnessedExchange) -> String {
    exchange.operation + " " + String(decoding: exchange.arguments.bytes(.canonical), as: UTF8.self)
  }

  private mutating func judge(_ state: RunState) {
    problems += state.findings.map { "the store's check: \($0)" }
    for write in state.writes where write.state.isLive {
      problems.append("\(write.operation) of \(state.run) at \(write.path) is not settled: \(write.state.rawValue)")
    }
  }

  /// G9: what the journal calls done is what took effect, and no more than the guards allow.
  private mutating func judgeMoney(_ writes: [RunState.Write], _ workload: Workload) {
    let confirmed = writes.filter { $0.state == .confirmed }
    if confirmed.count != effected {
      problems.append("\(confirmed.count) effects are confirmed, and \(effected) writes took effect")
    }
    let moved = confirmed.reduce(0) { $0 + $1.charge }
    if let cap = workload.cap, moved > cap { problems.append("\(moved) fen moved, more than the cap of \(cap)") }
  }

  /// G7: between two sendings of one write stands a read of what it touches, unless the first was turned away unread.
  private mutating func judgeRepeats(_ exchanges: [WitnessedExchange]) {
    var sentSinceRead: [String: Set<String>] = [:]
    for (arrival, exchange) in zip(exchanges, exchanges.dropFirst()) where arrival.moment == .arrived {
      let values = Self.scalars(of: exchange.arguments)
      guard exchange.isWrite else {
        sentSinceRead = sentSinceRead.filter { $0.value.isDisjoint(with: values) }
        continue
      }
      if exchange.faults.contains(where: \.isRefusalOfTooMany) { continue }
      let name = Self.name(exchange)
      if sentSinceRead.updateValue(values, forKey: name) != nil {
        problems.append("sent again without a read between: \(name)")
      }
    }
  }

  private static func scalars(of arguments: JSON) -> Set<String> {
    let values = arguments.object?.values ?? []
    return Set(values.flatMap { $0.array?.compactMap(\.scalarText) ?? [$0.scalarText].compactMap(\.self) })
  }

  private mutating func compare(_ state: RunState, with expected: RunState) {
    if state.result != expected.result {
      problems.append("the result of \(state.run) is \(state.result.text()), undisturbed \(expected.result.text())")
    }
    difference("decisions of \(state.run)", state.decisions, expected.decisions)
    difference("steps of \(state.run)", state.steps, expected.steps)
  }

  private mutating func difference(_ what: String, _ found: [String], _ expected: [String]) {
    guard found != expected else { return }
    let (more, less) = (Self.without(found, expected), Self.without(expected, found))
    problems.append("\(what) differ: \(more) instead of \(less)")
  }

  private static func without(_ items: [String], _ others: [String]) -> [String] {
    var rest = items
    for other in others { if let index = rest.firstIndex(of: other) { rest.remove(at: index) } }
    return rest
  }
}

/// What an undisturbed run did.
struct Expectation: Sendable {
  /// The writes that took effect, by ``Verdict/name(_:)``.
  let effects: Set<String>
  let states: [RunState]
  /// How many places each worker process passed, and how many moments the simulator saw of it.
  let processes: [(places: Int, moments: Int, time: Duration)]
}

extension Fault {
  /// Whether the request was not carried out, and its client knows.
  fileprivate var isRefusalOfTooMany: Bool {
    switch self {
    case .rateLimit, .rateLimitCode: true
    default: false
    }
  }
}

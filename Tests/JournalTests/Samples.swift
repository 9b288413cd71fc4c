import JSON
public import Journal
import Testing

extension StepPath: ExpressibleByStringLiteral {
  /// A path as it is shown, e.g. `5/2/1`.
  public init(stringLiteral text: String) {
    self.init(text.split(separator: "/").compactMap { Int($0) })
  }
}

extension RunRecord {
  static func sample(
    _ id: String, playbook: String = "p", profile: String = "shop", started: Milliseconds = 5
  ) -> RunRecord {
    RunRecord(
      id: RunID(id), playbook: playbook, version: "v", profile: profile, trigger: .manual,
      parameters: ["limit": 1], started: started)
  }
}

extension RunStatus {
  static let everyStatus: [RunStatus] = [
    .queued, .running, .waiting(.time), .waiting(.approval), .waiting(.settlement), .waiting(.budget), .waiting(.api),
    .waiting(.credentials), .paused, .succeeded, .failed, .cancelled, .diverged,
  ]
}

extension ClaimKey {
  static func sample(_ id: String) -> ClaimKey { ClaimKey(profile: "shop", kind: "taobao.refund", id: id) }
}

extension Charge {
  static func forgone(_ fen: Int64) -> Charge { Charge(minorUnits: fen, currency: "CNY", direction: .forgone) }
}

extension EffectRecord {
  static func sample(
    _ run: RunID, _ path: StepPath, claims: [String] = ["r"], charge: Charge? = nil, attempt: Int = 1
  ) -> EffectRecord {
    var effect = sample(run, path, keys: claims.map(ClaimKey.sample))
    effect.charge = charge
    effect.attempt = attempt
    return effect
  }

  static func sample(_ run: RunID, _ path: StepPath, keys: [ClaimKey]) -> EffectRecord {
    EffectRecord(
      run: run, path: path, operation: "taobao.refunds.cancel", digest: "d", claims: keys, charge: nil, instant: 3)
  }
}

extension EffectState {
  /// The life cycle as decisions.md "Effects" draws it, written out once more for the tests.
  static let lifeCycle: [EffectState: Set<EffectState>] = [
    .intended: [.accepted, .confirmed, .rejected, .withdrawn, .unknown],
    .accepted: [.confirmed, .notDone, .disputed], .unknown: [.confirmed, .notDone, .disputed],
    .disputed: [.confirmed, .notDone],
    .notDone: [.intended, .withdrawn],
    .confirmed: [], .rejected: [], .withdrawn: [],
  ]

  /// The settlements that lead from an announced effect to this state.
  var way: [EffectState] {
    switch self {
    case .intended: []
    case .notDone, .disputed: [.unknown, self]
    case .accepted, .confirmed, .rejected, .withdrawn, .unknown: [self]
    }
  }
}

extension Signature {
  static func ann(_ instant: Milliseconds) -> Signature { Signature(by: "ann", why: "because", at: instant) }
}

extension ApprovalRequest {
  static func question(
    _ path: StepPath, digest: String = "d", claims: [String] = [], expires: Milliseconds = 100
  ) -> ApprovalRequest {
    ApprovalRequest(
      path: path, title: "Cancel 2 refunds?", items: ["rows": [1, 2.0, "3"]], digest: digest,
      claims: claims.map(ClaimKey.sample), expires: expires)
  }
}

extension SettleOutcome {
  var settled: EffectRecord? {
    if case .settled(let effect) = self { effect } else { nil }
  }
}

extension EntryOutcome {
  var isAwaiting: Bool {
    if case .awaiting = self { true } else { false }
  }

  var asked: Approval? {
    if case .asked(let approval) = self { approval } else { nil }
  }

  var isConflict: Bool {
    if case .conflict = self { true } else { false }
  }
}

extension EntryOutcome {
  /// The same without saying how much of a budget is used.
  var withoutUse: EntryOutcome {
    guard case .overBudget(let budget, _) = self else { return self }
    return .overBudget(budget)
  }
}

extension [EntryOutcome] {
  var withoutUse: [EntryOutcome] { map(\.withoutUse) }
}

extension Step {
  static func sample(_ path: StepPath, _ sequence: Int, instant: Milliseconds = 0) -> Step {
    Step(path: path, name: "sleep", digest: "d", result: .returned([]), sequence: sequence, instant: instant)
  }
}

extension Entry {
  static func step(_ path: StepPath, _ sequence: Int, instant: Milliseconds = 0) -> Entry {
    Entry(.step(.sample(path, sequence, instant: instant)), instant: instant)
  }

  static func intent(_ effect: EffectRecord) -> Entry {
    Entry(.intent(effect, budgets: []), instant: effect.changed)
  }

  static func settle(_ path: StepPath, _ state: EffectState, instant: Milliseconds = 9) -> Entry {
    Entry(.settle(path, state, detail: "why"), instant: instant)
  }

  static func status(_ status: RunStatus) -> Entry {
    Entry(.status(status), instant: 0)
  }

  static func ask(_ request: ApprovalRequest, at instant: Milliseconds = 0) -> Entry {
    Entry(.ask(request), instant: instant)
  }

  static var release: Entry { Entry(.release, instant: 0) }

  /// A write that claims nothing and costs that much.
  static func spend(
    _ ordinal: Int, _ charge: Charge? = nil, by run: RunID = "a", at instant: Milliseconds = 0,
    within budgets: [Budget]
  ) -> Entry {
    Entry(.intent(.sample(run, StepPath([ordinal]), claims: [], charge: charge), budgets: budgets), instant: instant)
  }
}

extension Journal {
  /// Starts a run and takes it.
  func begin(_ run: RunID, at instant: Milliseconds = 0, for length: Milliseconds = 1000) async throws -> Lease {
    _ = try await start(.sample(run.text), requiring: [])
    return try #require(try await acquire(run, by: "one", at: instant, for: length))
  }

  /// Announces an effect at step 1 and settles it until it is in that state.
  func bring(
    to state: EffectState, under lease: Lease, claims: [String] = ["r"], effect: EffectRecord? = nil,
    budgets: [Budget] = []
  ) async throws {
    let effect = effect ?? .sample(lease.run, "1", claims: claims)
    let entries = [Entry(.intent(effect, budgets: budgets), instant: 0)] + state.way.map { .settle("1", $0) }
    let outcomes = try await commit(entries, under: lease)
    try #require(outcomes == entries.map { _ in .committed })
  }
}

extension Journal {
  func start(_ run: RunRecord, requiring conditions: [StartCondition]) async throws(JournalError) -> StartOutcome {
    try await start(run, requiring: conditions, heldBy: nil)
  }

  func acquire(
    _ run: RunID, by worker: String, at instant: Milliseconds, for length: Milliseconds
  ) async throws(JournalError) -> Lease? {
    try await acquire(run, LeaseRequest(worker: worker, instant: instant, length: length), displacing: nil)
  }
}

extension StartOutcome {
  static var started: StartOutcome { .started(nil) }
}

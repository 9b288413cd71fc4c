import JSON
import Testing

@testable import Journal

/// The journal in memory is short enough to be read and believed; SQLite must do as it does, whatever comes.
@Suite struct SameOutcomesTests {
  @Test(arguments: 1...24)
  func theSameEntriesHaveTheSameOutcomes(_ seed: UInt64) async throws {
    let folder = try StoreFolder()
    let store = try SQLiteStore(path: folder.store)
    let memory = MemoryJournal()
    var random = Dice(seed: seed)
    var leases: [Lease] = []
    try await store.keep(PlaybookVersion(id: "v", files: [], catalogue: "c"))
    for round in 0..<150 {
      let deed = Deed.random(&random, leases)
      let (expected, actual) = (await deed.perform(on: memory), await deed.perform(on: store))
      #expect(expected == actual, "round \(round): \(deed)")
      guard expected == actual else { return }
      if case .lease(let lease?) = actual { leases.append(lease) }
    }
    for run in Deed.runs {
      let (expected, actual) = (await memory.history(of: run), try await store.history(of: run))
      #expect(expected?.ordered == actual?.ordered)
      #expect(try await Set(memory.due(before: 500)) == Set(store.due(before: 500)))
    }
    #expect(try await memory.effects(EffectFilter()) == store.effects(EffectFilter()))
    #expect(try await memory.approvals(ApprovalFilter()) == store.approvals(ApprovalFilter()))
    #expect(try await memory.decisions(about: "s") == store.decisions(about: "s"))
    #expect(try await memory.audit(about: nil, limit: 1000) == store.audit(about: nil, limit: 1000))
    #expect(try await memory.state(StateFilter()) == store.state(StateFilter()))
    #expect(try await memory.events(EventFilter()) == store.events(EventFilter()))
    #expect(try await memory.holds(at: 50) == store.holds(at: 50))
    // What is not counted from 1, and steps of any name, are no fault of the store's: these deeds take any.
    let findings = try await store.check().filter { !["sequences", "state", "raised"].contains($0.rule) }
    #expect(findings == [], "\(findings)")
  }
}

extension RunHistory {
  /// Steps that claim the same place among the results have no order.
  fileprivate var ordered: RunHistory {
    RunHistory(
      record: record, steps: steps.sorted { $0.path < $1.path }, notes: notes, effects: effects, approvals: approvals)
  }
}

/// One thing that is asked of a journal.
private enum Deed {
  static let runs: [RunID] = ["a", "b", "c"]

  case start(RunRecord, [StartCondition], LeaseRequest?)
  case acquire(RunID, LeaseRequest, String?)
  case renew(Lease, Milliseconds)
  case release(Lease)
  case commit([Entry], Lease)
  case settle(RunID, StepPath, EffectState, Signature)
  case decide(String, String, Bool, Signature)
  case request(RunRequest, RunID, Signature)
  case wake(RunID, Signature)
  case hold(Hold)
  case unhold(String, String?, Signature)
  case freeze(Freeze)
  case thaw(String?, Signature)

  enum Answer: Equatable {
    case start(StartOutcome)
    case lease(Lease?)
    case renewal(Renewal?)
    case outcomes([EntryOutcome])
    case settled(SettleOutcome)
    case decided(DecideOutcome)
    case flag(Bool)
    case failed(JournalError)
  }

  func perform(on store: any Store) async -> Answer {
    do throws(JournalError) {
      switch self {
      case .start(let run, let conditions, let holder):
        let outcome = try await store.start(run, requiring: conditions, heldBy: holder)
        if case .started(let lease?) = outcome { return .lease(lease) }
        return .start(outcome)
      case .acquire(let run, let request, let displaced):
        return .lease(try await store.acquire(run, request, displacing: displaced))
      case .renew(let lease, let instant): return .renewal(try await store.renew(lease, at: instant, for: 20))
      case .release(let lease):
        try await store.release(lease)
        return .flag(true)
      case .commit(let entries, let lease): return .outcomes(try await store.commit(entries, under: lease))
      case .settle(let run, let path, let state, let signature):
        return .settled(try await store.settle(run, path, as: state, signature))
      case .decide(let id, let digest, let approve, let signature):
        return .decided(try await store.decide(id, showing: digest, approve: approve, signature))
      case .request(let request, let run, let signature):
        return .flag(try await store.request(request, of: run, signature))
      case .wake(let run, let signature): return .flag(try await store.wake(run, signature))
      case .hold(let hold):
        try await store.hold(hold)
        return .flag(true)
      case .unhold(let subject, let profile, let signature):
        return .flag(try await store.release(subject, profile: profile, signature))
      case .freeze(let freeze):
        try await store.freeze(freeze)
        return .flag(true)
      case .thaw(let profile, let signature): return .flag(try await store.thaw(profile: profile, signature))
      }
    } catch {
      return .failed(error)
    }
  }

  static func random(_ random: inout Dice, _ leases: [Lease]) -> Deed {
    let instant = Milliseconds(random.below(100))
    let signature = Signature(by: "ann", why: random.one(["w", nil]), at: instant)
    let run = random.one(runs)
    let request = LeaseRequest(worker: random.one(["one", "two"]), instant: instant, length: Int64(random.below(60)))
    // Mostly what the holder of a run does: that is where the rules are.
    if let lease = random.below(10) < 7 ? leases.suffix(4).randomElement(using: &random) : nil {
      switch random.below(20) {
      case 0: return .renew(lease, instant)
      case 1: return .release(lease)
      default:
        return .commit((0...random.below(4)).map { _ in entry(&random, lease, instant) }, lease)
      }
    }
    switch random.below(16) {
    case 0...2:
      let condition = StartCondition.noLiveRun(playbook: "p", profile: random.one(["shop", "other"]))
      return .start(.sample(run.text), random.one([[], [condition]]), random.one([nil, request]))
    case 3...7: return .acquire(run, request, random.one([nil, "one"]))
    case 8: return .settle(run, path(&random), random.one([.confirmed, .notDone]), signature)
    case 9:
      return .decide("A\(1 + random.below(6))", random.one(["d", "e"]), random.one([true, false]), signature)
    case 10: return .request(random.one(RunRequest.allCases), run, signature)
    case 11: return .wake(run, signature)
    case 12:
      let until: Milliseconds? = random.one([nil, 50])
      return .hold(
        Hold(
          subject: random.one(["x", "y"]), profile: random.one([nil, "shop", "other"]), why: "w", by: "ann",
          since: instant, until: until))
    case 13: return .unhold(random.one(["x", "y"]), random.one([nil, "shop", "other"]), signature)
    case 14: return .freeze(Freeze(profile: random.one([nil, "shop", "other"]), why: "w", by: "ann", since: instant))
    default: return .thaw(random.one([nil, "shop", "other"]), signature)
    }
  }

  private static func path(_ random: inout Dice) -> StepPath { random.one(["1", "2", "2/1", "300"]) }

  private static func entry(_ random: inout Dice, _ lease: Lease, _ instant: Milliseconds) -> Entry {
    let notes = random.below(3) == 0 ? [note(&random)] : []
    return Entry(body(&random, lease, instant), notes: notes, instant: instant)
  }

  private static func note(_ random: inout Dice) -> Note {
    let amount: Charge? = random.one([nil, .forgone(3)])
    let decision = Decision(
      subject: "s", kind: random.one(Decision.Kind.allCases), reason: "r", amount: amount, step: "1")
    let contents: [Note.Content] = [
      .decision(decision), .outcome(decision), .report([1]), .log(LogLine(level: "info", message: "m")),
    ]
    return Note(after: path(&random), ordinal: 1 + random.below(3), content: random.one(contents))
  }

  private static func asked(_ random: inout Dice, _ run: RunID, _ instant: Milliseconds) -> StoreStep {
    let key = random.one(["k", "l", "m"])
    let request: StoreStep.Request
    switch random.below(7) {
    case 0, 1: request = .set(key, random.one([1, "two", [3]]))
    case 2: request = .get(key)
    case 3: request = .delete(key)
    case 4: request = .claim(key, in: random.one(["n", "o"]), owner: run.text)
    case 5: request = .keys(prefix: random.one(["", "k"]))
    default:
      var event = EventRecord(
        key: random.one(["e", "f", "g"]), profile: "shop", kind: "x", messageType: nil, platform: nil,
        digest: random.one(["d", "e"]), received: instant, envelope: [:])
      (event.subject, event.says, event.raisedBy) = ("s", random.one(["1", "2", nil]), run)
      request = .raise(event, since: random.one([nil, 0, 50]))
    }
    let refused = Step(
      path: path(&random), name: "x", digest: random.one(["d", "e"]), result: .raised([50]),
      sequence: 1 + random.below(4), instant: instant)
    return StoreStep(request, in: StateScope(playbook: random.one(["p", "q"]), profile: "shop"), refused: refused)
  }

  private static func body(_ random: inout Dice, _ lease: Lease, _ instant: Milliseconds) -> Entry.Body {
    let path = path(&random)
    switch random.below(19) {
    case 16...18: return .answer(asked(&random, lease.run, instant))
    case 0...2:
      let result: Step.Result = random.one([.returned([]), .returned([[49]]), .raised([50])])
      return .step(
        Step(path: path, name: "x", digest: "d", result: result, sequence: 1 + random.below(4), instant: instant))
    case 3: return .supersede(path)
    case 4...8:
      var effect = EffectRecord.sample(
        lease.run, path, claims: random.one([[], ["x"], ["x", "y"], ["y"], ["z", "z"]]),
        charge: random.one([nil, .forgone(4), .forgone(7)]), attempt: 1 + random.below(2))
      effect.subjects = random.one([[], ["x"], ["q"]])
      let budgets: [[Budget]] = [
        [], [Budget(scope: "s", writes: 3)], [Budget(scope: "s", amount: .forgone(12)), Budget(scope: "t", every: 9)],
      ]
      return .intent(effect, budgets: random.one(budgets), approval: random.one([nil, nil, "A1", "A2"]))
    case 9...11:
      return .settle(
        path, random.one(EffectState.allCases), detail: random.one([nil, "d"]), answer: random.one([nil, [1]]))
    case 12:
      return .ask(
        .question(
          path, digest: random.one(["d", "e"]), claims: random.one([[], ["x"], ["y"]]), expires: random.one([30, 90])))
    case 13: return random.one([.lapse(approval: "A1"), .retract(approval: "A2"), .lapse(approval: "A9")])
    case 14:
      return .status(
        random.one(RunStatus.everyStatus), wake: random.one([nil, 40]), result: random.one([nil, ["r": 1]]),
        failure: random.one([nil, "f"]))
    default: return random.one([.version("v"), .release, .notes, .notes])
    }
  }
}

/// Random numbers that are the same for the same seed (SplitMix64).
struct Dice: RandomNumberGenerator {
  private var state: UInt64

  init(seed: UInt64) { state = seed }

  mutating func next() -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    var mixed = state
    mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
    mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
    return mixed ^ (mixed >> 31)
  }

  mutating func below(_ bound: Int) -> Int { Int.random(in: 0..<bound, using: &self) }

  mutating func one<Value>(_ values: [Value]) -> Value { values[below(values.count)] }
}

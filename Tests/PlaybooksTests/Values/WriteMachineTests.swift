import Catalogue
import JSON
import Journal
import PandaPon
import Testing

@testable import Playbooks

/// How the API answered the write, and what that must come to where nothing can be read back.
private struct Ending: Sendable, CustomTestStringConvertible {
  let name: String
  let outcome: Outcome
  let readBack: Outcome?
  let state: EffectState
  let decision: Decision.Kind
  let code: ScriptFailure.Code?
  var waits: RunStatus.Wait?
  var testDescription: String { name }

  init(
    _ name: String, _ outcome: Outcome, readBack: Outcome? = nil, _ state: EffectState, _ decision: Decision.Kind,
    _ code: ScriptFailure.Code? = nil, waits: RunStatus.Wait? = nil
  ) {
    (self.name, self.outcome, self.readBack, self.state) = (name, outcome, readBack, state)
    (self.decision, self.code, self.waits) = (decision, code, waits)
  }

  static let all: [Ending] = [
    .init("confirmed by its answer", .answer(["cancelSuccess": true]), .confirmed, .done),
    .init("refused with code 200", .answer(["cancelSuccess": false]), .rejected, .failed, .rejected),
    .init("refused by code", .refusal(), .rejected, .failed, .rejected),
    .init("not known", .rejected(Failure(.notFound, "no", label: "x", apiCode: 404)), .rejected, .failed, .notFound),
    .init("never left", .unsent, .withdrawn, .failed, .unavailable),
    .init("wrong key", .notSent(Failure(.unauthorized, "401", label: "x")), .withdrawn, .failed, .credentials),
    .init("not allowed", .notSent(Failure(.refusedByPolicy, "no", label: "x")), .withdrawn, .failed, .refused),
    .init(
      "rate limited to the end", .notSent(Failure(.rateLimited, "429", label: "x")), .withdrawn, .failed, .unavailable),
    .init("in doubt, read back as done", .doubt, readBack: .answer(.refund("1", status: "-20")), .confirmed, .done),
    .init("in doubt, done as an integer", .doubt, readBack: .answer(.refund("1", status: -20)), .confirmed, .done),
    .init(
      "in doubt, read back as not done: too early to believe", .doubt, readBack: .answer(.refund("1", status: "10")),
      .unknown, .waiting, .inDoubt, waits: .settlement),
    .init(
      "in doubt, read back as something else", .doubt, readBack: .answer(.refund("1", status: "30")), .unknown,
      .waiting,
      .inDoubt, waits: .settlement),
    .init(
      "in doubt, and so is the read", .doubt, readBack: .doubt, .unknown, .waiting, .inDoubt, waits: .settlement),
    .init(
      "in doubt, and the read is refused", .doubt, readBack: .refusal(404), .unknown, .waiting, .inDoubt,
      waits: .settlement),
    .init(
      "in doubt, and the read answers nothing of use", .doubt, readBack: .answer(nil), .unknown, .waiting, .inDoubt,
      waits: .settlement),
  ]
}

@Suite struct WriteMachineTests {
  static func machine(
    _ operation: String = "taobao.refunds.cancel", _ arguments: JSON = ["refundId": "1"]
  ) throws -> WriteMachine {
    let operation = try #require(catalogue[operation])
    return WriteMachine(
      operation: operation, arguments: try operation.arguments(from: arguments), run: "run",
      path: StepPath([3]), digest: "d", profile: "shop", instant: 1000)
  }

  static func policy(_ guards: JSON = [:]) throws -> WritePolicy {
    WritePolicy(guards: try Guards(parsing: guards), run: "run")
  }

  static func conclusion(_ action: WriteMachine.Action) throws -> WriteMachine.Conclusion {
    guard case .conclude(let conclusion) = action else { throw Unexpected(action: "\(action)") }
    return conclusion
  }

  struct Unexpected: Error { let action: String }

  @Test(arguments: Ending.all)
  fileprivate func everyOutcome(_ ending: Ending) throws {
    var machine = try Self.machine()
    let policy = try Self.policy()
    guard case .readBefore(let request) = machine.begin(under: policy) else { return unexpected() }
    #expect(request.operation == "taobao.refunds.get" && request.arguments == ["refundId": "1"])
    #expect(machine.phase == .readingBefore && !machine.isAnnounced)
    guard
      case .announce(let effect, let budgets) = machine.didReadBefore(.answer(.refund("1", fee: 250)), under: policy)
    else { return unexpected() }
    #expect(effect.charge == Charge(minorUnits: 250, currency: "CNY", direction: .forgone))
    #expect(effect.claims == [ClaimKey(profile: "shop", kind: "taobao.refund", id: "1")])
    #expect(effect.state == .intended && effect.path == StepPath([3]) && effect.digest == "d")
    #expect(budgets.map(\.writes) == [50])
    guard case .send = machine.didAnnounce(.committed, under: policy) else { return unexpected() }
    #expect(machine.isAnnounced && machine.phase == .sending)

    var action = machine.didSend(ending.outcome)
    if let readBack = ending.readBack {
      guard case .readBack(let request) = action else { return unexpected() }
      #expect(request.operation == "taobao.refunds.get" && request.arguments == ["refundId": "1"])
      action = machine.didReadBack(readBack)
    }
    let conclusion = try Self.conclusion(action)
    #expect(conclusion.state == ending.state)
    #expect(conclusion.decision == ending.decision)
    #expect(conclusion.raised?.code == ending.code)
    #expect(conclusion.waits == ending.waits)
    if let code = ending.code, code != .inDoubt { #expect(conclusion.raised?.effect == ending.state.rawValue) }
    if case .returned(let values) = conclusion.result { #expect(values.count == 2) }
  }

  @Test func aHintIsNeverBelieved() throws {
    let policy = try Self.policy(["max_amount": ["run": "9999 CNY"]])
    for (status, state) in [("WAIT_SELLER_SEND_GOODS", EffectState.confirmed), ("WAIT_BUYER_PAY", .unknown)] {
      for success in [true, false] as [JSON] {
        var machine = try Self.machine("taobao.orders.pay", ["orderIds": ["7"]])
        guard case .readBefore = machine.begin(under: policy),
          case .announce = machine.didReadBefore(.answer(["purchaseAmount": 100]), under: policy),
          case .send = machine.didAnnounce(.committed, under: policy),
          case .readBack = machine.didSend(.answer(["success": success]))
        else { return unexpected() }
        let conclusion = try Self.conclusion(machine.didReadBack(.answer(["status": .string(status)])))
        #expect(conclusion.state == state)
      }
    }
  }

  @Test func aWriteThatOnlyQueuesIsAccepted() throws {
    let policy = try Self.policy()
    var machine = try Self.machine("taobao.orders.cancel", ["orderId": "7"])
    var action = machine.begin(under: policy)
    if case .readBefore = action {
      action = machine.didReadBefore(.answer(["status": "WAIT_BUYER_PAY"]), under: policy)
    }
    guard case .announce = action, case .send = machine.didAnnounce(.committed, under: policy) else {
      return unexpected()
    }
    let conclusion = try Self.conclusion(machine.didSend(.answer(["success": true])))
    #expect(conclusion.state == .accepted && conclusion.decision == .done)
  }

  @Test func whatCannotBeReadBackIsInDoubtAtOnce() throws {
    let policy = try Self.policy()
    let example = try #require(catalogue["taobao.orders.updateWarehouse"]?.exampleArguments)
    var machine = try Self.machine("taobao.orders.updateWarehouse", example)
    guard case .announce = machine.begin(under: policy), case .send = machine.didAnnounce(.committed, under: policy)
    else {
      return unexpected()
    }
    let conclusion = try Self.conclusion(machine.didSend(.doubt))
    #expect(conclusion.state == .unknown && conclusion.waits == .settlement)
  }

  @Test func whatIsForbiddenByNameIsNotEvenRead() throws {
    var machine = try Self.machine()
    let conclusion = try Self.conclusion(machine.begin(under: try Self.policy(["writes": ["taobao.orders.cancel"]])))
    #expect(conclusion.state == nil && conclusion.raised?.code == .guard && !machine.isAnnounced)
  }

  @Test(arguments: [Outcome.unsent, .doubt, .refusal(), .rejected(Failure(.notFound, "no", label: "x"))])
  func withoutTheReadBeforeNothingIsAnnounced(_ outcome: Outcome) throws {
    var machine = try Self.machine()
    let policy = try Self.policy()
    _ = machine.begin(under: policy)
    let conclusion = try Self.conclusion(machine.didReadBefore(outcome, under: policy))
    #expect(conclusion.state == nil && conclusion.decision == .failed && !machine.isAnnounced)
  }

  @Test(
    arguments: [
      (
        EntryOutcome.claimed(ClaimKey(profile: "shop", kind: "taobao.refund", id: "1"), by: "other"),
        ScriptFailure.Code.claimed, Decision.Kind.kept, nil
      ),
      (.overBudget(Budget(scope: "run:run", writes: 50)), .guard, .waiting, .budget),
      (.fenced, .guard, .failed, nil), (.conflict("twice"), .guard, .failed, nil),
    ] as [(EntryOutcome, ScriptFailure.Code, Decision.Kind, RunStatus.Wait?)])
  func whatTheJournalRefusesIsNotSent(
    _ outcome: EntryOutcome, _ code: ScriptFailure.Code, _ decision: Decision.Kind, _ waits: RunStatus.Wait?
  ) throws {
    var machine = try Self.machine()
    let policy = try Self.policy()
    _ = machine.begin(under: policy)
    _ = machine.didReadBefore(.answer(.refund("1")), under: policy)
    let conclusion = try Self.conclusion(machine.didAnnounce(outcome, under: policy))
    #expect(conclusion.raised?.code == code && conclusion.decision == decision && conclusion.waits == waits)
    #expect(conclusion.state == nil && !machine.isAnnounced)
  }

  @Test(
    arguments: [
      ("999.99 CNY", 99_999, true), ("999.99 CNY", 99_998, false), ("999.99 CNY", 100_000, true), ("1 USD", 1, true),
    ] as [(JSON, Int64, Bool)])
  func fromTheThresholdOnAPersonIsAsked(_ threshold: JSON, _ fee: Int64, _ isAsked: Bool) throws {
    var machine = try Self.machine()
    let policy = try Self.policy(["require_approval": ["amount": threshold]])
    _ = machine.begin(under: policy)
    let action = machine.didReadBefore(.answer(.refund("1", fee: fee)), under: policy)
    guard isAsked else {
      guard case .announce = action else { return unexpected() }
      return
    }
    let conclusion = try Self.conclusion(action)
    #expect(conclusion.raised?.code == .held && conclusion.waits == .approval && conclusion.decision == .waiting)
  }
}

@Suite struct WritePolicyTests {
  static let cancel = catalogue["taobao.refunds.cancel"]
  static let pay = catalogue["taobao.orders.pay"]

  static func charge(_ fen: Int64, _ direction: Charge.Direction = .forgone) -> Charge {
    Charge(minorUnits: fen, currency: "CNY", direction: direction)
  }

  @Test(
    arguments: [
      ([:], 50, nil), (["max_writes": ["run": 5]], 5, nil), (["max_writes": ["day": 3]], 3, nil),
      (["max_writes": ["run": 5, "day": 3]], 3, nil), (["max_writes": ["run": 500]], 500, nil),
      (["max_amount": ["run": "5 CNY"]], 50, 500), (["max_amount": ["run": "5 CNY", "day": "3 CNY"]], 50, 300),
      (["max_amount": ["day": "3 CNY"]], 50, 300),
    ] as [(JSON, Int, Int64?)])
  func capsBecomeTheBudgetOfTheRun(_ guards: JSON, _ writes: Int, _ amount: Int64?) throws {
    let policy = try WriteMachineTests.policy(guards)
    guard case .admitted(let budgets) = policy.judge(try #require(Self.cancel), charge: Self.charge(1)) else {
      return unexpected()
    }
    #expect(budgets == [Budget(scope: "run:run", writes: writes, amount: amount.map { Self.charge($0) })])
  }

  @Test func moneyOutNeedsACap() throws {
    let pay = try #require(Self.pay)
    guard case .refused(let failure) = try WriteMachineTests.policy().judge(pay, charge: Self.charge(1, .out)) else {
      return unexpected()
    }
    #expect(failure.code == .guard && failure.hint?.contains("max_amount") == true)
    let capped = try WriteMachineTests.policy(["max_amount": ["run": "5 CNY"]])
    guard case .admitted = capped.judge(pay, charge: Self.charge(1, .out)) else { return unexpected() }
    guard case .refused = try WriteMachineTests.policy().judge(pay, charge: nil) else { return unexpected() }
  }

  @Test(arguments: [["max_amount": ["run": "5 CNY"]], ["require_approval": ["amount": "5 CNY"]]] as [JSON])
  func anUnreadableAmountKeepsNoLimit(_ guards: JSON) throws {
    let policy = try WriteMachineTests.policy(guards)
    guard case .refused(let failure) = policy.judge(try #require(Self.cancel), charge: nil) else {
      return unexpected()
    }
    #expect(failure.code == .guard)
  }

  @Test(arguments: [-1, .min] as [Int64])
  func aNegativeAmountMakesNoRoomForOthers(_ amount: Int64) throws {
    let policy = try WriteMachineTests.policy(["max_amount": ["run": "5 CNY"]])
    guard case .refused(let failure) = policy.judge(try #require(Self.cancel), charge: Self.charge(amount)) else {
      return unexpected()
    }
    #expect(failure.code == .guard)
  }

  @Test func afterSoManyWritesAPersonIsAsked() throws {
    var policy = try WriteMachineTests.policy(["require_approval": ["count": 2]])
    let cancel = try #require(Self.cancel)
    for announced in 0..<4 {
      policy.announced = announced
      let verdict = policy.judge(cancel, charge: Self.charge(1))
      if case .needsApproval = verdict { #expect(announced >= 2) } else { #expect(announced < 2) }
    }
  }
}

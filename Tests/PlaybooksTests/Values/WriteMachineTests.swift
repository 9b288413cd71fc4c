import Catalogue
import JSON
import Journal
import PandaPon
import Testing

@testable import Playbooks

/// How the API answered the write, what reading back says in turn, and what it comes to.
struct Ending: Sendable, CustomTestStringConvertible {
  let name: String
  let outcome: Outcome
  let readBacks: [Outcome]
  /// The effect's states on the way, the last one included.
  let states: [EffectState]
  let decision: Decision.Kind?
  let code: ScriptFailure.Code?
  var testDescription: String { name }

  init(
    _ name: String, _ outcome: Outcome, readBacks: [Outcome] = [], _ states: [EffectState],
    _ decision: Decision.Kind? = nil, _ code: ScriptFailure.Code? = nil
  ) {
    (self.name, self.outcome, self.readBacks, self.states) = (name, outcome, readBacks, states)
    (self.decision, self.code) = (decision, code)
  }

  static func reads(_ status: JSON, _ count: Int = 9) -> [Outcome] {
    Array(repeating: .answer(.refund("1", status: status)), count: count)
  }

  static let all: [Ending] = [
    .init("confirmed by its answer", .answer(["cancelSuccess": true]), [.confirmed], .done),
    .init("refused with code 200", .answer(["cancelSuccess": false]), [.rejected], .failed, .rejected),
    .init("refused by code", .refusal(), [.rejected], .failed, .rejected),
    .init("not known", .rejected(Failure(.notFound, "no", label: "x", apiCode: 404)), [.rejected], .failed, .notFound),
    .init("never left", .unsent, [.withdrawn], .failed, .unavailable),
    .init("not allowed", .notSent(Failure(.refusedByPolicy, "no", label: "x")), [.withdrawn], .failed, .refused),
    .init(
      "rate limited to the end", .notSent(Failure(.rateLimited, "429", label: "x")), [.withdrawn], .failed,
      .unavailable),
    .init("in doubt, read back as done", .doubt, readBacks: reads("-20"), [.unknown, .confirmed], .done),
    .init("in doubt, done as an integer", .doubt, readBacks: reads(-20), [.unknown, .confirmed], .done),
    .init(
      "in doubt, done at the third look", .doubt, readBacks: reads("10", 2) + reads("-20"), [.unknown, .confirmed],
      .done),
    .init(
      "in doubt, read back as not done to the end: sent again", .doubt, readBacks: reads("10"), [.unknown, .notDone]),
    .init("in doubt, read back as something else", .doubt, readBacks: reads("30"), [.unknown], nil, .inDoubt),
    .init(
      "in doubt, and the read is refused", .doubt, readBacks: Array(repeating: .refusal(404), count: 9), [.unknown],
      nil,
      .inDoubt),
    .init(
      "in doubt, and the read answers nothing of use", .doubt, readBacks: Array(repeating: .answer(nil), count: 9),
      [.unknown], nil, .inDoubt),
    .init(
      "in doubt, the marketplace is away for a while", .doubt, readBacks: [.doubt, .unsent] + reads("-20"),
      [.unknown, .confirmed], .done),
  ]
}

/// A machine together with a clock, driven to where it needs something from outside.
struct MachineDriver {
  var machine: WriteMachine
  var policy: WritePolicy
  var now: Milliseconds = 1000
  /// The states that were recorded on the way.
  var states: [EffectState] = []
  /// The instants at which it was read back.
  var reads: [Milliseconds] = []

  /// Carries out records and short waits, and answers what is left: one action at most.
  mutating func settle(_ actions: [WriteMachine.Action]) -> WriteMachine.Action? {
    var queue = actions
    while !queue.isEmpty {
      let action = queue.removeFirst()
      switch action {
      case .record(let state, _, _): states.append(state)
      case .wait(let instant):
        #expect(instant >= now && queue.isEmpty)
        now = max(now, instant)
        queue = machine.didWait(under: policy, at: now)
      case .conclude(let conclusion):
        if conclusion.settles, let state = conclusion.state { states.append(state) }
        return action
      default:
        #expect(queue.isEmpty, "an action that waits is the last one")
        return action
      }
    }
    return nil
  }

  mutating func begin() -> WriteMachine.Action? { settle(machine.begin(under: policy, at: now)) }
  mutating func goOn() -> WriteMachine.Action? { settle(machine.goOn(under: policy, at: now)) }
  mutating func readBefore(_ outcome: Outcome) -> WriteMachine.Action? {
    settle(machine.didReadBefore(outcome, under: policy, at: now))
  }
  mutating func ask(_ outcome: EntryOutcome) -> WriteMachine.Action? {
    settle(machine.didAsk(outcome, under: policy, at: now))
  }
  mutating func announce(_ outcome: EntryOutcome = .committed) -> WriteMachine.Action? {
    settle(machine.didAnnounce(outcome, under: policy, at: now))
  }
  mutating func send(_ outcome: Outcome) -> WriteMachine.Action? {
    settle(machine.didSend(outcome, under: policy, at: now))
  }
  mutating func readBack(_ outcome: Outcome) -> WriteMachine.Action? {
    reads.append(now)
    return settle(machine.didReadBack(outcome, under: policy, at: now))
  }
  /// Answers reads in turn until it needs something else.
  mutating func readBacks(_ outcomes: [Outcome], from action: WriteMachine.Action?) -> WriteMachine.Action? {
    var (action, outcomes) = (action, outcomes[...])
    while case .readBack? = action, let next = outcomes.popFirst() { action = readBack(next) }
    return action
  }
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

  static func driver(
    _ operation: String = "taobao.refunds.cancel", _ arguments: JSON = ["refundId": "1"], guards: JSON = [:]
  ) throws -> MachineDriver {
    MachineDriver(machine: try machine(operation, arguments), policy: try policy(guards))
  }

  /// A cancel that was announced and is being sent.
  static func sending(fee: Int64 = 100) throws -> MachineDriver {
    var driver = try driver()
    guard case .readBefore? = driver.begin(), case .announce? = driver.readBefore(.answer(.refund("1", fee: fee))),
      case .send? = driver.announce()
    else { throw Unexpected(action: "\(driver.machine.phase)") }
    return driver
  }

  static func policy(_ guards: JSON = [:]) throws -> WritePolicy {
    WritePolicy(guards: try Guards(parsing: guards), run: "run")
  }

  static func conclusion(_ action: WriteMachine.Action?) throws -> WriteMachine.Conclusion {
    guard case .conclude(let conclusion)? = action else { throw Unexpected(action: "\(String(describing: action))") }
    return conclusion
  }

  static func parking(_ action: WriteMachine.Action?) throws -> Parking {
    guard case .park(let parking)? = action else { throw Unexpected(action: "\(String(describing: action))") }
    return parking
  }

  struct Unexpected: Error { let action: String }

  @Test(arguments: Ending.all)
  func everyOutcome(_ ending: Ending) throws {
    var driver = try Self.driver()
    guard case .readBefore(let request)? = driver.begin() else { return unexpected() }
    #expect(request.operation == "taobao.refunds.get" && request.arguments == ["refundId": "1"])
    #expect(driver.machine.phase == .readingBefore && !driver.machine.isAnnounced)
    guard case .announce(let effect, let budgets)? = driver.readBefore(.answer(.refund("1", fee: 250))) else {
      return unexpected()
    }
    #expect(effect.charge == Charge(minorUnits: 250, currency: "CNY", direction: .forgone))
    #expect(effect.claims == [ClaimKey(profile: "shop", kind: "taobao.refund", id: "1")])
    #expect(effect.arguments == ["refundId": "1"] && effect.subjects == ["1"] && effect.intended == 1000)
    #expect(effect.state == .intended && effect.path == StepPath([3]) && effect.digest == "d" && effect.attempt == 1)
    #expect(budgets.first?.writes == 50)
    guard case .send? = driver.announce() else { return unexpected() }
    #expect(driver.machine.isAnnounced && driver.machine.phase == .sending)

    let action = driver.readBacks(ending.readBacks, from: driver.send(ending.outcome))
    #expect(driver.states == ending.states)
    guard let decision = ending.decision else {
      if ending.states.last == .notDone {
        guard case .readBefore? = action else { return unexpected(action as Any) }
        #expect(driver.reads.last == 11_000, "not done is believed ten seconds past the failure, and not before")
        return
      }
      let parking = try Self.parking(action)
      #expect(parking.failure.code == ending.code && parking.wait == .settlement && parking.wake == nil)
      #expect(parking.failure.effect == "unknown" && driver.machine.isUnsettled)
      return
    }
    let conclusion = try Self.conclusion(action)
    #expect(conclusion.state == ending.states.last)
    #expect(conclusion.decision == decision)
    #expect(conclusion.raised?.code == ending.code)
    #expect(!driver.machine.isUnsettled)
    if ending.code != nil { #expect(conclusion.raised?.effect == ending.states.last?.rawValue) }
    if case .returned(let values) = conclusion.result { #expect(values.count == 2) }
  }

  @Test func refusedCredentialsPutAWriteOff() throws {
    let refusal = Outcome.notSent(Failure(.unauthorized, "401", label: "x"))
    var driver = try Self.sending()
    let parking = try Self.parking(driver.send(refusal))
    #expect(parking.wait == .credentials && parking.wake == nil && parking.failure.code == .credentials)
    #expect(driver.states == [.unknown, .notDone] && !driver.machine.isUnsettled)
    // With others it is announced anew, as the same effect.
    guard case .readBefore? = driver.goOn(),
      case .announce(let effect, _)? = driver.readBefore(.answer(.refund("1")))
    else { return unexpected() }
    #expect(effect.attempt == 2 && effect.state == .intended)
    guard case .send? = driver.announce() else { return unexpected() }
    #expect(try Self.conclusion(driver.send(.answer(["cancelSuccess": true]))).state == .confirmed)
  }

  @Test func refusedCredentialsBeforeAWriteLeaveItUnannounced() throws {
    var driver = try Self.driver()
    _ = driver.begin()
    let parking = try Self.parking(driver.readBefore(.notSent(Failure(.unauthorized, "401", label: "x"))))
    #expect(parking.isForCredentials && parking.wake == nil && !driver.machine.isAnnounced)
    guard case .readBefore? = driver.goOn() else { return unexpected() }
  }

  @Test func aHintIsNeverBelieved() throws {
    for success in [true, false] as [JSON] {
      for isPaid in [true, false] {
        var driver = try Self.driver(
          "taobao.orders.pay", ["orderIds": ["7"]], guards: ["max_amount": ["run": "9999 CNY"]])
        guard case .readBefore? = driver.begin(), case .announce? = driver.readBefore(.answer(["purchaseAmount": 100])),
          case .send? = driver.announce()
        else { return unexpected() }
        let status: JSON = isPaid ? "WAIT_SELLER_SEND_GOODS" : "WAIT_BUYER_PAY"
        let action = driver.readBacks(
          Array(repeating: .answer(["status": status]), count: 20), from: driver.send(.answer(["success": success])))
        guard isPaid else {
          let parking = try Self.parking(action)
          #expect(
            parking.wait == .settlement && parking.wake == 33_000, "it settles after 15 minutes: not while we wait")
          continue
        }
        #expect(try Self.conclusion(action).state == .confirmed)
      }
    }
  }

  @Test func aWriteThatOnlyQueuesIsReadBack() throws {
    var driver = try Self.driver("taobao.orders.cancel", ["orderId": "7"])
    guard case .readBefore? = driver.begin(),
      case .announce? = driver.readBefore(.answer(["status": "WAIT_BUYER_PAY"])),
      case .send? = driver.announce()
    else { return unexpected() }
    let first = driver.send(.answer(["success": true]))
    #expect(driver.states == [.accepted])
    let waiting = Array(repeating: Outcome.answer(["status": "WAIT_BUYER_PAY"]), count: 3)
    let conclusion = try Self.conclusion(
      driver.readBacks(waiting + [.answer(["status": "TRADE_CLOSED"])], from: first))
    #expect(conclusion.state == .confirmed && conclusion.decision == .done && driver.now == 9000)
  }

  @Test func whatCannotBeReadBackIsForAPersonAtOnce() throws {
    let example = try #require(catalogue["taobao.orders.updateWarehouse"]?.exampleArguments)
    var driver = try Self.driver("taobao.orders.updateWarehouse", example)
    guard case .announce? = driver.begin(), case .send? = driver.announce() else { return unexpected() }
    let parking = try Self.parking(driver.send(.doubt))
    #expect(parking.wait == .settlement && parking.wake == nil && driver.states == [.unknown])
  }

  @Test func whatIsForbiddenByNameIsNotEvenRead() throws {
    var driver = try Self.driver(guards: ["writes": ["taobao.orders.cancel"]])
    let conclusion = try Self.conclusion(driver.begin())
    #expect(conclusion.state == nil && conclusion.raised?.code == .guard && !driver.machine.isAnnounced)
  }

  @Test(arguments: [Outcome.unsent, .doubt, .refusal(), .rejected(Failure(.notFound, "no", label: "x"))])
  func withoutTheReadBeforeNothingIsAnnounced(_ outcome: Outcome) throws {
    var driver = try Self.driver()
    _ = driver.begin()
    let conclusion = try Self.conclusion(driver.readBefore(outcome))
    #expect(conclusion.state == nil && conclusion.decision == .failed && !driver.machine.isAnnounced)
  }

  @Test(
    arguments: [
      (EntryOutcome.claimed(ClaimKey(profile: "shop", kind: "taobao.refund", id: "1"), by: "other"), .claimed, .kept),
      (.held(Hold(subject: "1", profile: nil, why: "a dispute", by: "wang", since: 0)), .held, .kept),
      (.frozen(Freeze(profile: nil, why: nil, by: "wang", since: 0)), .held, .kept),
      (.fenced, .guard, .failed), (.conflict("twice"), .guard, .failed),
    ] as [(EntryOutcome, ScriptFailure.Code, Decision.Kind)])
  func whatTheJournalRefusesIsNotSent(
    _ outcome: EntryOutcome, _ code: ScriptFailure.Code, _ decision: Decision.Kind
  ) throws {
    var driver = try Self.driver()
    _ = driver.begin()
    _ = driver.readBefore(.answer(.refund("1")))
    let conclusion = try Self.conclusion(driver.announce(outcome))
    #expect(conclusion.raised?.code == code && conclusion.decision == decision)
    #expect(conclusion.state == nil && !driver.machine.isAnnounced)
  }

  @Test func whatIsOverItsBudgetWaits() throws {
    var driver = try Self.driver()
    _ = driver.begin()
    _ = driver.readBefore(.answer(.refund("1")))
    let parking = try Self.parking(driver.announce(.overBudget(Budget(scope: "run:run", writes: 50))))
    #expect(parking.wait == .budget && parking.failure.code == .guard && !driver.machine.isAnnounced)
  }

  @Test(
    arguments: [
      ("999.99 CNY", 99_999, true), ("999.99 CNY", 99_998, false), ("999.99 CNY", 100_000, true), ("1 USD", 1, true),
    ] as [(JSON, Int64, Bool)])
  func fromTheThresholdOnAPersonIsAsked(_ threshold: JSON, _ fee: Int64, _ isAsked: Bool) throws {
    var driver = try Self.driver(guards: ["require_approval": ["amount": threshold]])
    _ = driver.begin()
    let action = driver.readBefore(.answer(.refund("1", fee: fee)))
    guard isAsked else {
      guard case .announce? = action else { return unexpected() }
      return
    }
    guard case .ask(let request, nil)? = action else { return unexpected(action as Any) }
    var approval = Approval(
      id: "A1", run: "run", path: request.path, title: request.title, items: request.items, digest: request.digest,
      claims: request.claims, asked: 1000, expires: request.expires)
    let parking = try Self.parking(driver.ask(.asked(approval)))
    #expect(parking.failure.code == .held && parking.wait == .approval && parking.wake == request.expires)
    #expect(parking.failure.message == "waits for approval A1" && driver.machine.approval == approval)
    approval.state = .approved
    driver.machine.approval = approval
    #expect(driver.machine.grant == nil)
    guard case .readBefore? = driver.goOn(),
      case .announce? = driver.readBefore(.answer(.refund("1", fee: fee)))
    else { return unexpected() }
    #expect(driver.machine.grant == "A1")
  }
}

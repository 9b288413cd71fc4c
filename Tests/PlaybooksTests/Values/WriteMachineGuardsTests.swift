import Catalogue
import JSON
import Journal
import PandaPon
import Testing

@testable import Playbooks

/// What guards and people do to one write.
@Suite struct WriteMachineGuardsTests {
  /// A cancel that is an `act` and needs approval.
  static func asking(
    guards: JSON = ["require_approval": ["count": 0, "expires": 500]], deadline: Milliseconds? = nil
  ) throws -> MachineDriver {
    let operation = try #require(catalogue["taobao.refunds.cancel"])
    var subject: JSON = ["id": "1"]
    subject["deadline"] = deadline.map(JSON.integer)
    let machine = WriteMachine(
      operation: operation, arguments: try operation.arguments(from: ["refundId": "1"]), run: "run",
      path: StepPath([3]), digest: "d", profile: "shop",
      act: PendingStep.Act(subject: Subject(subject), reason: "stale"), instant: 1000)
    return MachineDriver(machine: machine, policy: try WriteMachineTests.policy(guards))
  }

  static func approval(_ request: ApprovalRequest, _ state: Approval.State = .pending) -> Approval {
    Approval(
      id: "A7", run: "run", path: request.path, title: request.title, items: request.items, digest: request.digest,
      claims: request.claims, asked: 1000, expires: request.expires, state: state,
      by: state == .pending ? nil : "li", why: state == .rejected ? "not this one" : nil)
  }

  /// Asked, and waiting.
  static func waiting() throws -> (MachineDriver, ApprovalRequest) {
    var driver = try asking()
    _ = driver.begin()
    guard case .ask(let request, nil)? = driver.readBefore(.answer(.refund("1", fee: 5))) else {
      throw WriteMachineTests.Unexpected(action: "no question")
    }
    guard case .park(let parking)? = driver.ask(.asked(approval(request))) else {
      throw WriteMachineTests.Unexpected(action: "no wait")
    }
    #expect(parking.wait == .approval && parking.wake == 1500 && parking.failure.effect == "waiting")
    return (driver, request)
  }

  @Test func beforeItIsAnsweredNothingIsRead() throws {
    var (driver, request) = try Self.waiting()
    driver.now = 1499
    guard case .park? = driver.goOn() else { return unexpected() }
    driver.now = 1500
    guard case .lapse("A7")? = driver.goOn() else { return unexpected() }
    let conclusion = try WriteMachineTests.conclusion(driver.ask(.asked(Self.approval(request, .expired))))
    #expect(conclusion.decision == .failed && conclusion.reason == WriteMachine.expiredReason)
    #expect(conclusion.raised?.code == .held && conclusion.raised?.effect == "expired" && conclusion.state == nil)
  }

  @Test func anAnswerInTheLastMomentCounts() throws {
    var (driver, request) = try Self.waiting()
    driver.now = 1500
    guard case .lapse? = driver.goOn(),
      case .readBefore? = driver.ask(.asked(Self.approval(request, .approved))),
      case .announce? = driver.readBefore(.answer(.refund("1", fee: 5)))
    else { return unexpected() }
    #expect(driver.machine.grant == "A7")
  }

  @Test func aNoEndsIt() throws {
    var (driver, request) = try Self.waiting()
    driver.machine.approval = Self.approval(request, .rejected)
    let conclusion = try WriteMachineTests.conclusion(driver.goOn())
    #expect(conclusion.decision == .failed && conclusion.reason == WriteMachine.rejectedReason)
    #expect(conclusion.detail == "A7 was rejected by li: not this one" && conclusion.raised?.effect == "rejected")
  }

  @Test func whatChangedIsAskedAnew() throws {
    var (driver, request) = try Self.waiting()
    driver.machine.approval = Self.approval(request, .approved)
    guard case .readBefore? = driver.goOn(),
      case .ask(let again, retracting: "A7")? = driver.readBefore(.answer(.refund("1", fee: 6)))
    else { return unexpected() }
    #expect(again.digest != request.digest && again.items[0]?["amount"]?["fen"] == 6)
    #expect(driver.machine.grant == nil)
  }

  @Test func anotherQuestionAboutItKeepsIt() throws {
    var driver = try Self.asking()
    _ = driver.begin()
    guard case .ask(let request, nil)? = driver.readBefore(.answer(.refund("1"))) else { return unexpected() }
    let conclusion = try WriteMachineTests.conclusion(driver.ask(.awaiting(Self.approval(request))))
    #expect(conclusion.decision == .kept && conclusion.detail == "it waits for approval A7 of run run")
    #expect(conclusion.raised?.code == .held)
  }

  @Test func anApprovalThatIsNotGoodAnnouncesNothing() throws {
    var (driver, request) = try Self.waiting()
    driver.machine.approval = Self.approval(request, .approved)
    _ = driver.goOn()
    _ = driver.readBefore(.answer(.refund("1", fee: 5)))
    let conclusion = try WriteMachineTests.conclusion(
      driver.announce(.unapproved(Self.approval(request, .superseded))))
    #expect(conclusion.decision == .failed && !driver.machine.isAnnounced)
  }

  @Test func quietHoursPutItOffAsItWasSeen() throws {
    for (fee, isSame) in [(5, true), (6, false)] as [(Int64, Bool)] {
      var driver = try Self.asking(guards: ["quiet_hours": "00:00-00:10"])
      _ = driver.begin()
      guard case .park(let parking)? = driver.readBefore(.answer(.refund("1", fee: 5))) else { return unexpected() }
      #expect(parking.wait == .time && parking.wake == 600_000 && parking.failure.code == .held)
      #expect(driver.machine.seen != nil)
      driver.now = 600_000
      guard case .readBefore? = driver.goOn() else { return unexpected() }
      let action = driver.readBefore(.answer(.refund("1", fee: fee)))
      if isSame {
        guard case .announce? = action else { return unexpected(action as Any) }
      } else {
        let conclusion = try WriteMachineTests.conclusion(action)
        #expect(conclusion.decision == .kept && conclusion.reason == "it changed while it waited")
      }
    }
  }

  @Test func beyondItsDeadlineAPersonHasToDecide() throws {
    var driver = try Self.asking(guards: ["quiet_hours": "00:00-00:10"], deadline: 600_000)
    _ = driver.begin()
    let conclusion = try WriteMachineTests.conclusion(driver.readBefore(.answer(.refund("1"))))
    #expect(conclusion.decision == .handedOver && conclusion.raised?.code == .held)
  }

  @Test func aSubjectIsKeptWhereItWasActedOnOftenEnough() throws {
    var driver = try Self.asking(guards: ["same_subject": ["times": 3]])
    _ = driver.begin()
    guard case .announce(_, let budgets)? = driver.readBefore(.answer(.refund("1"))), let pace = budgets.last else {
      return unexpected()
    }
    let conclusion = try WriteMachineTests.conclusion(driver.announce(.overBudget(pace, used: BudgetUse(writes: 3))))
    #expect(conclusion.decision == .kept && conclusion.reason == WritePolicy.paceReason)
    #expect(conclusion.detail == "same_subject: 3 of at most 3 times")
  }

  @Test func holdsSayWhoAndUntilWhen() throws {
    var driver = try Self.asking(guards: [:])
    _ = driver.begin()
    _ = driver.readBefore(.answer(.refund("1")))
    let hold = Hold(subject: "1", profile: nil, why: "the buyer called", by: "li", since: 0, until: 3_600_000)
    let conclusion = try WriteMachineTests.conclusion(driver.announce(.held(hold)))
    #expect(conclusion.detail == "li holds 1 until 1970-01-01 01:00: the buyer called")
    #expect(conclusion.reason == "a person holds it" && conclusion.decision == .kept)
  }
}

import Catalogue
import JSON
import Journal
import PandaPon
import Testing

@testable import Playbooks

/// A write that another process left, or that a person decided about, taken up where it stands.
@Suite struct ResumedWriteTests {
  static func effect(
    _ state: EffectState, of operation: String = "taobao.refunds.cancel", _ arguments: JSON = ["refundId": "1"],
    attempt: Int = 1, changed: Milliseconds = 1000, answer: JSON? = nil
  ) throws -> EffectRecord {
    let operation = try #require(catalogue[operation])
    let claims = try operation.claims(of: operation.arguments(from: arguments))
    var effect = EffectRecord(
      run: "run", path: StepPath([3]), operation: operation.id, arguments: arguments, digest: "d",
      claims: claims.map { ClaimKey(profile: "shop", kind: $0.kind, id: $0.id) }, charge: nil, instant: 1000)
    effect.state = state
    effect.attempt = attempt
    effect.changed = changed
    effect.answer = answer
    return effect
  }

  static func driver(_ effect: EffectRecord, guards: JSON = [:], now: Milliseconds = 500_000) throws -> MachineDriver {
    let operation = try #require(catalogue[effect.operation])
    var driver = MachineDriver(
      machine: WriteMachine(
        operation: operation, arguments: try operation.arguments(from: effect.arguments), resuming: effect),
      policy: try WriteMachineTests.policy(guards))
    driver.now = now
    return driver
  }

  @Test func whatACrashLeftIsReadBackBeforeItIsSentAgain() throws {
    var driver = try Self.driver(try Self.effect(.intended))
    let action = driver.readBacks(Ending.reads("10"), from: driver.goOn())
    guard case .readBefore? = action else { return unexpected(action as Any) }
    #expect(driver.states == [.unknown, .notDone] && driver.reads.first == 500_000 && driver.reads.last == 510_000)
    guard case .announce(let again, _)? = driver.readBefore(.answer(.refund("1"))) else { return unexpected() }
    #expect(again.attempt == 2 && again.state == .intended && again.intended == 1000 && again.changed == 510_000)
    guard case .send? = driver.announce() else { return unexpected() }
    #expect(try WriteMachineTests.conclusion(driver.send(.answer(["cancelSuccess": true]))).state == .confirmed)
  }

  @Test func whatACrashLeftDoneIsConfirmedAndAnswersWhatThePlanWould() throws {
    var driver = try Self.driver(try Self.effect(.intended))
    let conclusion = try WriteMachineTests.conclusion(driver.readBacks(Ending.reads("-20"), from: driver.goOn()))
    #expect(driver.states == [.unknown, .confirmed])
    guard case .returned(let values) = conclusion.result else { return unexpected() }
    #expect(values[0]["cancelSuccess"] == true && values[1]["settled_by"] == "read_back")
  }

  @Test(arguments: [EffectState.unknown, .accepted])
  func howLongAgoItWasCounts(_ state: EffectState) throws {
    var driver = try Self.driver(try Self.effect(state, changed: 489_000))
    guard case .readBefore? = driver.readBacks(Ending.reads("10"), from: driver.goOn()) else { return unexpected() }
    #expect(driver.reads == [500_000], "it failed eleven seconds ago: the first look is believed")
    #expect(driver.states == [.notDone])
  }

  @Test func afterThreeAttemptsItIsGivenUp() throws {
    var driver = try Self.driver(try Self.effect(.unknown, attempt: 3))
    let conclusion = try WriteMachineTests.conclusion(driver.readBacks(Ending.reads("10"), from: driver.goOn()))
    #expect(driver.states == [.notDone, .withdrawn])
    #expect(conclusion.raised?.code == .unavailable && conclusion.decision == .failed)
  }

  @Test func whatIsNotSafeToRepeatIsForAPerson() throws {
    let arguments: JSON = ["orderIds": ["7"]]
    let effect = try Self.effect(.unknown, of: "taobao.orders.pay", arguments, changed: -1_000_000)
    var driver = try Self.driver(effect, guards: ["max_amount": ["run": "9 CNY"]])
    let unpaid = Array(repeating: Outcome.answer(["status": "WAIT_BUYER_PAY"]), count: 9)
    let parking = try WriteMachineTests.parking(driver.readBacks(unpaid, from: driver.goOn()))
    #expect(parking.wait == .settlement && parking.wake == nil && driver.states.isEmpty && driver.machine.isUnsettled)
    #expect(parking.failure.message.contains("did not take place"))
  }

  @Test func aPersonsYesAnswersTheScript() throws {
    var kept = try Self.driver(try Self.effect(.confirmed, answer: ["cancelSuccess": true, "kept": 1]))
    let answered = try WriteMachineTests.conclusion(kept.goOn())
    #expect(
      answered.result == .returned([["cancelSuccess": true, "kept": 1], ["settled_by": "record", "request_id": nil]]))
    #expect(!answered.settles && answered.decision == .done)

    var read = try Self.driver(try Self.effect(.confirmed))
    let shown = try WriteMachineTests.conclusion(read.readBacks(Ending.reads("-20"), from: read.goOn()))
    guard case .returned(let values) = shown.result else { return unexpected() }
    #expect(values[0]["cancelSuccess"] == true && !shown.settles)

    var away = try Self.driver(try Self.effect(.confirmed))
    #expect(try WriteMachineTests.conclusion(away.readBacks([.unsent], from: away.goOn())).decision == .done)

    var act = try Self.driver(try Self.effect(.confirmed))
    act.machine.needsAnswer = false
    #expect(try WriteMachineTests.conclusion(act.goOn()).state == .confirmed, "nobody waits for what it answers")
  }

  @Test func aPersonsNoHasItSentOnceMore() throws {
    let effect = try Self.effect(.notDone, of: "taobao.orders.pay", ["orderIds": ["7"]], attempt: 3)
    var driver = try Self.driver(effect, guards: ["max_amount": ["run": "9 CNY"]])
    guard case .readBefore? = driver.goOn(),
      case .announce(let again, _)? = driver.readBefore(.answer(["purchaseAmount": 5])),
      case .send? = driver.announce()
    else { return unexpected() }
    #expect(again.attempt == 4)
    #expect(driver.states.isEmpty)
  }

  @Test func aFurtherAttemptThatMayNotBeMadeIsWithdrawn() throws {
    var driver = try Self.driver(try Self.effect(.notDone))
    _ = driver.goOn()
    _ = driver.readBefore(.answer(.refund("1")))
    let hold = Hold(subject: "1", profile: nil, why: "a dispute", by: "wang", since: 0)
    let conclusion = try WriteMachineTests.conclusion(driver.announce(.held(hold)))
    #expect(conclusion.state == .withdrawn && conclusion.settles && conclusion.decision == .kept)
    #expect(driver.machine.effect.attempt == 1 && driver.states == [.withdrawn])
  }

  @Test func aSecondAttemptThatIsRefusedMayMeanThatTheFirstTookPlace() throws {
    for (status, state) in [("-20", EffectState.confirmed), ("10", .rejected)] as [(JSON, EffectState)] {
      var driver = try Self.driver(try Self.effect(.notDone))
      _ = driver.goOn()
      _ = driver.readBefore(.answer(.refund("1")))
      _ = driver.announce()
      let refused = driver.send(.answer(["cancelSuccess": false]))
      let conclusion = try WriteMachineTests.conclusion(driver.readBacks(Ending.reads(status), from: refused))
      #expect(conclusion.state == state)
    }
  }

  @Test func whatWaitsForTheMarketplaceIsAnnouncedAnewLater() throws {
    var driver = try WriteMachineTests.sending()
    let limited = Failure(.rateLimited, "429", label: "x", retryAfter: .seconds(90))
    let parking = try WriteMachineTests.parking(driver.send(.notSent(limited)))
    #expect(parking.wait == .api && parking.wake == 91_000 && driver.states == [.unknown, .notDone])
    driver.now = 91_000
    guard case .readBefore? = driver.goOn(), case .announce(let again, _)? = driver.readBefore(.answer(.refund("1")))
    else { return unexpected() }
    #expect(again.attempt == 2)
  }

  @Test func aMarketplaceThatIsAwayNeverLosesTheWrite() throws {
    var driver = try WriteMachineTests.sending()
    var action = driver.send(.doubt)
    action = driver.readBacks(Array(repeating: .unsent, count: 50), from: action)
    let parking = try WriteMachineTests.parking(action)
    #expect(parking.wait == .api && parking.failure.code == .inDoubt)
    #expect(parking.wake.map { $0 > 31_000 } == true && driver.machine.isUnsettled)
    driver.now = 1_000_000
    let conclusion = try WriteMachineTests.conclusion(driver.readBacks(Ending.reads("-20"), from: driver.goOn()))
    #expect(conclusion.state == .confirmed)
  }

  @Test func aRunThatStopsRecallsWhatItHasNotSent() throws {
    for (isFinal, states) in [(true, [EffectState.withdrawn]), (false, [.unknown, .notDone])] {
      var driver = try WriteMachineTests.sending()
      _ = driver.settle(driver.machine.recall(isFinal: isFinal, at: driver.now))
      #expect(driver.states == states && !driver.machine.isUnsettled)
    }
  }

  // MARK: A restored store

  static func restored(_ operation: String = "taobao.refunds.cancel", _ arguments: JSON = ["refundId": "1"]) throws
    -> MachineDriver
  {
    var driver = try WriteMachineTests.driver(operation, arguments)
    driver.now = 100_000
    driver.machine.forgotten = (since: 40_000, noticed: 100_000)
    return driver
  }

  @Test func whatAForgottenRunDidIsNotDoneAgain() throws {
    var driver = try Self.restored()
    guard case .readBefore? = driver.begin() else { return unexpected() }
    let read = driver.readBefore(.answer(.refund("1", fee: 250)))
    guard case .announce(let effect, let budgets)? = driver.readBacks(Ending.reads("-20"), from: read) else {
      return unexpected()
    }
    #expect(effect.charge?.minorUnits == 250 && !budgets.isEmpty, "it counts in the budgets")
    let conclusion = try WriteMachineTests.conclusion(driver.announce())
    #expect(conclusion.state == .confirmed && conclusion.settles && driver.states == [.confirmed])
  }

  @Test func whatWasNotDoneIsSentOnceThatIsCertain() throws {
    var driver = try Self.restored()
    _ = driver.begin()
    let read = driver.readBefore(.answer(.refund("1")))
    guard case .announce? = driver.readBacks(Ending.reads("10"), from: read) else { return unexpected() }
    #expect(driver.now == 110_000)
    guard case .send? = driver.announce() else { return unexpected() }
  }

  @Test func anAttemptThatTheCopyDoesNotKnowIsLookedForToo() throws {
    for (status, isDone) in [("-20", true), ("10", false)] as [(JSON, Bool)] {
      var driver = try ResumedWriteTests.driver(try ResumedWriteTests.effect(.notDone), now: 100_000)
      driver.machine.forgotten = (since: 40_000, noticed: 100_000)
      _ = driver.goOn()
      let read = driver.readBefore(.answer(.refund("1")))
      guard case .announce(let again, _)? = driver.readBacks(Ending.reads(status), from: read) else {
        return unexpected()
      }
      #expect(again.attempt == 2)
      if isDone {
        #expect(try WriteMachineTests.conclusion(driver.announce()).state == .confirmed)
      } else {
        guard case .send? = driver.announce() else { return unexpected() }
      }
    }
    var unknown = try ResumedWriteTests.driver(try ResumedWriteTests.effect(.unknown), now: 100_000)
    unknown.machine.forgotten = (since: 40_000, noticed: 100_000)
    _ = unknown.readBacks(Ending.reads("10"), from: unknown.goOn())
    #expect(unknown.reads.last == 110_000, "it may have been sent again just before the restore")
  }

  @Test func whatCannotBeReadBackIsAnnouncedAndLeftToAPerson() throws {
    let example = try #require(catalogue["taobao.orders.updateWarehouse"]?.exampleArguments)
    var driver = try Self.restored("taobao.orders.updateWarehouse", example)
    guard case .announce? = driver.begin() else { return unexpected() }
    let parking = try WriteMachineTests.parking(driver.announce())
    #expect(parking.wait == .settlement && driver.states == [.unknown] && driver.machine.isUnsettled)
  }
}

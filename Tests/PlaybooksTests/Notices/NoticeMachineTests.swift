import JSON
import Journal
import Testing

@testable import Playbooks

/// One message: marked before it leaves, sent twice at most.
@Suite struct NoticeMachineTests {
  private static func machine(known: Dispatch? = nil) throws -> NoticeMachine {
    NoticeMachine(try Notice(["channel": "ops", "text": "hello"]), digest: "d", known: known)
  }

  /// Lets it go as far as the service.
  private static func sent(_ machine: inout NoticeMachine) -> NoticeMachine.Action? {
    guard machine.begin() == .admit else { return nil }
    guard case .mark = machine.didAdmit(.granted, at: 0) else { return nil }
    return machine.didMark()
  }

  @Test func itIsMarkedBeforeItLeaves() throws {
    var machine = try Self.machine()
    #expect(machine.begin() == .admit)
    #expect(machine.didAdmit(.granted, at: 0) == .mark(Dispatch(digest: "d", copies: 1, attempts: 1)))
    #expect(machine.isLeaving)
    #expect(machine.didMark() == .send(isRepeated: false))
    #expect(
      machine.didSend(.delivered(isCut: true), at: 0)
        == .conclude(.returned([["repeated": false, "cut": true]])))
    #expect(machine.phase == .over && !machine.isLeaving)
  }

  @Test func itWaitsForItsTurn() throws {
    var machine = try Self.machine()
    #expect(machine.begin() == .admit)
    #expect(machine.didAdmit(.later(5000), at: 10) == .pause(until: 5000))
    #expect(Self.sent(&machine) == .send(isRepeated: false), "it leaves unmarked by the wait")
  }

  @Test func whatMayHaveArrivedIsSentOnceMoreAndSaysSo() throws {
    var machine = try Self.machine()
    #expect(Self.sent(&machine) == .send(isRepeated: false))
    #expect(machine.didSend(.unclear("timeout"), at: 0) == .mark(Dispatch(digest: "d", copies: 1, attempts: 1)))
    #expect(machine.didMark() == .pause(until: NoticeMachine.pause))
    #expect(Self.sent(&machine) == .send(isRepeated: true))
    guard case .conclude(.raised(let fields)) = machine.didSend(.unclear("timeout"), at: 0) else { return unexpected() }
    #expect(fields["code"] == "in_doubt")
    #expect(fields["retryable"] != true)
  }

  @Test(arguments: [(1, true), (2, false)])
  func aCrashAfterTheMarkCountsAsACopy(_ copies: Int, sendsAgain: Bool) throws {
    var machine = try Self.machine(known: Dispatch(digest: "d", copies: copies, attempts: copies))
    if sendsAgain {
      #expect(Self.sent(&machine) == .send(isRepeated: true))
    } else {
      guard case .conclude(.raised(let fields)) = machine.begin() else { return unexpected() }
      #expect(fields["code"] == "in_doubt")
    }
  }

  @Test func theMarkOfAnotherMessageIsNotItsOwn() throws {
    var machine = try Self.machine(known: Dispatch(digest: "other", copies: 2, attempts: 2))
    #expect(Self.sent(&machine) == .send(isRepeated: false))
  }

  @Test func whatDidNotArriveIsTriedThreeTimes() throws {
    var machine = try Self.machine()
    for attempt in 1..<NoticeMachine.mostAttempts {
      #expect(Self.sent(&machine) == .send(isRepeated: false))
      let mark = machine.didSend(.notSent("refused", retryAt: 9000), at: 0)
      #expect(mark == .mark(Dispatch(digest: "d", copies: 0, attempts: attempt)))
      #expect(machine.didMark() == .pause(until: 9000))
    }
    #expect(Self.sent(&machine) == .send(isRepeated: false))
    guard case .conclude(.raised(let fields)) = machine.didSend(.notSent("refused", retryAt: nil), at: 0) else {
      return unexpected()
    }
    #expect(fields["code"] == "unavailable" && fields["retryable"] == true)
  }

  @Test func aCopyThatMayHaveArrivedIsNotForgottenOverOneThatDidNot() throws {
    var machine = try Self.machine(known: Dispatch(digest: "d", copies: 1, attempts: 2))
    #expect(Self.sent(&machine) == .send(isRepeated: true))
    guard case .conclude(.raised(let fields)) = machine.didSend(.notSent("refused", retryAt: nil), at: 0) else {
      return unexpected()
    }
    #expect(fields["code"] == "in_doubt")
  }

  @Test func whatIsRefusedIsOver() throws {
    var machine = try Self.machine()
    #expect(Self.sent(&machine) == .send(isRepeated: false))
    guard case .conclude(.raised(let fields)) = machine.didSend(.refused("keywords not in content"), at: 0) else {
      return unexpected()
    }
    #expect(fields["code"] == "rejected")
    #expect(fields["message"]?.string?.contains("keywords not in content") == true)
  }

  @Test(
    arguments: [
      ([:], "must be a channel's name"), (["channel": "ops"], "the message is empty"),
      (["channel": "ops", "text": "a", "markdown": "b"], "text or markdown, not both"),
      (["channel": "ops", "title": .string(String(repeating: "x", count: 1025))], "title has 1025 bytes"),
      (
        ["channel": "ops", "subjects": .array((0..<201).map { ["id": .string("\($0)")] })],
        "201 subjects are more than the 200"
      ),
    ] as [(JSON, String)])
  func mistakesAreNamed(_ fields: JSON, _ words: String) {
    let failure = #expect(throws: ScriptFailure.self) { try Notice(fields) }
    #expect(failure?.message.contains(words) == true, "\(failure?.message ?? "")")
  }
}

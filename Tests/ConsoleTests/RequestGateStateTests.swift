import Testing

@testable import Console

@Suite struct RequestGateStateTests {
  private var limits: CallbackLimits {
    var limits = CallbackLimits()
    limits.body = 10
    return limits
  }

  @Test func aRequestPassesAndTheNextIsAwaited() {
    var state = RequestGateState(limits: limits)
    #expect(state.opened() == limits.headerTime)
    #expect(state.head(contentLength: 10) == .pass(limits.bodyTime))
    #expect(state.body(count: 4) == .pass(nil))
    #expect(state.body(count: 6) == .pass(nil))
    #expect(state.end() == .passUntimed)
    #expect(state.timedOut() == .pass(nil))
    #expect(state.answered() == .pass(limits.idleTime))
    #expect(state.timedOut() == .close(.idle))
  }

  @Test func anEarlyAnswerLeavesTheBodysLimit() {
    var state = RequestGateState(limits: limits)
    _ = state.head(contentLength: nil)
    #expect(state.answered() == .pass(nil))
    #expect(state.timedOut() == .close(.slowBody))
  }

  @Test func tooMuchIsRefusedOnce() {
    var state = RequestGateState(limits: limits)
    #expect(state.head(contentLength: 11) == .refuse(.tooLarge))
    #expect(!state.reads)
    #expect(state.body(count: 1) == .drop)
    #expect(state.end() == .drop)
    #expect(state.head(contentLength: 1) == .drop)
    #expect(state.timedOut() == .close(.idle))
  }

  @Test func whatWasNotAnnouncedIsCounted() {
    var state = RequestGateState(limits: limits)
    _ = state.head(contentLength: nil)
    #expect(state.body(count: 10) == .pass(nil))
    #expect(state.body(count: 1) == .refuse(.tooLarge))
  }

  @Test func whatThereIsNoRoomForIsRefused() {
    var state = RequestGateState(limits: limits)
    #expect(state.noRoom() == .drop)
    _ = state.head(contentLength: nil)
    #expect(state.noRoom() == .refuse(.overloaded))
    #expect(state.body(count: 1) == .drop)
  }

  @Test func theFirstHeadersHaveALimitOfTheirOwn() {
    var state = RequestGateState(limits: limits)
    #expect(state.timedOut() == .close(.slowHeaders))
  }
}

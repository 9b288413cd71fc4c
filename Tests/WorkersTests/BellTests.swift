import Journal
import Playbooks
import Testing

@testable import Workers

@Suite struct BellTests {
  @Test func whoRingsWhileNobodyWaitsIsNotForgotten() async {
    let bell = Bell()
    bell.ring()
    bell.ring()
    await bell.wait(until: nil, by: VirtualClock(0))
  }

  @Test func anInstantWakes() async {
    let clock = VirtualClock(5)
    await Bell().wait(until: 700, by: clock)
    #expect(clock.now() == 700)
  }

  @Test func aCancelledTaskWaitsNoMore() async {
    let bell = Bell()
    let task = Task { await bell.wait(until: nil, by: VirtualClock(0)) }
    task.cancel()
    await task.value
  }

  @Test func ringingWakesWhoWaits() async {
    let bell = Bell()
    let task = Task { await bell.wait(until: nil, by: VirtualClock(0)) }
    await Task.yield()
    bell.ring()
    await task.value
  }
}

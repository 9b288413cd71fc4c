import Synchronization
import Testing

@testable import PandaPon

@Suite struct QuotaTests {
  @Test func aBurstThenAnEvenRate() {
    var bucket = TokenBucket(rate: 10, burst: 10, now: .zero)
    let waits = (0..<15).map { _ in bucket.take(now: .zero).milliseconds }
    #expect(waits == [0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 100, 200, 300, 400, 500])
    #expect(bucket.take(now: .seconds(10)) == .zero)
  }

  @Test func neverMoreThanRateAndBurstInAnyWindow() {
    var bucket = TokenBucket(rate: 5, burst: 3, now: .zero)
    var times: [Int64] = []
    var now = Duration.zero
    for step in 0..<200 {
      times.append((now + bucket.take(now: now)).milliseconds)
      if step % 7 == 0 { now += .milliseconds(step % 11 * 100) }
    }
    for start in times.indices {
      let within = times[start...].prefix { $0 < times[start] + 1000 }.count
      #expect(within <= 3 + 5)
    }
    #expect(times == times.sorted())
  }

  @Test func closingLetsNobodyThroughBeforeAndNoBurstAfter() {
    var bucket = TokenBucket(rate: 10, burst: 10, now: .zero)
    bucket.close(for: .seconds(3), now: .zero)
    #expect(bucket.take(now: .zero) == .seconds(3))
    #expect(bucket.take(now: .zero).milliseconds == 3100)
  }

  @Test func theActorSleepsForItsPlace() async throws {
    let virtual = VirtualSurroundings()
    let quota = LocalQuota(perSecond: 2, surroundings: virtual.surroundings)
    for _ in 0..<4 { try await quota.acquire() }
    #expect(virtual.slept.map(\.milliseconds) == [500, 500])
    await quota.slowDown(for: .seconds(5))
    try await quota.acquire()
    #expect(virtual.slept.last == .seconds(5))
  }

  @Test func waitingEndsWithTheTask() async throws {
    let virtual = VirtualSurroundings()
    let quota = LocalQuota(perSecond: 1, surroundings: virtual.surroundings)
    try await quota.acquire()
    virtual.state.withLock { $0.cancelled = true }
    await #expect(throws: CancellationError.self) { try await quota.acquire() }
  }

  @Test(arguments: [
    ("http://127.0.0.1", Double?.none, Double?.none), ("https://api.pandapon.com", nil, 10), ("http://[::1]", 3, 3),
  ])
  func profilesHaveALimitExceptOnLoopback(_ url: String, _ given: Double?, _ expected: Double?) throws {
    #expect(try testProfile(url, quota: given).quota == expected)
  }
}

import Testing

@testable import Channels

/// What each service allows is never gone beyond, whatever the times at which messages are wanted.
@Suite struct TokenBucketTests {
  /// How many messages each service takes: in how many milliseconds.
  private static let allowances: [(ChannelKind, Int, Int64)] = [
    (.dingtalk, 20, 60_000), (.wecom, 20, 60_000), (.feishu, 100, 60_000), (.feishu, 5, 1000), (.slack, 1, 999),
  ]

  @Test(arguments: allowances)
  func noWindowHasMoreThanTheServiceTakes(_ kind: ChannelKind, _ most: Int, _ window: Int64) {
    var random = SystemRandomNumberGenerator()
    for _ in 0..<20 {
      var bucket = TokenBucket(kind.service.pace, now: 0)
      var now: Int64 = 0
      var sent: [Int64] = []
      while sent.count < 200 {
        if let later = bucket.take(now: now) {
          #expect(later > now)
          now = later
        } else {
          sent.append(now)
          now += Int64.random(in: 0...200, using: &random) == 0 ? Int64.random(in: 0...120_000, using: &random) : 0
        }
      }
      for index in sent.indices.dropFirst(most) { #expect(sent[index] - sent[index - most] >= window) }
    }
  }

  @Test func aTokenComesWhenItIsSaid() {
    var bucket = TokenBucket(Pace(burst: 2, perMinute: 30), now: 0)
    #expect(bucket.take(now: 0) == nil && bucket.take(now: 0) == nil)
    #expect(bucket.take(now: 0) == 2000)
    #expect(bucket.take(now: 1999) == 2000)
    #expect(bucket.take(now: 2000) == nil)
    #expect(bucket.take(now: 2000) == 4000)
  }

  @Test func aServiceThatAskedIsLeftAlone() {
    var bucket = TokenBucket(Pace(burst: 5, perMinute: 60), now: 0)
    bucket.close(until: 30_000)
    #expect(bucket.take(now: 10) == 30_000)
    #expect(bucket.take(now: 29_999) == 30_000)
    #expect(bucket.take(now: 30_000) == nil)
  }

  @Test func aClockThatGoesBackChangesNothing() {
    var bucket = TokenBucket(Pace(burst: 1, perMinute: 60), now: 10_000)
    #expect(bucket.take(now: 10_000) == nil)
    #expect(bucket.take(now: 5000) == 6000)
    #expect(bucket.take(now: 6000) == nil)
  }
}

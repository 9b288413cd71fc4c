/// How often a profile may ask the API. A fleet shares one through its store; a single process uses ``LocalQuota``.
public protocol Quota: Sendable {
  /// Waits until one request may be sent.
  func acquire() async throws
  /// The API asked for a pause: nobody is let through before it is over.
  func slowDown(for time: Duration) async
}

/// No limit: for a simulator on this machine.
public struct UnlimitedQuota: Quota {
  /// A quota that lets everything through.
  public init() {}
  public func acquire() async throws {}
  public func slowDown(for time: Duration) async {}
}

/// A token bucket within this process.
public actor LocalQuota: Quota {
  private var bucket: TokenBucket
  private let surroundings: Surroundings

  /// A limit of so many requests a second; as many may follow each other at once after a quiet second.
  public init(perSecond rate: Double, surroundings: Surroundings = .live) {
    bucket = TokenBucket(rate: rate, burst: rate, now: surroundings.uptime())
    self.surroundings = surroundings
  }

  public func acquire() async throws {
    while true {
      let wait = bucket.take(now: surroundings.uptime())
      if wait == .zero { return }
      try await surroundings.sleep(wait)
      // Closed while we slept: our place is void, take a new one.
      if bucket.closedUntil <= surroundings.uptime() { return }
    }
  }

  public func slowDown(for time: Duration) {
    bucket.close(for: time, now: surroundings.uptime())
  }
}

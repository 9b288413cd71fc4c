#if canImport(Glibc)
  import Glibc
#else
  import Musl
#endif

/// The time that sending goes by; injected, so that tests decide it.
public protocol ChannelClock: Sendable {
  /// Milliseconds since 1970.
  func now() -> Int64
  /// Waits; throws `CancellationError` where the task is cancelled.
  func sleep(for milliseconds: Int64) async throws
}

/// The machine's clock, whose time the services compare with their own.
public struct SystemChannelClock: ChannelClock {
  /// A clock that tells the machine's time.
  public init() {}

  public func now() -> Int64 {
    var time = timespec()
    clock_gettime(CLOCK_REALTIME, &time)
    return Int64(time.tv_sec) * 1000 + Int64(time.tv_nsec) / 1_000_000
  }

  public func sleep(for milliseconds: Int64) async throws {
    try await Task.sleep(for: .milliseconds(milliseconds))
  }
}

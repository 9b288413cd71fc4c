/// What the client takes from its surroundings: time, sleep and randomness. Injected, so that tests decide them.
public struct Surroundings: Sendable {
  /// The wall clock, in milliseconds since 1970 UTC: what a timestamp is made of.
  public var now: @Sendable () -> Int64
  /// A clock that never goes back, from any fixed instant: what waiting is measured with.
  public var uptime: @Sendable () -> Duration
  /// Waits; throws `CancellationError` where the task is cancelled.
  public var sleep: @Sendable (Duration) async throws -> Void
  /// 64 random bits.
  public var random: @Sendable () -> UInt64

  /// Surroundings of these functions.
  public init(
    now: @escaping @Sendable () -> Int64,
    uptime: @escaping @Sendable () -> Duration,
    sleep: @escaping @Sendable (Duration) async throws -> Void,
    random: @escaping @Sendable () -> UInt64
  ) {
    (self.now, self.uptime, self.sleep, self.random) = (now, uptime, sleep, random)
  }

  /// The machine's own clocks and the system's random generator.
  public static var live: Surroundings {
    let start = ContinuousClock.now
    return Surroundings(
      now: { wallClock() },
      uptime: { ContinuousClock.now - start },
      sleep: { try await ContinuousClock().sleep(for: $0) },
      random: { .random(in: .min ... .max) })
  }

  /// A number in `0..<1`.
  func fraction() -> Double {
    Double(random() >> 11) * 0x1p-53
  }

  /// 32 random letters and digits, each as likely as any other: a `nonce-str` (pandapon.md 1 and 2a).
  func nonce() -> String {
    let alphabet = Array("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789".utf8)
    var output: [UInt8] = []
    while output.count < 32 {
      var bits = random()
      // Ten characters of six bits each; the two values of 64 that are no character are thrown away.
      for _ in 0..<10 where output.count < 32 {
        let value = Int(bits & 63)
        bits >>= 6
        if value < alphabet.count { output.append(alphabet[value]) }
      }
    }
    return String(decoding: output, as: UTF8.self)
  }
}

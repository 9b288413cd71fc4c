public import Redaction

/// Where random bytes come from: the system's generator, but in tests that compare files.
public struct Entropy: Sendable {
  private let generate: @Sendable (Int) -> [UInt8]

  /// A source of that many bytes a call. They must be unpredictable, and never come again.
  public init(_ generate: @escaping @Sendable (Int) -> [UInt8]) {
    self.generate = generate
  }

  /// The system's generator (getrandom).
  public static let system = Entropy { count in
    var generator = SystemRandomNumberGenerator()
    return (0..<count).map { _ in UInt8.random(in: .min ... .max, using: &generator) }
  }

  /// Random bytes that may be seen: nonces, salts, ids.
  func bytes(_ count: Int) -> [UInt8] { generate(count) }

  /// Random bytes for a key.
  public func secret(_ count: Int) -> SecretBytes {
    var bytes = generate(count)
    defer { bytes.withUnsafeMutableBytes { wipe($0) } }
    return SecretBytes(unregistered: bytes)
  }
}

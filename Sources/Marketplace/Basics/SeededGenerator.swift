/// A small deterministic generator (SplitMix64): the same seed gives the same draws on every machine and Swift version.
///
/// It offers its own bounded draws because the standard library does not promise that its own stay the same.
public struct SeededGenerator: Sendable, Hashable {
  private var state: UInt64

  /// A generator that begins at that seed.
  public init(seed: UInt64) {
    state = seed
  }

  /// A generator for one subject of a seeded world, so that its draws do not depend on what else happened before.
  public init(seed: UInt64, subject: String, turn: Int = 0) {
    self.init(
      seed: SeededGenerator.digest(subject, seed: seed) ^ (UInt64(bitPattern: Int64(turn)) &* 0xD6E8_FEB8_6659_FD93))
  }

  /// The next 64 bits.
  public mutating func next() -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    var word = state
    word = (word ^ (word >> 30)) &* 0xBF58_476D_1CE4_E5B9
    word = (word ^ (word >> 27)) &* 0x94D0_49BB_1331_11EB
    return word ^ (word >> 31)
  }

  /// A draw from `range`, both ends included.
  public mutating func draw(_ range: ClosedRange<Int64>) -> Int64 {
    let width = UInt64(bitPattern: range.upperBound &- range.lowerBound) &+ 1
    guard width > 0 else { return Int64(bitPattern: next()) }
    return range.lowerBound &+ Int64(bitPattern: next().multipliedFullWidth(by: width).high)
  }

  /// A draw from `range`, both ends included.
  public mutating func draw(_ range: ClosedRange<Int>) -> Int {
    Int(draw(Int64(range.lowerBound)...Int64(range.upperBound)))
  }

  /// One of the elements; nil where there is none.
  public mutating func pick<Element>(_ elements: [Element]) -> Element? {
    elements.isEmpty ? nil : elements[draw(0...(elements.count - 1))]
  }

  /// A fraction from 0 up to, not including, 1.
  public mutating func fraction() -> Double {
    Double(next() >> 11) / 9_007_199_254_740_992
  }

  /// 64 bits that depend on a text and a seed only (FNV-1a, then mixed).
  static func digest(_ text: String, seed: UInt64) -> UInt64 {
    var hash: UInt64 = 0xCBF2_9CE4_8422_2325 ^ seed
    for byte in text.utf8 { hash = (hash ^ UInt64(byte)) &* 0x0000_0100_0000_01B3 }
    var mixer = SeededGenerator(seed: hash)
    return mixer.next()
  }

  /// Lower-case hexadecimal digits, as in request ids.
  mutating func hexadecimal(_ count: Int) -> String {
    let digits = Array("0123456789abcdef".utf8)
    var text: [UInt8] = []
    text.reserveCapacity(count)
    while text.count < count {
      var word = next()
      for _ in 0..<min(16, count - text.count) {
        text.append(digits[Int(word & 15)])
        word >>= 4
      }
    }
    return String(decoding: text, as: UTF8.self)
  }
}

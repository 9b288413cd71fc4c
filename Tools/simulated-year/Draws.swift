/// Random numbers that a seed decides (SplitMix64).
struct Draws: RandomNumberGenerator {
  private var state: UInt64

  init(seed: UInt64) { state = seed }

  mutating func next() -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    var value = state
    value = (value ^ (value >> 30)) &* 0xBF58_476D_1CE4_E5B9
    value = (value ^ (value >> 27)) &* 0x94D0_49BB_1331_11EB
    return value ^ (value >> 31)
  }

  mutating func number(_ range: ClosedRange<Int64>) -> Int64 { Int64.random(in: range, using: &self) }

  mutating func one<Element>(of choices: [Element]) -> Element {
    choices[Int(number(0...Int64(choices.count - 1)))]
  }

  /// From a second to three days, short ones as often as long ones.
  mutating func length() -> Int64 {
    let bits = Double.random(in: 0...1, using: &self)
    // 3 days are 259,200 seconds, 2 to the power of 17.98.
    var length = 1000.0
    for _ in 0..<Int(bits * 18) { length *= 2 }
    return min(Int64(length * Double.random(in: 1...2, using: &self)), 3 * 86_400_000)
  }
}

/// What secrets are laid over with as long as nobody needs them: random bytes of this process, so that a secret at rest in
/// memory is not the text that a search of a core dump would look for. No protection from who can read all of the memory.
enum Veil {
  private static let bytes: [UInt8] = (0..<64).map { _ in UInt8.random(in: .min ... .max) }

  /// The byte for that place.
  static func byte(_ index: Int) -> UInt8 { bytes[index & 63] }

  /// Lays it over those bytes, or takes it off them.
  static func lay(over bytes: UnsafeMutableRawBufferPointer) {
    for index in bytes.indices { bytes[index] ^= byte(index) }
  }
}

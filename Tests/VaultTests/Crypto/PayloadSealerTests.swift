import Redaction
import Testing

@testable import Vault

@Suite struct PayloadSealerTests {
  private func sealer(_ numbers: UInt8...) throws -> PayloadSealer {
    var keys: [UInt8: SecretBytes] = [:]
    for number in numbers { keys[number] = SecretBytes(unregistered: [UInt8](repeating: number, count: 32)) }
    return try PayloadSealer(keys: keys)
  }

  @Test(arguments: [[], [0], Array("{\"phone\":\"13800000000\"}".utf8), [UInt8](repeating: 9, count: 100_000)])
  func opensWhatItSealed(_ bytes: [UInt8]) throws {
    let sealer = try sealer(1)
    let sealed = try sealer.seal(bytes, associatedData: [1, 2])
    #expect(sealed.starts(with: [0x80, 0x00, 1]) && sealed.count == bytes.count + PayloadSealer.overhead)
    #expect(PayloadSealer.isSealed(sealed))
    #expect(try sealer.open(sealed, associatedData: [1, 2]) == bytes)
    #expect(try sealer.seal(bytes, associatedData: [1, 2]) != sealed, "a nonce never comes again")
  }

  @Test func opensNowhereElse() throws {
    let sealer = try sealer(1)
    let sealed = try sealer.seal([1, 2, 3], associatedData: [1, 2])
    #expect(label { _ = try sealer.open(sealed, associatedData: [1, 3]) } == "tampered")
    for index in sealed.indices {
      var changed = sealed
      changed[index] ^= 1
      let found = label { _ = try sealer.open(changed, associatedData: [1, 2]) }
      #expect(found == (index == 2 ? "unknown" : "tampered"), "byte \(index)")
    }
    #expect(label { _ = try sealer.open(Array(sealed.dropLast()), associatedData: [1, 2]) } == "tampered")
    #expect(label { _ = try sealer.open([0x80, 0x00], associatedData: []) } == "tampered")
  }

  @Test func theNewestKeySealsAndTheOldOnesOpen() throws {
    let old = try sealer(1).seal([5], associatedData: [])
    let both = try sealer(1, 2)
    #expect(try both.seal([5], associatedData: [])[2] == 2)
    #expect(try both.open(old, associatedData: []) == [5])
    #expect(label { _ = try sealer(2).open(old, associatedData: []) } == "unknown")
    #expect(label { _ = try PayloadSealer(keys: [:]) } == "unknown")
  }

  @Test(arguments: ["{}", "[]", "\"a\"", "null", "1", "", "\u{80}"])
  func noTextLooksSealed(_ text: String) {
    #expect(!PayloadSealer.isSealed(Array(text.utf8)))
  }
}

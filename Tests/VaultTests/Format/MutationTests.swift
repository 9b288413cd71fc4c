import Crypto
import Foundation
import Redaction
import Testing

@testable import Vault

/// Files that someone damaged or forged, by the thousand: one of the errors, never a crash, never another value.
@Suite struct MutationTests {
  /// 10,000 in CI, a million with `EBB_SOAK=1`.
  private static let count = ProcessInfo.processInfo.environment["EBB_SOAK"] == "1" ? 1_000_000 : 10_000

  private struct Generator: RandomNumberGenerator {
    var state: UInt64

    mutating func next() -> UInt64 {
      state &+= 0x9E37_79B9_7F4A_7C15
      var value = state
      value = (value ^ value >> 30) &* 0xBF58_476D_1CE4_E5B9
      value = (value ^ value >> 27) &* 0x94D0_49BB_1331_11EB
      return value ^ value >> 31
    }
  }

  @Test func neverCrashNorGiveAnotherValue() throws {
    let room = try Room()
    let vault = try room.create()
    try vault.add("shop1")
    try vault.add("shop2", secret: "another secret")
    let whole = try room.read()
    let key = room.key.key
    let dataKey = try #require(try VaultDocument(whole).header.unwrap(under: key))
    let truth = try values(VaultDocument(whole), dataKey)
    var random = Generator(state: 20_261_128)
    var labels: [String: Int] = [:]
    for number in 0..<Self.count {
      var bytes = Self.mutated(whole, &random)
      // Half of them by someone who repairs the checksum; some by one who even has the key.
      if number % 2 == 0 { bytes = FlippedByteTests.repaired(bytes) }
      if number % 10 == 0, bytes.count > 64 {
        let body = Array(bytes.dropLast(64))
        let code = HMAC<SHA256>.authenticationCode(for: body, using: dataKey.directory)
        bytes = FlippedByteTests.repaired(body + code + [UInt8](repeating: 0, count: 32))
      }
      do throws(VaultError) {
        let document = try VaultDocument(bytes)
        guard let found = document.header.unwrap(under: key) else { throw VaultError.wrongKey("") }
        try document.authenticate(bytes, found)
        // What opens has the values it had, or says that it is tampered with.
        let values = try self.values(document, found)
        for (place, value) in values { #expect(truth[place] == value, "mutation \(number): \(place.text)") }
        labels["opened", default: 0] += 1
      } catch {
        labels[error.label, default: 0] += 1
        if error.label == "newer" { #expect(Array(bytes[8..<10]) != [0, 1]) }
      }
    }
    #expect(Set(labels.keys).isSubset(of: ["damaged", "wrong_key", "tampered", "newer", "opened"]), "\(labels)")
    // It must have come to all of them, or it proved nothing.
    for label in ["damaged", "wrong_key", "tampered"] {
      #expect(labels[label, default: 0] > Self.count / 500, "\(labels)")
    }
  }

  private func values(_ document: VaultDocument, _ key: DataKey) throws(VaultError) -> [VaultRecord.Place: [UInt8]] {
    let contents = VaultContents(id: document.header.id, key: key, records: document.records, entropy: .system)
    var values: [VaultRecord.Place: [UInt8]] = [:]
    for record in document.records { values[record.place] = try contents.open(record).withBytes { Array($0) } }
    return values
  }

  private static func mutated(_ whole: [UInt8], _ random: inout Generator) -> [UInt8] {
    var bytes = whole
    for _ in 0..<Int.random(in: 1...4, using: &random) {
      guard !bytes.isEmpty else { break }
      let index = Int.random(in: 0..<bytes.count, using: &random)
      switch Int.random(in: 0..<7, using: &random) {
      case 0: bytes[index] ^= 1 << UInt8.random(in: 0..<8, using: &random)
      case 1: bytes[index] = UInt8.random(in: .min ... .max, using: &random)
      case 2: bytes.removeSubrange(index..<min(bytes.count, index + Int.random(in: 1...40, using: &random)))
      case 3:
        bytes.insert(
          contentsOf: (0..<Int.random(in: 1...40, using: &random)).map { _ in
            UInt8.random(in: .min ... .max, using: &random)
          }, at: index)
      case 4:
        // A part of it somewhere else.
        let end = min(bytes.count, index + Int.random(in: 1...120, using: &random))
        bytes.insert(contentsOf: bytes[index..<end], at: Int.random(in: 0...bytes.count, using: &random))
      case 5: bytes = Array(bytes.prefix(index))
      default:
        // The numbers behind the header: lengths and counts at their ends.
        let place = min(bytes.count - 1, Int.random(in: 128..<220, using: &random))
        bytes[place] = [0, 1, 0x7F, 0x80, 0xFF].randomElement(using: &random) ?? 0
      }
    }
    return bytes
  }
}

import Crypto
import Foundation
import Redaction
import Testing

@testable import Vault

/// One changed byte, at every place of the file: the right one of the errors, and never a value.
@Suite struct FlippedByteTests {
  private let room: Room
  private let whole: [UInt8]
  private let document: VaultDocument

  init() throws {
    room = try Room()
    let vault = try room.create()
    try vault.add("shop1")
    try vault.add("shop2", secret: "another secret")
    whole = try room.read()
    document = try VaultDocument(whole)
  }

  /// The same bytes with a checksum that fits: what someone writes who knows the format and has no key.
  static func repaired(_ bytes: [UInt8]) -> [UInt8] {
    let body = bytes.dropLast(32)
    return Array(body) + SHA256.hash(data: body)
  }

  private func open(_ bytes: [UInt8]) throws -> VaultContents {
    let document = try VaultDocument(bytes)
    guard let key = document.header.unwrap(under: room.key.key) else { throw VaultError.wrongKey("") }
    try document.authenticate(bytes, key)
    return VaultContents(id: document.header.id, key: key, records: document.records, entropy: .system)
  }

  @Test(arguments: [UInt8(1), 0x80])
  func aChangedByteIsDamage(_ bit: UInt8) throws {
    #expect(label { _ = try open(whole) } == nil)
    for index in whole.indices {
      var changed = whole
      changed[index] ^= bit
      let found = label { _ = try open(changed) }
      #expect(found == "damaged", "byte \(index)")
    }
  }

  @Test func aChangedByteUnderAFittingChecksumIsNamed() throws {
    // Where each record stands, and what its name is.
    var places: [(Range<Int>, String)] = []
    var start = 180
    for record in document.records {
      places.append((start..<start + record.bytes.count, record.place.text))
      start += record.bytes.count
    }
    for index in whole.indices.dropLast(32) {
      var changed = whole
      changed[index] ^= 1
      let error = #expect(throws: VaultError.self) { try open(Self.repaired(changed)) }
      let expected: Set<String>
      switch index {
      case 0..<8: expected = ["damaged"]
      case 8..<10: expected = ["newer"]
      case 10..<26, 68..<128: expected = ["wrong_key"]
      // The kind, and numbers that a key file has none of.
      case 26..<68: expected = ["tampered"]
      default: expected = ["tampered"]
      }
      #expect(expected.contains(error?.label ?? ""), "byte \(index): \(error?.label ?? "")")
      if 26..<68 ~= index { #expect(error?.place == "header") }
      if let (range, name) = places.first(where: { $0.0.contains(index) }) {
        // In the value itself it is that record; in its place, the record by whatever name it has then, or the directory.
        let record = try #require(document.records.first { $0.place.text == name })
        if index >= range.upperBound - record.sealed.count { #expect(error?.place == name, "byte \(index)") }
      }
      if 128..<180 ~= index || index >= start { #expect(error?.place == "directory", "byte \(index)") }
    }
  }

  @Test func recordsCannotBeTakenAwayDoubledOrMoved() throws {
    func file(_ change: (inout VaultDocument) -> Void) throws -> [UInt8] {
      var changed = document
      change(&changed)
      let stranger = DataKey(random: .system, of: document.header.id)
      return changed.bytes(stranger)
    }
    for bytes in try [
      file { $0.records.removeLast() }, file { $0.records.append($0.records[0]) }, file { $0.records.swapAt(0, 1) },
      file { $0.counter += 1 }, file { $0.counter = 0 }, file { $0.head.sequence = 0 },
    ] {
      let error = #expect(throws: VaultError.self) { try open(bytes) }
      #expect(error?.label == "tampered" && error?.place == "directory")
    }
    // Another's value in the same field: who has no key cannot seal it for this place.
    let bytes = try file { document in
      let indices = document.records.indices.filter { document.records[$0].place.field == "access_secret" }
      let (first, second) = (document.records[indices[0]], document.records[indices[1]])
      document.records[indices[0]] = VaultRecord(place: first.place, sealed: second.sealed)
      document.records[indices[1]] = VaultRecord(place: second.place, sealed: first.sealed)
    }
    let error = #expect(throws: VaultError.self) { try open(bytes) }
    #expect(error?.place == "shop1/access_secret")
  }

  /// Even who has the data key cannot make a value appear elsewhere: it is bound to its place.
  @Test func aValueOpensInItsPlaceOnly() throws {
    let contents = try open(whole)
    let record = try #require(contents.record("shop1", "access_secret"))
    let others: [(inout VaultRecord.Place) -> Void] = [
      { $0.profile = "shop2" }, { $0.field = "settings" }, { $0.version += 1 }, { $0.stage = .pending },
      { $0.kind = .key },
    ]
    for change in others {
      var place = record.place
      change(&place)
      let moved = VaultRecord(place: place, sealed: record.sealed)
      let error = #expect(throws: VaultError.self) { try contents.open(moved) }
      #expect(error?.label == "tampered" && error?.place == place.text)
    }
    let other = VaultContents(
      id: VaultID(bytes: [UInt8](repeating: 0, count: 16)), key: contents.key, records: [], entropy: .system)
    #expect(label { _ = try other.open(record) } == "tampered")
  }

  /// Cut off, emptied, or something else altogether.
  @Test func whatIsNoVaultIsDamaged() throws {
    for count in [0, 1, 8, 127, 128, 180, 243, whole.count - 1] {
      #expect(label { _ = try open(Array(whole.prefix(count))) } == "damaged", "\(count) bytes")
    }
    #expect(label { _ = try open(whole + [0]) } == "damaged")
    #expect(label { _ = try open(Self.repaired([UInt8](repeating: 0x45, count: 400))) } == "damaged")
  }

  /// A header that asks for the machine's memory is refused before anything is derived.
  @Test(arguments: [(22, 8, 1), (20, 64, 1), (17, 8, 17), (0, 8, 1), (63, 1, 1), (17, 0, 1), (17, 8, 0), (1, 65, 1)])
  func scryptIsBounded(_ logN: Int, _ r: Int, _ p: Int) throws {
    var changed = whole
    changed[26] = 2
    changed[27] = UInt8(logN)
    changed.replaceSubrange(28..<32, with: [0, 0, 0, UInt8(r)])
    changed.replaceSubrange(32..<36, with: [0, 0, 0, UInt8(p)])
    let error = #expect(throws: VaultError.self) { try VaultDocument(Self.repaired(changed)) }
    #expect(error?.label == "tampered" && error?.place == "header")
    #expect(ScryptParameters.standard.isBearable)
  }
}

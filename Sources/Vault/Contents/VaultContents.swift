import Crypto
import Redaction

/// What is in a vault that is open: a value, changed as a whole and written as a whole. Values are opened one by one, when
/// they are asked for.
public struct VaultContents: Sendable {
  /// The vault's name.
  public let id: VaultID
  private(set) var key: DataKey
  private(set) var records: [VaultRecord]
  let entropy: Entropy

  init(id: VaultID, key: DataKey, records: [VaultRecord] = [], entropy: Entropy) {
    (self.id, self.key, self.records, self.entropy) = (id, key, records, entropy)
  }

  /// Holds the longest name: it is a field of two bytes' length, and stands in messages.
  static let longestName = 100

  // MARK: Values

  /// The records of a profile's field, the newest first.
  func records(_ profile: String, _ field: String) -> [VaultRecord] {
    records.filter { $0.place.profile == profile && $0.place.field == field }
      .sorted { $0.place.version > $1.place.version }
  }

  func record(_ profile: String, _ field: String, _ stage: SecretStage = .current) -> VaultRecord? {
    records(profile, field).first { $0.place.stage == stage }
  }

  /// A record's value, not known to redaction.
  ///
  /// - Throws: ``VaultError`` `tampered` where its tag fails.
  func open(_ record: VaultRecord) throws(VaultError) -> SecretBytes {
    let data = VaultRecord.associatedData(record.place, in: id)
    guard let value = Sealing.openSecret(record.sealed, under: key.records, authenticating: data) else {
      throw .tampered(record.place.text)
    }
    return value
  }

  /// Adds the next version of a field's value.
  mutating func add(
    _ value: SecretBytes, to profile: String, _ field: String, _ kind: VaultRecord.Kind, _ stage: SecretStage = .current
  ) throws(VaultError) {
    let version = (records(profile, field).first?.place.version ?? 0) + 1
    let place = VaultRecord.Place(profile: profile, field: field, version: version, stage: stage, kind: kind)
    try insert(value, at: place)
  }

  /// Puts a value in the place of the one that has its stage.
  mutating func put(
    _ value: SecretBytes, to profile: String, _ field: String, _ kind: VaultRecord.Kind, _ stage: SecretStage = .current
  ) throws(VaultError) {
    let old = record(profile, field, stage)
    try add(value, to: profile, field, kind, stage)
    if let old { remove(old) }
  }

  mutating func remove(_ record: VaultRecord) { records.removeAll { $0.place == record.place } }

  mutating func removeAll(of profile: String) { records.removeAll { $0.place.profile == profile } }

  /// Seals a value anew in another place: its stage or its profile's name is bound to it.
  mutating func move(_ record: VaultRecord, _ change: (inout VaultRecord.Place) -> Void) throws(VaultError) {
    var place = record.place
    change(&place)
    let value = try open(record)
    remove(record)
    try insert(value, at: place)
  }

  private mutating func insert(_ value: SecretBytes, at place: VaultRecord.Place) throws(VaultError) {
    guard value.count <= VaultRecord.mostBytes - Sealing.overhead else {
      throw .refused("\(place.text) has more than 1 MiB")
    }
    guard records.count < VaultRecord.mostRecords else { throw .refused("the vault is full") }
    let data = VaultRecord.associatedData(place, in: id)
    let (key, entropy) = (key.records, entropy)
    let sealed = try value.withBytes { bytes throws(VaultError) in
      try Sealing.seal(bytes, under: key, authenticating: data, entropy)
    }
    let record = VaultRecord(place: place, sealed: sealed)
    let index = records.firstIndex { place.precedes($0.place) } ?? records.endIndex
    records.insert(record, at: index)
  }

  /// Seals every value anew under another key.
  mutating func reseal(under fresh: DataKey) throws(VaultError) {
    var resealed = VaultContents(id: id, key: fresh, entropy: entropy)
    for record in records { try resealed.insert(try open(record), at: record.place) }
    self = resealed
  }

  // MARK: Keys

  private static let auditKey = "audit_key"
  private static let storeKey = "store_key"

  /// Which key chains the audit trail: those before it are kept, so that what they chained can be checked.
  var auditGeneration: Int { Int(records("", Self.auditKey).first?.place.version ?? 0) + 1 }

  /// The keys that chain the audit trail, by generation.
  func auditKeys() throws(VaultError) -> [Int: SymmetricKey] {
    var keys = [auditGeneration: key.audit]
    for record in records("", Self.auditKey) { keys[Int(record.place.version)] = try open(record).key }
    return keys
  }

  /// Keeps the present audit key for the lines that it chained; to be done before ``reseal(under:)``.
  mutating func retireAuditKey() throws(VaultError) {
    let bytes = key.audit.withUnsafeBytes { SecretBytes(unregistered: $0) }
    try add(bytes, to: "", Self.auditKey, .key)
  }

  /// Seals a store's payloads with the vault's store keys.
  ///
  /// - Throws: ``VaultError`` `unknown` where it has none.
  public func payloadSealer() throws(VaultError) -> PayloadSealer {
    var keys: [UInt8: SecretBytes] = [:]
    for record in records("", Self.storeKey) {
      if let number = UInt8(exactly: record.place.version) { keys[number] = try open(record) }
    }
    return try PayloadSealer(keys: keys, entropy: entropy)
  }

  /// Makes a store key: the first, or one that seals from now on, beside those that open what they sealed. There are 255 at
  /// most; after that the last one stays.
  mutating func addStoreKey() throws(VaultError) {
    guard records("", Self.storeKey).first.map({ $0.place.version < 255 }) ?? true else { return }
    try add(entropy.secret(32), to: "", Self.storeKey, .key)
  }
}

extension VaultRecord.Place {
  /// The order in the file: by the bytes of profile and field, the newest version first.
  fileprivate func precedes(_ other: Self) -> Bool {
    if profile != other.profile { return profile.utf8.lexicographicallyPrecedes(other.profile.utf8) }
    if field != other.field { return field.utf8.lexicographicallyPrecedes(other.field.utf8) }
    return version > other.version
  }
}

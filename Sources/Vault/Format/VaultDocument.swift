import Crypto

/// A vault's file as it is written (docs/vault-format.md): header, counter, head of the audit trail, records, a MAC over
/// all of it, a checksum over all before it.
struct VaultDocument: Hashable, Sendable {
  var header: VaultHeader
  /// Counts the writes of the file.
  var counter: UInt64
  /// The last line of the audit trail when the file was written.
  var head: AuditHead
  var records: [VaultRecord]

  private static let codeLength = 32
  private static let leastLength = VaultHeader.length + 8 + 8 + codeLength + 4 + 2 * codeLength
  /// More than this is no vault.
  static let mostBytes = 64 << 20

  /// The file.
  func bytes(_ key: DataKey) -> [UInt8] {
    var bytes = header.bytes
    bytes.append(integer: counter)
    bytes.append(integer: head.sequence)
    bytes += head.code
    bytes.append(integer: UInt32(clamping: records.count))
    for record in records { bytes += record.bytes }
    bytes += HMAC<SHA256>.authenticationCode(for: bytes, using: key.directory)
    bytes += SHA256.hash(data: bytes)
    return bytes
  }

}

extension VaultDocument {
  /// What the file says; nothing of it is authenticated yet.
  ///
  /// - Throws: ``VaultError`` `damaged` where the checksum is wrong; `tampered` where the checksum is right and the parts do
  ///   not fit.
  init(_ bytes: [UInt8]) throws(VaultError) {
    guard bytes.count >= Self.leastLength else { throw .damaged("it ends too early") }
    let end = bytes.count - Self.codeLength
    guard Array(SHA256.hash(data: bytes[..<end])) == Array(bytes[end...]) else {
      throw .damaged("its checksum is wrong")
    }
    header = try VaultHeader(Array(bytes[..<VaultHeader.length]))
    var reader = ByteReader(bytes[VaultHeader.length..<end - Self.codeLength])
    guard let counter = reader.integer(UInt64.self), let sequence = reader.integer(UInt64.self),
      let code = reader.bytes(Self.codeLength), let count = reader.integer(UInt32.self),
      count <= VaultRecord.mostRecords
    else { throw .tampered("directory") }
    self.counter = counter
    head = AuditHead(sequence: sequence, code: code)
    records = []
    for _ in 0..<count {
      guard let record = VaultRecord(&reader) else { throw .tampered("directory") }
      records.append(record)
    }
    guard reader.isAtEnd else { throw .tampered("directory") }
  }

  /// Holds the file against its MAC; where it does not fit, the record is named that someone changed, else the section.
  func authenticate(_ bytes: [UInt8], _ key: DataKey) throws(VaultError) {
    let end = bytes.count - 2 * Self.codeLength
    let code = bytes[end..<end + Self.codeLength]
    guard !HMAC<SHA256>.isValidAuthenticationCode(Array(code), authenticating: bytes[..<end], using: key.directory)
    else { return }
    for record in records where Self.value(of: record, in: header.id, key) == nil {
      throw .tampered(record.place.text)
    }
    throw .tampered("directory")
  }

  private static func value(of record: VaultRecord, in vault: VaultID, _ key: DataKey) -> Bool? {
    let data = VaultRecord.associatedData(record.place, in: vault)
    return Sealing.openSecret(record.sealed, under: key.records, authenticating: data) == nil ? nil : true
  }
}

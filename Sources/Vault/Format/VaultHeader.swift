import Crypto
import Redaction

/// The first 128 bytes of a vault: what it is, how its key-encryption key comes about, and the data key wrapped by it.
struct VaultHeader: Hashable, Sendable {
  static let magic = Array("EBBVAULT".utf8)
  static let version: UInt16 = 1
  static let length = 128
  /// What comes before the wrapped key, and is bound to it.
  private static let boundLength = 68

  let id: VaultID
  private(set) var derivation: KeyDerivation
  private(set) var wrapped: [UInt8]

  /// A header whose data key is wrapped under that key.
  init(
    id: VaultID, derivation: KeyDerivation, wrapping dataKey: DataKey, under key: SymmetricKey, _ entropy: Entropy
  ) throws(VaultError) {
    self.id = id
    self.derivation = derivation
    wrapped = []
    let bound = bound
    wrapped = try dataKey.records.lend { bytes throws(VaultError) in
      try Sealing.seal(bytes, under: key, authenticating: bound, entropy)
    }
  }

  /// The data key; nil where that is not the key it was wrapped under.
  func unwrap(under key: SymmetricKey) -> DataKey? {
    Sealing.openSecret(wrapped, under: key, authenticating: bound).map { DataKey($0.key, of: id) }
  }

  /// Reads the header of a file whose checksum is right.
  init(_ bytes: [UInt8]) throws(VaultError) {
    var reader = ByteReader(bytes[...])
    guard reader.bytes(Self.magic.count) == Self.magic, let version = reader.integer(UInt16.self) else {
      throw .damaged("it does not begin as a vault does")
    }
    guard version == Self.version else { throw .newer(Int(version)) }
    guard let id = reader.bytes(VaultID.length), let kind = reader.integer(UInt8.self),
      let logN = reader.integer(UInt8.self), let r = reader.integer(UInt32.self), let p = reader.integer(UInt32.self),
      let salt = reader.bytes(KeyDerivation.saltLength), let wrapped = reader.bytes(32 + Sealing.overhead)
    else { throw .damaged("it ends too early") }
    self.id = VaultID(bytes: id)
    self.wrapped = wrapped
    switch kind {
    case 1:
      guard logN == 0, r == 0, p == 0, salt.allSatisfy({ $0 == 0 }) else { throw .tampered("header") }
      derivation = .keyFile
    case 2:
      let parameters = ScryptParameters(logN: logN, r: r, p: p)
      guard parameters.isBearable else { throw .tampered("header") }
      derivation = .passphrase(parameters, salt: salt)
    default: throw .tampered("header")
    }
  }

  /// The header as it stands in the file.
  var bytes: [UInt8] { bound + wrapped }

  private var bound: [UInt8] {
    var bytes = Self.magic
    bytes.reserveCapacity(Self.length)
    bytes.append(integer: Self.version)
    bytes += id.bytes
    switch derivation {
    case .keyFile: bytes += [UInt8](repeating: 0, count: 42).replacingFirst(by: 1)
    case .passphrase(let parameters, let salt):
      bytes += [2, parameters.logN]
      bytes.append(integer: parameters.r)
      bytes.append(integer: parameters.p)
      bytes += salt
    }
    return bytes
  }
}

extension [UInt8] {
  fileprivate func replacingFirst(by byte: UInt8) -> [UInt8] { [byte] + dropFirst() }
}

import Crypto
import CryptoExtras
import Foundation
import Redaction

/// How a vault's key-encryption key comes about; stands in the header.
public enum KeyDerivation: Hashable, Sendable {
  /// The 32 bytes of a key file are the key.
  case keyFile
  /// scrypt (RFC 7914) of a passphrase with a salt of 32 bytes.
  case passphrase(ScryptParameters, salt: [UInt8])

  static let saltLength = 32

  /// In a few words.
  public var name: String {
    switch self {
    case .keyFile: "key file"
    case .passphrase: "passphrase"
    }
  }
}

/// What scrypt costs.
public struct ScryptParameters: Hashable, Sendable {
  /// The binary logarithm of N.
  public let logN: UInt8
  /// The size of a block.
  public let r: UInt32
  /// How often all is done.
  public let p: UInt32

  /// N=2^17, r=8, p=1: 128 MiB, and 0.4 s of a core.
  public static let standard = ScryptParameters(logN: 17, r: 8, p: 1)

  /// Parameters as they are; those from a file are to be looked at first: ``isBearable``.
  public init(logN: UInt8, r: UInt32, p: UInt32) {
    (self.logN, self.r, self.p) = (logN, r, p)
  }

  /// Whether they cost no more than 256 MiB and 16 times the time of the standard ones: a header that someone changed must
  /// not take the machine.
  var isBearable: Bool {
    guard 1...21 ~= logN, 1...64 ~= r, 1...16 ~= p else { return false }
    let cost = UInt64(r) << logN
    return 128 * cost <= 256 << 20 && cost * UInt64(p) <= 16 << 20
  }

  /// The key that a passphrase gives.
  func key(from passphrase: SecretBytes, salt: [UInt8]) throws(VaultError) -> SymmetricKey {
    guard passphrase.count > 0 else {
      throw .unusableKey("the passphrase is empty", hint: "it is what was given to `ebb vault init`")
    }
    do {
      return try passphrase.withBytes { bytes in
        try KDF.Scrypt.deriveKey(
          from: bytes, salt: salt, outputByteCount: 32, rounds: 1 << Int(logN), blockSize: Int(r), parallelism: Int(p))
      }
    } catch {
      throw .unavailable("scrypt failed: there may be too little memory for 2^\(logN) blocks of \(128 * r) bytes")
    }
  }
}

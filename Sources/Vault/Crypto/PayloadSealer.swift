import Crypto
import Foundation
public import Redaction

/// Seals the payloads of a store with the store keys of a vault: `80 00`, the key's number, nonce, ciphertext, tag.
///
/// No JSON text and no frame of the store begins with `80 00`, so that a sealed payload is told from a plain one. Nonces
/// are random: a store key is good for 2^32 payloads (SP 800-38D, 8.3); `ebb vault rotate` makes a new one.
public struct PayloadSealer: Sendable {
  private let keys: [UInt8: SymmetricKey]
  private let current: UInt8
  private let entropy: Entropy

  private static let mark: [UInt8] = [0x80, 0x00]
  /// How much longer a sealed payload is than what is sealed.
  public static let overhead = 3 + Sealing.overhead

  /// A sealer with these keys, by number; the highest seals.
  ///
  /// - Throws: ``VaultError`` where there is no key.
  public init(keys: [UInt8: SecretBytes], entropy: Entropy = .system) throws(VaultError) {
    guard let current = keys.keys.max() else { throw .unknown("the vault has no store key") }
    self.keys = keys.mapValues(\.key)
    self.current = current
    self.entropy = entropy
  }

  /// Whether bytes are a sealed payload, by their first two.
  public static func isSealed(_ bytes: [UInt8]) -> Bool { bytes.starts(with: mark) }

  /// The bytes sealed, so that they open with the same associated data only.
  public func seal(_ bytes: [UInt8], associatedData: [UInt8]) throws(VaultError) -> [UInt8] {
    guard let key = keys[current] else { throw .unknown("the vault has no store key") }
    let head = Self.mark + [current]
    let sealed = try bytes.lend { bytes throws(VaultError) in
      try Sealing.seal(bytes, under: key, authenticating: head + associatedData, entropy)
    }
    return head + sealed
  }

  /// The bytes as they were before sealing.
  ///
  /// - Throws: ``VaultError`` `tampered` where they are not what was sealed for that place; `unknown` where their key is
  ///   not in the vault.
  public func open(_ bytes: [UInt8], associatedData: [UInt8]) throws(VaultError) -> [UInt8] {
    guard Self.isSealed(bytes), bytes.count >= Self.overhead else { throw .tampered("a payload of the store") }
    guard let key = keys[bytes[2]] else {
      throw .unknown(
        "a payload of the store is sealed with store key \(bytes[2]), which is not in the vault",
        hint: "restore the vault that the store was used with")
    }
    let data = Array(bytes[..<3]) + associatedData
    guard let plain = Sealing.open(bytes[3...], under: key, authenticating: data) else {
      throw .tampered("a payload of the store")
    }
    return Array(plain)
  }
}

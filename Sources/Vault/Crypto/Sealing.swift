import Crypto
import Foundation
import Redaction

/// AES-256-GCM as the vault uses it: 12 bytes of nonce, the ciphertext, 16 bytes of tag.
enum Sealing {
  /// How much longer a sealed value is than what is sealed.
  static let overhead = 28

  /// Seals bytes under a fresh nonce.
  static func seal(
    _ bytes: UnsafeRawBufferPointer, under key: SymmetricKey, authenticating data: [UInt8], _ entropy: Entropy
  ) throws(VaultError) -> [UInt8] {
    do {
      let nonce = try AES.GCM.Nonce(data: entropy.bytes(12))
      let box = try AES.GCM.seal(bytes, using: key, nonce: nonce, authenticating: data)
      return Array(nonce) + Array(box.ciphertext) + Array(box.tag)
    } catch {
      throw .unavailable("a value could not be sealed: \(error)")
    }
  }

  /// What was sealed; nil where the tag fails: another key, another place, or other bytes.
  static func open(
    _ sealed: some Collection<UInt8>, under key: SymmetricKey, authenticating data: [UInt8]
  ) -> Data? {
    guard sealed.count >= overhead, let box = try? AES.GCM.SealedBox(combined: Data(sealed)) else { return nil }
    return try? AES.GCM.open(box, using: key, authenticating: data)
  }

  /// The same as bytes that wipe themselves.
  static func openSecret(
    _ sealed: some Collection<UInt8>, under key: SymmetricKey, authenticating data: [UInt8]
  ) -> SecretBytes? {
    guard var plain = open(sealed, under: key, authenticating: data) else { return nil }
    defer { plain.wipe() }
    return SecretBytes(unregistered: plain)
  }
}

extension ContiguousBytes {
  /// Lends the bytes to what fails as the vault does.
  func lend<Value>(_ body: (UnsafeRawBufferPointer) throws(VaultError) -> Value) throws(VaultError) -> Value {
    let result: Result<Value, VaultError> = withUnsafeBytes { bytes in
      do throws(VaultError) {
        return .success(try body(bytes))
      } catch {
        return .failure(error)
      }
    }
    return try result.get()
  }
}

extension Data {
  /// Overwrites the bytes, where no one else holds them.
  mutating func wipe() {
    withUnsafeMutableBytes { Redaction.wipe($0) }
  }
}

extension SecretBytes {
  /// The bytes as a key; CryptoKit's own memory, wiped by it.
  var key: SymmetricKey { withBytes { SymmetricKey(data: $0) } }
}

import Crypto
import Redaction

/// The key that seals a vault's records, and the keys derived from it by HKDF-SHA256 (salt: the vault's id).
struct DataKey: Sendable {
  /// Seals records.
  let records: SymmetricKey
  /// Authenticates the file as a whole.
  let directory: SymmetricKey
  /// Chains the audit trail's lines.
  let audit: SymmetricKey
  /// Makes fingerprints of secrets.
  let fingerprints: SymmetricKey

  init(_ key: SymmetricKey, of vault: VaultID) {
    records = key
    func derived(_ purpose: String) -> SymmetricKey {
      HKDF<SHA256>.deriveKey(
        inputKeyMaterial: key, salt: vault.bytes, info: Array("ebb vault \(purpose)".utf8), outputByteCount: 32)
    }
    directory = derived("directory")
    audit = derived("audit")
    fingerprints = derived("fingerprint")
  }

  /// A fresh one.
  init(random entropy: Entropy, of vault: VaultID) {
    self.init(entropy.secret(32).key, of: vault)
  }
}

public import Crypto
public import Redaction

/// What opens a vault.
public protocol KeySource: Sendable {
  /// The keys to try, the likeliest first; each from a place that the source names in ``description``.
  ///
  /// - Throws: ``VaultError`` `noKey` where there is nothing to try, `unusableKey` where what there is can be no key.
  func keys(for vault: VaultID, _ derivation: KeyDerivation) throws(VaultError) -> [SymmetricKey]
}

/// Key files: each that is there is tried.
public struct KeyFiles: KeySource {
  private let files: [KeyFile]

  /// The files, the likeliest first.
  public init(_ files: [KeyFile]) {
    self.files = files
  }

  public func keys(for vault: VaultID, _ derivation: KeyDerivation) throws(VaultError) -> [SymmetricKey] {
    guard derivation == .keyFile else {
      throw .noKey("the vault is locked by a passphrase, not by a key file", hint: "give the passphrase")
    }
    var keys: [SymmetricKey] = []
    for file in files {
      if let key = try file.read() { keys.append(key.key) }
    }
    guard !keys.isEmpty else {
      throw .noKey(
        "the vault is locked by a key file, and there is none",
        hint: "looked for \(files.map(\.path).joined(separator: ", "))")
    }
    return keys
  }
}

/// A passphrase, from wherever it is had when it is needed.
public struct Passphrase: KeySource {
  private let ask: @Sendable () throws(VaultError) -> SecretBytes

  /// A passphrase that is asked for, once for each opening.
  public init(_ ask: @escaping @Sendable () throws(VaultError) -> SecretBytes) {
    self.ask = ask
  }

  public func keys(for vault: VaultID, _ derivation: KeyDerivation) throws(VaultError) -> [SymmetricKey] {
    guard case .passphrase(let parameters, let salt) = derivation else {
      throw .noKey("the vault is locked by a key file, not by a passphrase", hint: "put the key file in its place")
    }
    return [try parameters.key(from: try ask(), salt: salt)]
  }
}

/// What a vault is locked by from now on.
public struct VaultLocking: Sendable {
  let derivation: KeyDerivation
  let key: SymmetricKey

  /// A key of 32 random bytes.
  ///
  /// - Throws: ``VaultError`` `unusableKey` where it has another length.
  public static func keyFile(_ key: SecretBytes) throws(VaultError) -> VaultLocking {
    guard key.count == KeyFile.length else { throw KeyFile.wrongLength("the key") }
    return VaultLocking(derivation: .keyFile, key: key.key)
  }

  /// A passphrase of at least eight bytes.
  ///
  /// - Throws: ``VaultError`` `unusableKey` where it is shorter.
  public static func passphrase(
    _ passphrase: SecretBytes, _ parameters: ScryptParameters = .standard, entropy: Entropy = .system
  ) throws(VaultError) -> VaultLocking {
    guard passphrase.count >= leastPassphrase else {
      throw .unusableKey(
        "the passphrase has fewer than \(leastPassphrase) characters", hint: "four or five words that nobody guesses")
    }
    let salt = entropy.bytes(KeyDerivation.saltLength)
    return VaultLocking(
      derivation: .passphrase(parameters, salt: salt), key: try parameters.key(from: passphrase, salt: salt))
  }

  private static let leastPassphrase = 8
}

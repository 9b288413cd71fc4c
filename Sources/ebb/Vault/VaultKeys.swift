import Crypto
import Foundation
import Redaction
import Vault

/// What opens the vault on this machine: files where they are expected, a passphrase from a file or, last, from a person.
struct VaultKeys: KeySource {
  let environment: EnvironmentVariables
  /// Whether a person may be asked for the passphrase.
  var mayAsk = true

  /// Names the key file, in the place of all others.
  static let keyVariable = "EBB_VAULT_KEY_FILE"
  /// Names the file of the passphrase.
  static let passphraseVariable = "EBB_PASSPHRASE_FILE"

  func keys(for vault: VaultID, _ derivation: KeyDerivation) throws(VaultError) -> [SymmetricKey] {
    switch derivation {
    case .keyFile: try KeyFiles(keyFiles(for: vault)).keys(for: vault, derivation)
    case .passphrase: try Passphrase(passphrase).keys(for: vault, derivation)
    }
  }

  /// Where a key file is looked for, in this order.
  func keyFiles(for vault: VaultID) -> [KeyFile] {
    if let path = environment[Self.keyVariable] { return [KeyFile(path)] }
    var files = given("ebb-vault-key").map { KeyFile($0, isGiven: true) }
    if let folder = configurationFolder {
      files += Self.ownKeys(of: vault, in: folder).map { KeyFile($0) }
      files.append(KeyFile(folder + "/vault.key"))
    }
    return files
  }

  /// Where a passphrase is looked for before a person is asked, in this order.
  var passphraseFiles: [PassphraseFile] {
    if let path = environment[Self.passphraseVariable] { return [PassphraseFile(path)] }
    return given("ebb-vault-passphrase").map { PassphraseFile($0, isGiven: true) }
  }

  private func passphrase() throws(VaultError) -> SecretBytes {
    let files = passphraseFiles
    if let file = files.first(where: \.isThere) ?? (environment[Self.passphraseVariable] == nil ? nil : files.first) {
      return try file.read()
    }
    guard mayAsk, let passphrase = HiddenInput.ask("Passphrase of the vault: ") else {
      throw .noKey(
        "the vault is locked by a passphrase, and nobody can be asked for it here",
        hint: "\(Self.passphraseVariable) names a file with it; docs/vault.md has the other ways")
    }
    return passphrase
  }

  /// What systemd (`LoadCredential=`) or a container's engine puts there.
  private func given(_ name: String) -> [String] {
    let folders = [environment["CREDENTIALS_DIRECTORY"], "/run/secrets"].compactMap { $0 }
    return folders.map { $0 + "/" + name }.filter { FileManager.default.fileExists(atPath: $0) }
  }

  // MARK: Ebb's own key files

  /// `$XDG_CONFIG_HOME/ebb`, or `~/.config/ebb`; nil where there is no home.
  var configurationFolder: String? {
    if let folder = environment["XDG_CONFIG_HOME"], folder.hasPrefix("/") { return folder + "/ebb" }
    return environment["HOME"].map { $0 + "/.config/ebb" }
  }

  /// What locks a new vault.
  enum Lock {
    case keyFile(KeyFile)
    case passphrase(PassphraseFile)
  }

  /// What a new vault is locked by, unless something is named: what this machine gives to open it with, else a key file at
  /// its standard place.
  func standardLock() throws(CommandFailure) -> Lock {
    if let path = environment[Self.keyVariable] { return .keyFile(KeyFile(path)) }
    if let path = environment[Self.passphraseVariable] { return .passphrase(PassphraseFile(path)) }
    if let path = given("ebb-vault-key").first { return .keyFile(KeyFile(path, isGiven: true)) }
    if let path = given("ebb-vault-passphrase").first { return .passphrase(PassphraseFile(path, isGiven: true)) }
    guard let folder = configurationFolder else {
      throw .configuration(
        "there is no place for the vault's key file: HOME is not set",
        hint: "name one with --key-file, outside of the project", label: "vault_no_key")
    }
    return .keyFile(KeyFile(folder + "/vault.key"))
  }

  /// A key file that no other vault uses, for the next key of this one.
  func nextKeyFile(of vault: VaultID, counter: UInt64) throws(CommandFailure) -> KeyFile {
    guard environment[Self.keyVariable] == nil, let folder = configurationFolder else {
      throw .usage(
        "name the new key file with --key-file", hint: "\(Self.keyVariable) names the present one",
        label: "vault_no_key")
    }
    return KeyFile("\(folder)/vault-\(vault.short)-\(counter).key")
  }

  /// The key files that `ebb vault rekey` made for a vault, the newest first.
  static func ownKeys(of vault: VaultID, in folder: String) -> [String] {
    let stem = "vault-\(vault.short)-"
    let names = (try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? []
    return names.filter { $0.hasPrefix(stem) && $0.hasSuffix(".key") }
      .compactMap { name in UInt64(name.dropFirst(stem.count).dropLast(4)).map { (number: $0, name: name) } }
      .sorted { $0.number > $1.number }.map { folder + "/" + $0.name }
  }
}

extension VaultID {
  /// Enough of it to tell a person's vaults apart.
  var short: String { String(description.prefix(8)) }
}

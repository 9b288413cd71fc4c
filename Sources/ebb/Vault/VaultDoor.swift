import Foundation
import Playbooks
import Synchronization
import Vault

/// The way to the project's vault: opened once, when something of it is first needed, and then kept.
final class VaultDoor: Sendable {
  /// Where the vault is, and who said so.
  let place: Setting<String>
  let keys: VaultKeys
  private let marks: VaultMarksInStore
  private let opened = Mutex<Result<Vault, VaultError>?>(nil)

  init(place: Setting<String>, store: String, environment: EnvironmentVariables) {
    self.place = place
    keys = VaultKeys(environment: environment)
    marks = VaultMarksInStore(path: store)
  }

  var path: String { place.value }

  /// Whether there is a vault.
  var isThere: Bool { FileManager.default.fileExists(atPath: path) }

  /// What the vault says without a key; nil where there is none.
  ///
  /// - Throws: ``VaultError`` where it is damaged.
  func outline() throws(VaultError) -> VaultOutline? { isThere ? try VaultOutline(path: path) : nil }

  /// How the vault is used by that person; nil for whoever runs the process.
  func settings(who: String? = nil) -> VaultSettings {
    var settings = VaultSettings(source: keys, who: who ?? PersonOptions.current, now: { SystemClock().now() })
    settings.marks = marks
    return settings
  }

  /// The vault, opened at the first call. Where it does not open, it is not tried again.
  func open(who: String? = nil) throws(VaultError) -> Vault {
    try opened.withLock { opened throws(VaultError) in
      if let opened { return try opened.get() }
      ProcessSecrecy.keep()
      let settings = settings(who: who)
      let result: Result<Vault, VaultError>
      do throws(VaultError) {
        result = .success(try Vault.open(at: path, settings))
      } catch {
        result = .failure(error)
      }
      opened = result
      return try result.get()
    }
  }

  /// The vault, made where there is none: locked by the standard key file, which is made where there is none of it.
  ///
  /// - Returns: what was made, for a person; nil where there was a vault.
  func openOrMake(who: String, in configuration: Configuration) throws -> (vault: Vault, made: String?) {
    if isThere { return (try open(who: who), nil) }
    let maker = NewVault(door: self, configuration: configuration, who: who)
    let vault: Vault
    let lock: String
    switch try keys.standardLock() {
    case .keyFile(let file):
      vault = try maker.make(lockedBy: file)
      lock = "the key file \(file.path)"
    case .passphrase(let file):
      vault = try maker.make(.passphrase(file.read()))
      lock = "the passphrase in \(file.path)"
    }
    opened.withLock { $0 = .success(vault) }
    return (vault, "made \(path), locked by \(lock): keep a copy of both, apart from each other")
  }
}

extension Configuration {
  /// Where the vault is: `EBB_VAULT`, or `.ebb/vault` in the project.
  static func vault(in folder: String, _ environment: EnvironmentVariables) -> Setting<String> {
    if let path = environment["EBB_VAULT"] {
      // A path of a variable is the caller's: it begins in the caller's folder.
      let absolute = URL(filePath: path).standardizedFileURL.path(percentEncoded: false)
      return Setting(value: absolute, origin: .environment("EBB_VAULT"))
    }
    let path = URL(filePath: folder).appending(path: ".ebb/vault").path(percentEncoded: false)
    return Setting(value: path, origin: .standard)
  }
}

import Foundation
import Vault

/// Makes the project's vault.
struct NewVault {
  let door: VaultDoor
  let configuration: Configuration
  let who: String

  /// Locked by a key file, which is made where there is none.
  func make(lockedBy file: KeyFile) throws -> Vault {
    ProcessSecrecy.keep()
    try Self.check(file, outside: configuration.folder)
    return try make(.keyFile(try file.read() ?? file.make()))
  }

  /// Locked by that.
  func make(_ locking: VaultLocking) throws -> Vault {
    ProcessSecrecy.keep()
    return try Vault.create(at: door.path, lockedBy: locking, door.settings(who: who))
  }

  /// A key beside what it locks locks nothing: whoever copies the project has both.
  static func check(_ file: KeyFile, outside folder: String) throws(CommandFailure) {
    let place = URL(filePath: file.path).standardizedFileURL.resolvingSymlinksInPath().path
    let project = URL(filePath: folder).standardizedFileURL.resolvingSymlinksInPath().path
    guard !place.hasPrefix(project.hasSuffix("/") ? project : project + "/") else {
      throw .configuration(
        "the key file \(file.path) would lie in the project: who copies the project would have both",
        hint: "name a place outside of it, e.g. --key-file ~/.config/ebb/vault.key", label: "vault_key_in_project")
    }
  }
}

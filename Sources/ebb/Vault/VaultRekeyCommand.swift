import ArgumentParser
import Foundation
import JSON
import Vault

/// `ebb vault rekey`
struct VaultRekeyCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "rekey",
    abstract: "Lock the vault by a new key file or passphrase.",
    discussion: """
      What is in the vault is not rewritten. Without options a fresh key file is made
      beside the present one. The old key opens copies that were made before: where it
      may be known to others, reset the secrets, and `ebb vault rotate`.

      Example:
        ebb vault rekey
        ebb vault rekey --passphrase
      """)

  @OptionGroup var locking: LockingOptions
  @OptionGroup var person: PersonOptions
  @OptionGroup var output: OutputOptions

  mutating func run() async throws {
    let configuration = try Configuration.load()
    let door = configuration.vault
    guard door.isThere else { throw CommandFailure(VaultError.absent(door.path)) }
    let vault = try door.open(who: try person.name())
    let old = door.keys.configurationFolder.map { VaultKeys.ownKeys(of: vault.id, in: $0) } ?? []
    var keyFile: KeyFile?
    if let passphrase = try locking.passphraseLocking() {
      try vault.rekey(passphrase)
    } else {
      let file = try locking.namedKeyFile ?? door.keys.nextKeyFile(of: vault.id, counter: vault.revision() + 1)
      try NewVault.check(file, outside: configuration.folder)
      try vault.rekey(.keyFile(try file.read() ?? file.make()))
      keyFile = file
    }
    // Key files that Ebb made for this vault alone open nothing any more.
    for path in old where path != keyFile?.path { try? FileManager.default.removeItem(atPath: path) }
    if output.json {
      let document: JSON = [
        "status": "done", "exit_code": 0, "vault": .string(vault.path), "locked_by": .string(vault.derivation.name),
        "key_file": keyFile.map { .string($0.path) } ?? .null,
      ]
      return Terminal.print(document.text(.pretty))
    }
    Terminal.print("\(vault.path) is locked by " + (keyFile.map { "the key file \($0.path)" } ?? "the new passphrase"))
  }
}

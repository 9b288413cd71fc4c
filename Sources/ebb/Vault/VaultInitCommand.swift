import ArgumentParser
import JSON
import Vault

/// `ebb vault init`
struct VaultInitCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "init",
    abstract: "Make the project's vault.",
    discussion: """
      Without options it is locked by the key file $XDG_CONFIG_HOME/ebb/vault.key
      (~/.config/ebb/vault.key), which is made where there is none: no command asks
      for anything then. Whoever loses the key loses what is in the vault.

      Example:
        ebb vault init
        ebb vault init --passphrase
      """)

  @OptionGroup var locking: LockingOptions
  @OptionGroup var person: PersonOptions
  @OptionGroup var output: OutputOptions

  mutating func run() async throws {
    let configuration = try Configuration.load()
    let door = configuration.vault
    guard !door.isThere else { throw CommandFailure(VaultError.exists(door.path)) }
    let maker = NewVault(door: door, configuration: configuration, who: try person.name())
    var keyFile: KeyFile?
    let vault: Vault
    if let passphrase = try locking.passphraseLocking() {
      vault = try maker.make(passphrase)
    } else {
      switch try locking.namedKeyFile.map({ .keyFile($0) }) ?? door.keys.standardLock() {
      case .keyFile(let file):
        vault = try maker.make(lockedBy: file)
        keyFile = file
      case .passphrase(let file): vault = try maker.make(.passphrase(file.read()))
      }
    }
    if output.json {
      let document: JSON = [
        "status": "done", "exit_code": 0, "vault": .string(vault.path), "id": .string("\(vault.id)"),
        "locked_by": .string(vault.derivation.name), "key_file": keyFile.map { .string($0.path) } ?? .null,
      ]
      return Terminal.print(document.text(.pretty))
    }
    Terminal.print(
      "made \(vault.path), locked by "
        + (keyFile.map { "the key file \($0.path)" } ?? "a passphrase"))
    Terminal.print("keep a copy of \(keyFile == nil ? "it" : "both, apart from each other"); docs/vault.md says how")
  }
}

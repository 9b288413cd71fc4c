import ArgumentParser
import Foundation
import Redaction
import Vault

/// What a vault is to be locked by.
struct LockingOptions: ParsableArguments {
  @Option(
    help: ArgumentHelp("A key file outside of the project; made where there is none.", valueName: "path"),
    completion: .file())
  var keyFile: String?

  @Flag(help: "A passphrase, asked for twice on the terminal.")
  var passphrase = false

  @Option(
    help: ArgumentHelp("A passphrase, the only line of a file (0600).", valueName: "path"), completion: .file())
  var passphraseFile: String?

  func validate() throws {
    let count = [keyFile != nil, passphrase, passphraseFile != nil].count { $0 }
    guard count <= 1 else { throw ValidationError("--key-file, --passphrase and --passphrase-file exclude each other") }
  }

  /// The passphrase that is asked for; nil where it is to be a key file.
  func passphraseLocking() throws -> VaultLocking? {
    if let passphraseFile { return try .passphrase(PassphraseFile(Self.absolute(passphraseFile)).read()) }
    if passphrase { return try .passphrase(SecretInput.twice("New passphrase of the vault: ")) }
    return nil
  }

  /// The key file that is named; nil where none is.
  var namedKeyFile: KeyFile? { keyFile.map { KeyFile(Self.absolute($0)) } }

  private static func absolute(_ path: String) -> String {
    URL(filePath: path).standardizedFileURL.path(percentEncoded: false)
  }
}

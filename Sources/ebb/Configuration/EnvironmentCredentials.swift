import PandaPon
import Vault
import Redaction

extension Configuration {
  /// A profile's credentials: from the environment where a variable is set, else from the vault.
  ///
  /// - Throws: `CommandFailure` that names the variable which is missing or cannot be used, or says why the vault does not
  ///   open.
  func credentialSource(for profile: String) throws(CommandFailure) -> any CredentialSource {
    ProcessSecrecy.keep()
    if credentialOrigin(of: profile) == .vault { return try sealedCredentials(of: profile) }
    let (keyName, secretName) = credentialVariables(for: profile)
    guard let key = environment[keyName] else { throw Self.missing(keyName, profile) }
    guard let secret = environment.secret(secretName) else { throw Self.missing(secretName, profile) }
    do {
      return FixedCredentials(try Credentials(accessKey: key, secret: secret))
    } catch {
      let name =
        error == CredentialsError.emptyAccessKey || error == CredentialsError.unusableAccessKey ? keyName : secretName
      throw .configuration("\(name): \(error)", hint: error.hint, label: error.label)
    }
  }

  private func sealedCredentials(of profile: String) throws(CommandFailure) -> any CredentialSource {
    do {
      return try VaultCredentials(try vault.open(), profile: profile)
    } catch let error as VaultError {
      throw CommandFailure(error)
    } catch let error as CredentialsError {
      throw .configuration(
        "profile \"\(profile)\" in the vault: \(error)", hint: "ebb profiles secret \(profile) --current",
        label: error.label)
    } catch {
      throw CommandFailure(.failed, "the credentials of \"\(profile)\" could not be had: \(error)")
    }
  }

  private static func missing(_ variable: String, _ profile: String) -> CommandFailure {
    .configuration(
      "profile \"\(profile)\" has no credentials: \(variable) is not set",
      hint: "PandaPon's console shows both under AccessKey management; `ebb profiles add` seals them in a vault, and"
        + " `ebb simulate` prints a pair for a simulator",
      label: "no_credentials")
  }
}

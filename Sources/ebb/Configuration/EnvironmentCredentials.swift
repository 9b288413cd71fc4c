import PandaPon

extension Configuration {
  /// A profile's credentials from the environment.
  ///
  /// - Throws: `CommandFailure` that names the variable which is missing or cannot be used.
  func credentialSource(for profile: String) throws(CommandFailure) -> any CredentialSource {
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

  private static func missing(_ variable: String, _ profile: String) -> CommandFailure {
    .configuration(
      "profile \"\(profile)\" has no credentials: \(variable) is not set",
      hint: "PandaPon's console shows both under AccessKey management; `ebb simulate` prints a pair for a simulator",
      label: "no_credentials")
  }
}

import JSON
import Redaction
import Vault

/// The vault as the commands for profiles use it.
struct ProfileVault {
  let configuration: Configuration
  let vault: Vault

  /// Opens the vault that the profiles are in.
  ///
  /// - Throws: `CommandFailure` where there is none, or no such profile in it.
  init(with profile: String, who: String) throws {
    configuration = try Configuration.load()
    let door = configuration.vault
    guard door.isThere else { throw CommandFailure(VaultError.absent(door.path)) }
    vault = try door.open(who: who)
    let names = try vault.read { contents throws(VaultError) in contents.profileNames }
    guard !names.contains(profile) else { return }
    guard configuration.profiles[profile] == nil else {
      throw CommandFailure.configuration(
        "\"\(profile)\" is not in the vault: it comes from \(configuration.profiles[profile]?.origin.description ?? "")",
        hint: "`ebb profiles add \(profile)` seals it in the vault", label: "not_in_vault")
    }
    throw CommandFailure.configuration(
      "there is no profile \"\(Terminal.clean(profile))\" in the vault",
      hint: Suggestion.hint(for: profile, in: names) ?? "`ebb profiles add` makes one", label: "unknown_profile")
  }

  /// What a command that changed something says.
  static func conclude(_ text: String, _ document: JSONObject, _ output: OutputOptions) {
    guard output.json else { return Terminal.print(text) }
    var whole: JSONObject = ["status": "done", "exit_code": 0]
    for (name, value) in document { whole[name] = value }
    Terminal.print(JSON.object(whole).text(.pretty))
  }
}

import ArgumentParser
import JSON
import Redaction
import Vault

/// `ebb profiles add NAME`
struct ProfilesAddCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "add",
    abstract: "Seal a shop's account in the vault.",
    discussion: """
      Asks for each value and says where in PandaPon's console it is found. With
      --from-stdin it takes one JSON object: base_url, access_key, access_secret, and
      where wanted user_id, signing {payload, digest, encoding, timestamp}, callbacks,
      allow, quota, guards. Where there is no vault yet one is made, locked by a key
      file outside of the project.

      Example:
        ebb profiles add shop1
        ebb profiles add shop1 --from-stdin < shop1.json
      """)

  @Argument(help: "What playbooks and people call it.")
  var name: String

  @Flag(help: "Take one JSON object from standard input.")
  var fromStdin = false

  @Flag(help: "Use it when no profile is named.")
  var use = false

  @OptionGroup var person: PersonOptions
  @OptionGroup var output: OutputOptions

  mutating func run() async throws {
    let who = try person.name()
    if let problem = ProfileName.problem(name) {
      throw CommandFailure.usage(Terminal.clean(problem), hint: "e.g. shop1", label: "profile_name")
    }
    let configuration = try Configuration.load()
    let door = configuration.vault
    if try door.outline()?.profiles.contains(name) == true {
      throw CommandFailure.configuration(
        "there is a profile \"\(name)\" in the vault already",
        hint: "`ebb profiles edit \(name)` and `ebb profiles secret \(name)` change it", label: "vault_taken")
    }
    let input = try fromStdin ? ProfileInput.fromStandardInput() : ProfileInput.asking()
    try configuration.check(input.sheet, named: name, secret: input.secret)
    let (vault, made) = try door.openOrMake(who: who, in: configuration)
    let (name, sheet, secret, use) = (name, input.sheet, input.secret, use)
    let fingerprint = try vault.change(AuditEntry(.addProfile, profile: name)) { contents throws(VaultError) in
      try contents.addProfile(name, sheet, secret: secret)
      if use { try contents.setDefaultProfile(name) }
      return try contents.fingerprint(of: name)
    }
    if let made { Terminal.printError(made) }
    ProfileVault.conclude(
      "\(name) is sealed in \(vault.path); its secret has the fingerprint \(fingerprint ?? "")",
      [
        "profile": .string(name), "vault": .string(vault.path), "made_vault": .bool(made != nil),
        "access_key": .string(Redactor.masked(accessKey: sheet.accessKey)),
        "fingerprint": fingerprint.map(JSON.string) ?? .null, "default": .bool(use),
      ], output)
  }
}

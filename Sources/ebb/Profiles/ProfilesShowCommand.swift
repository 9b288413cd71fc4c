import ArgumentParser
import JSON
import PandaPon
import Playbooks
import Redaction
import Vault

/// `ebb profiles show NAME`
struct ProfilesShowCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "show",
    abstract: "Show a shop's account, with fingerprints in the place of secrets.",
    discussion: """
      Example:
        ebb profiles show shop1
        ebb profiles show shop1 --json
      """)

  @Argument(help: "The profile.")
  var name: String

  @OptionGroup var output: OutputOptions

  mutating func run() async throws {
    let configuration = try Configuration.load()
    let settings = try configuration.profileSettings(named: name)
    let isDefault = (try? configuration.profileSettings(named: nil).name) == name
    let profile = try ProfileDocument(settings, in: configuration, isDefault: isDefault)
    let checked = try configuration.checkedProfile(settings)
    if output.json {
      var document = profile.document
      document["recipe"] = [
        "payload": .string(redact("\(checked.signing.payload)")), "digest": .string(checked.signing.digest.rawValue),
        "encoding": .string(checked.signing.encoding.rawValue),
        "timestamp": .string(checked.signing.timestamp.rawValue),
      ]
      document["callbacks"] = .array(checked.callbacks.bases.map(\.name).sorted().map(JSON.string))
      document["allow"] = .array(profile.settings.allow.map { .string($0.value) })
      document["quota"] = checked.quota.map(JSON.number) ?? .null
      document["guards"] = .object(profile.settings.guards)
      document["proven"] = .array((profile.sealed?.sheet.proven ?? []).sorted().map(JSON.string))
      return Terminal.print(JSON.object(document).text(.pretty))
    }
    Terminal.print(facts(profile, checked).render(width: Terminal.current.width, style: Terminal.current.style))
  }

  private func facts(_ profile: ProfileDocument, _ checked: Profile) -> Facts {
    var facts = Facts()
    facts.add("profile", name + (profile.isDefault ? " (used when none is named)" : ""))
    facts.add("from", profile.settings.isInVault ? "vault" : "\(profile.settings.origin)")
    facts.add("base URL", "\(checked.baseURL)")
    facts.add("user id", checked.userID)
    facts.add("access key", profile.accessKey.map { "\($0) (\(profile.credentials?.description ?? ""))" } ?? "not set")
    for secret in profile.sealed?.secrets ?? [] {
      facts.add("secret \(secret.stage.name)", "fingerprint \(secret.fingerprint), number \(secret.version)")
    }
    let recipe = checked.signing
    facts.add(
      "signing",
      "\(recipe.digest.rawValue) of \(redact("\(recipe.payload)")), \(recipe.encoding.rawValue), timestamp in"
        + " \(recipe.timestamp.rawValue); \(profile.isSigningVerified ? "verified" : "assumed")")
    facts.add("callbacks", checked.callbacks.bases.map(\.name).sorted().joined(separator: ", "))
    let proven = profile.sealed?.sheet.proven.sorted() ?? []
    facts.add("proven", proven.isEmpty ? "no operation has answered yet" : proven.joined(separator: ", "))
    facts.add("allow", profile.settings.allow.map(\.value).joined(separator: ", "))
    facts.add("quota", checked.quota.map { "\(ProfileSettings.text($0)) requests a second" } ?? "no limit")
    facts.add("guards", profile.settings.guards.isEmpty ? nil : JSON.object(profile.settings.guards).text())
    facts.add("proven", (profile.sealed?.sheet.proven ?? []).sorted().joined(separator: ", "))
    return facts
  }
}

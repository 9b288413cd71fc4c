import ArgumentParser
import JSON
import PandaPon
import Redaction

/// `ebb profiles list`
struct ProfilesListCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "list",
    abstract: "List the shops' accounts, with fingerprints in the place of secrets.",
    discussion: """
      A fingerprint tells whether two secrets of a vault are the same, and nothing
      else. SIGNING is "verified" once the API accepted a request that was signed by
      the profile's recipe.

      Example:
        ebb profiles list
        ebb profiles list --json
      """)

  @OptionGroup var output: OutputOptions

  mutating func run() async throws {
    let profiles = try ProfileDocument.all(in: try Configuration.load())
    if output.json {
      return Terminal.print(JSON.array(profiles.map { .object($0.document) }).text(.pretty))
    }
    guard !profiles.isEmpty else {
      return Terminal.printError("no profile is configured; `ebb profiles add NAME` seals one in a vault")
    }
    let terminal = Terminal.current
    var table = Table([
      .fixed("PROFILE", role: .name), .flexible("BASE URL", minimum: 16), .fixed("ACCESS KEY"), .fixed("SECRET"),
      .fixed("SIGNING"), .fixed("FROM", role: .faint),
    ])
    for profile in profiles {
      let settings = profile.settings
      table.append([
        settings.name + (profile.isDefault && profiles.count > 1 ? " *" : ""),
        redact(settings.values[.baseURL]?.value ?? ""), profile.accessKey ?? "-",
        profile.fingerprint ?? (profile.credentials == nil ? "-" : "set"),
        profile.isSigningVerified ? "verified" : "assumed",
        settings.isInVault ? "vault" : "\(settings.origin)",
      ])
    }
    Terminal.print(table.render(width: terminal.width, style: terminal.style))
    if profiles.count > 1, profiles.contains(where: \.isDefault) { Terminal.print("\n* used when none is named") }
  }
}

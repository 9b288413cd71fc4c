import ArgumentParser
import JSON
import Playbooks
import Vault

/// `ebb vault audit`
struct VaultAuditCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "audit",
    abstract: "List what was done with the vault: who, when, which profile.",
    discussion: """
      Uses, changes and openings in vain; never a value. The trail is held against its
      chain first: exit code 1, with the lines, where it is not whole.

      Example:
        ebb vault audit
        ebb vault audit --profile shop1 --limit 20 --json
      """)

  @Option(help: "Only what concerns this profile.")
  var profile: String?

  @Option(help: ArgumentHelp("The latest that many lines.", valueName: "count"))
  var limit = 100

  @OptionGroup var output: OutputOptions

  func validate() throws {
    guard limit > 0 else { throw ValidationError("--limit must be above 0") }
  }

  mutating func run() async throws {
    let configuration = try Configuration.load()
    let verification = try configuration.vault.open().verify()
    let lines = verification.lines.filter { profile == nil || $0.profile == profile }.suffix(limit)
    if output.json {
      for line in lines { Terminal.print(Self.document(line).text()) }
    } else {
      let time = LocalTime(try configuration.timeZone())
      let terminal = Terminal.current
      var table = Table([
        .fixed("WHEN"), .flexible("WHO", minimum: 8), .fixed("ACTION"), .fixed("PROFILE"),
        .wrapping("DETAIL", minimum: 10), .fixed("OUTCOME"),
      ])
      for line in lines {
        table.append([
          time.text(line.at), line.who, line.action, line.profile ?? "", line.field ?? "",
          line.outcome == "done" ? "" : line.outcome,
        ])
      }
      Terminal.print(table.render(width: terminal.width, style: terminal.style))
    }
    guard verification.trailFindings.isEmpty else {
      throw CommandFailure(
        .failed, "the trail is not whole: " + verification.trailFindings.joined(separator: "; "),
        hint: "`ebb vault verify` lists what is wrong", label: "vault_trail")
    }
  }

  private static func document(_ line: AuditLine) -> JSON {
    [
      "seq": line.sequence.map { .integer(Int64(clamping: $0)) } ?? .null, "at": .string(InstantText.text(line.at)),
      "who": .string(line.who), "action": .string(line.action), "profile": line.profile.map(JSON.string) ?? .null,
      "field": line.field.map(JSON.string) ?? .null, "outcome": .string(line.outcome),
    ]
  }
}

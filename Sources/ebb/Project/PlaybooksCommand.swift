import ArgumentParser
import Playbooks

/// `ebb playbooks`
struct PlaybooksCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "playbooks",
    abstract: "The playbooks that Ebb brings: list them, take one over, see what an upgrade changed.",
    discussion: """
      Example:
        ebb playbooks list
        ebb playbooks add cancel_stale_refunds
        ebb playbooks diff
      """,
    subcommands: [PlaybooksListCommand.self, PlaybooksAddCommand.self, PlaybooksDiffCommand.self])

  /// A shipped playbook by name.
  static func shipped(_ name: String) throws(CommandFailure) -> ShippedPlaybook {
    if let found = ShippedPlaybook.all.first(where: { $0.name == name }) { return found }
    throw .usage(
      "Ebb brings no playbook \"\(Terminal.clean(name))\"",
      hint: Suggestion.hint(for: name, in: ShippedPlaybook.all.map(\.name)) ?? "`ebb playbooks list` shows all",
      label: "unknown_playbook")
  }
}

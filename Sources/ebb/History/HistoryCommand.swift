import ArgumentParser
import Foundation
import JSON
import Journal
import Playbooks

/// `ebb history ID`: what was decided about one order or refund, and when, and why.
struct HistoryCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "history",
    abstract: "Show every decision about one order or refund, in all runs.",
    discussion: """
      Also where it was kept, and why; the earliest first.

      Example:
        ebb history 110000235001
        ebb history 110000235001 --json
      """)

  @Argument(help: "The id of the order, order line or refund.")
  var id: String

  @OptionGroup var store: StoreOptions
  @OptionGroup var output: OutputOptions

  mutating func run() async throws {
    let configuration = try Configuration.load()
    let store = try await store.open(.reading, in: configuration)
    let decisions = try await store.decisions(about: id)
    if output.json {
      Terminal.print(JSON.array(decisions.map(\.document)).text(.pretty))
      return
    }
    guard !decisions.isEmpty else {
      return Terminal.printError("no run decided anything about \"\(Terminal.clean(id))\"")
    }
    let time = LocalTime(try configuration.timeZone())
    let terminal = Terminal.current
    var table = Table([
      .fixed("TIME", role: .faint), .fixed("DECISION"), .wrapping("REASON", minimum: 14),
      .wrapping("DETAIL", minimum: 8), .fixed("AMOUNT", .trailing), .flexible("PLAYBOOK", minimum: 8),
      .fixed("RUN", role: .name),
    ])
    for entry in decisions {
      table.append([
        time.short(entry.instant), entry.decision.kind.rawValue, entry.decision.reason, entry.decision.detail ?? "",
        entry.decision.amount?.money.description ?? "", entry.playbook, "\(entry.run.short):\(entry.decision.step)",
      ])
    }
    Terminal.print(table.render(width: terminal.width, style: terminal.style))
  }
}

extension SubjectDecision {
  /// For machines: the decision with `time`, `run`, `playbook`, `profile`.
  var document: JSON {
    var document: JSONObject = [
      "time": .string(InstantText.text(instant)), "run": .string(run.text), "playbook": .string(playbook),
      "profile": .string(profile),
    ]
    for (key, value) in decision.document { document[key] = value }
    return .object(document)
  }
}

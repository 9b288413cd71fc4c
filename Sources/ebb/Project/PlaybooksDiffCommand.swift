import ArgumentParser
import Foundation
import JSON
import Playbooks

/// `ebb playbooks diff [NAME]`
struct PlaybooksDiffCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "diff",
    abstract: "Show how the project's copies differ from what Ebb brings now.",
    discussion: """
      Lines with - are the project's, lines with + are Ebb's. Exit code 1 where
      something differs.

      Example:
        ebb playbooks diff
        ebb playbooks diff cancel_stale_refunds
      """)

  @Argument(help: "Its name; all that the project has where left out.")
  var name: String?

  @Option(help: ArgumentHelp("The folder of playbooks.", valueName: "folder"))
  var playbooks = "scripts"

  @OptionGroup var output: OutputOptions

  mutating func run() async throws {
    let wanted = try name.map { [try PlaybooksCommand.shipped($0)] } ?? ShippedPlaybook.all
    var found: [(file: String, difference: LineDifference)] = []
    for playbook in wanted {
      let files = [(".lua", playbook.source), ("_test.lua", playbook.tests ?? [])]
      for (ending, bytes) in files where !bytes.isEmpty {
        let path = "\(playbooks)/\(playbook.name)\(ending)"
        guard let own = FileManager.default.contents(atPath: path) else { continue }
        let shipped = String(decoding: bytes, as: UTF8.self)
        found.append((path, LineDifference(from: String(decoding: own, as: UTF8.self), to: shipped)))
      }
    }
    guard !found.isEmpty else {
      throw CommandFailure.usage(
        "\(Terminal.clean(playbooks)) has no copy of " + (name.map { "\($0).lua" } ?? "a playbook that Ebb brings"),
        hint: "`ebb playbooks add NAME` makes one", label: "no_copy")
    }
    let changed = found.filter { !$0.difference.isEmpty }
    if output.json {
      let documents = found.map { entry -> JSON in
        [
          "file": .string(entry.file), "differs": .bool(!entry.difference.isEmpty),
          "difference": entry.difference.isEmpty ? .null : .string(entry.difference.text),
        ]
      }
      Terminal.print(JSON.array(documents).text(.pretty))
    } else {
      for entry in changed {
        Terminal.print("\(Terminal.clean(entry.file)):")
        Terminal.print(Terminal.clean(entry.difference.text, keepLines: true))
      }
      if changed.isEmpty { Terminal.print("nothing differs") }
    }
    if !changed.isEmpty { throw ExitStatus.failed }
  }
}

import ArgumentParser
import Catalogue
import JSON
import Playbooks

/// `ebb playbooks list`
struct PlaybooksListCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "list",
    abstract: "List the playbooks that Ebb brings.",
    discussion: """
      Example:
        ebb playbooks list
      """)

  @OptionGroup var output: OutputOptions

  mutating func run() async throws {
    let reader = HeaderReader(catalogue: try Catalogue.forCommands())
    var rows: [(name: String, title: String, writes: [String])] = []
    for playbook in ShippedPlaybook.all {
      let header = try await reader.header(of: playbook.source, file: "\(playbook.name).lua", folder: nil)
      rows.append((playbook.name, header?.title ?? "", header?.guards.writes ?? []))
    }
    if output.json {
      let documents = rows.map { row -> JSON in
        ["playbook": .string(row.name), "title": .string(row.title), "writes": .array(row.writes.map(JSON.string))]
      }
      return Terminal.print(JSON.array(documents).text(.pretty))
    }
    var table = Table([
      .fixed("PLAYBOOK", role: .name), .flexible("WHAT IT DOES", minimum: 20), .flexible("WRITES", minimum: 12),
    ])
    for row in rows {
      table.append([row.name, row.title, row.writes.isEmpty ? "nothing" : row.writes.joined(separator: ", ")])
    }
    Terminal.print(table.render(width: Terminal.current.width, style: Terminal.current.style))
  }
}

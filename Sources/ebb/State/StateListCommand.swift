import ArgumentParser
import Foundation
import JSON
import Journal

/// `ebb state list [PLAYBOOK]`
struct StateListCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "list",
    abstract: "List what playbooks remember.",
    discussion: """
      Example:
        ebb state list
        ebb state list returns --claims
        ebb state list backfill_missed_messages --prefix taobao --json
      """)

  @Argument(help: "The playbook; all where left out.")
  var playbook: String?

  @Option(help: "Only for that shop.")
  var profile: String?

  @Flag(help: "Claims instead of values.")
  var claims = false

  @Option(help: ArgumentHelp("Only keys that begin so.", valueName: "text"))
  var prefix: String?

  @Option(help: "The most entries.")
  var limit = 100

  @OptionGroup var store: StoreOptions
  @OptionGroup var output: OutputOptions

  mutating func run() async throws {
    let configuration = try Configuration.load()
    var filter = StateFilter()
    (filter.playbook, filter.profile, filter.prefix, filter.limit) = (playbook, profile, prefix, max(0, limit))
    filter.kind = claims ? .claims(in: nil) : .values
    let entries = try await store.open(.reading, in: configuration).state(filter)
    if output.json { return Terminal.print(JSON.array(entries.map(\.document)).text(.pretty)) }
    guard !entries.isEmpty else { return Terminal.printError("nothing is remembered") }
    let terminal = Terminal.current
    let time = LocalTime(try configuration.timeZone())
    var columns: [Table.Column] = [.fixed("PLAYBOOK"), .fixed("PROFILE")]
    if claims { columns.append(.fixed("CLAIM")) }
    columns += [
      .flexible("KEY", minimum: 12, role: .name), .flexible(claims ? "OWNER" : "VALUE", minimum: 12), .fixed("CHANGED"),
      .flexible("BY", minimum: 8),
    ]
    var table = Table(columns)
    for entry in entries {
      let value = entry.value.string ?? entry.value.text(.canonical)
      let names = [entry.key.scope.playbook, entry.key.scope.profile] + (entry.key.namespace.map { [$0] } ?? [])
      table.append(names + [entry.key.name, String(value.prefix(200)), time.short(entry.changed), entry.by])
    }
    Terminal.print(table.render(width: terminal.width, style: terminal.style))
    if entries.count == limit { Terminal.printError("there may be more: --limit, --prefix") }
  }
}

import ArgumentParser
import JSON
import Journal
import Playbooks

/// `ebb approvals …`
struct ApprovalsCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "approvals",
    abstract: "Look at what runs ask a person before they write.",
    discussion: """
      An approval has an id, as A12. `ebb approve` and `ebb reject` answer it.

      Example:
        ebb approvals list
        ebb approvals show A12
        ebb approve A12
      """,
    subcommands: [ApprovalsListCommand.self, ApprovalsShowCommand.self])
}

/// `ebb approvals list`
struct ApprovalsListCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "list",
    abstract: "List what waits for a person's answer, the first asked first.",
    discussion: """
      Example:
        ebb approvals list
        ebb approvals list --run 9f86d081 --all --json
      """)

  @Option(name: .customLong("run"), help: "Only those of this run.")
  var runName: String?

  @Flag(help: "Also those that are over, the latest first.")
  var all = false

  @Option(help: "At most so many.")
  var limit = 100

  @OptionGroup var store: StoreOptions
  @OptionGroup var output: OutputOptions

  mutating func run() async throws {
    guard limit > 0 else { throw CommandFailure.usage("--limit \(limit) lists nothing", hint: "1 or more") }
    let configuration = try Configuration.load()
    let store = try await store.open(.reading, in: configuration)
    var wanted: RunID?
    if let runName { wanted = try await RunLookup(store: store).run(runName).id }
    let approvals = Array(try await found(in: store, of: wanted).prefix(limit))
    if output.json { return Terminal.print(JSON.array(approvals.map(\.document)).text(.pretty)) }
    guard !approvals.isEmpty else {
      return Terminal.printError(all ? "nobody was asked anything" : "nothing waits for an approval")
    }
    let time = LocalTime(try configuration.timeZone())
    let terminal = Terminal.current
    var table = Table([
      .fixed("ID", role: .name), .flexible("ASKS", minimum: 24), .fixed("STATE"), .fixed("EXPIRES", role: .faint),
      .flexible("RUN", minimum: 12, role: .faint),
    ])
    for approval in approvals {
      table.append([
        approval.id, approval.title, approval.state.rawValue, time.short(approval.expires), approval.run.text,
      ])
    }
    Terminal.print(table.render(width: terminal.width, style: terminal.style))
  }

  private func found(in store: any Store, of run: RunID?) async throws -> [Approval] {
    guard all else { return try await ApprovalLookup(store: store).pending(of: run) }
    var filter = ApprovalFilter()
    filter.at = SystemClock().now()
    filter.run = run
    filter.limit = limit
    return try await store.approvals(filter)
  }
}

/// `ebb approvals show ID`
struct ApprovalsShowCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "show",
    abstract: "Show what would be done, to what and why, how it stands, and what it costs.",
    discussion: """
      Example:
        ebb approvals show A12
        ebb approvals show A12 --json
      """)

  @Argument(help: "The approval's id.")
  var approval: String

  @OptionGroup var store: StoreOptions
  @OptionGroup var output: OutputOptions

  mutating func run() async throws {
    let configuration = try Configuration.load()
    let store = try await store.open(.reading, in: configuration)
    let found = try await ApprovalLookup(store: store).approval(approval)
    if output.json { return Terminal.print(found.document.text(.pretty)) }
    let page = try await ApprovalPage(found, in: store, LocalTime(try configuration.timeZone()))
    Terminal.print(page.text(Terminal.current))
  }
}

import ArgumentParser
import JSON
import Journal
import Playbooks

/// `ebb holds …`
struct HoldsCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "holds",
    abstract: "Look at what is held, and whether writes are stopped.",
    discussion: """
      Example:
        ebb holds list
      """,
    subcommands: [HoldsListCommand.self])
}

/// `ebb holds list`
struct HoldsListCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "list",
    abstract: "List holds and freezes that are in force.",
    discussion: """
      Example:
        ebb holds list
        ebb holds list --json
      """)

  @OptionGroup var store: StoreOptions
  @OptionGroup var output: OutputOptions

  mutating func run() async throws {
    let configuration = try Configuration.load()
    let store = try await store.open(.reading, in: configuration)
    let holds = try await store.holds(at: SystemClock().now())
    let freezes = try await store.freezes()
    if output.json {
      let document: JSON = [
        "holds": .array(holds.map(\.document)), "freezes": .array(freezes.map(\.document)),
      ]
      return Terminal.print(document.text(.pretty))
    }
    let time = LocalTime(try configuration.timeZone())
    for freeze in freezes {
      let reason = freeze.why.map { ": \($0)" } ?? ""
      Terminal.print("frozen: \(freeze.reach), by \(freeze.by) since \(time.text(freeze.since))\(reason)")
    }
    guard !holds.isEmpty else { return Terminal.printError("nothing is held") }
    let terminal = Terminal.current
    var table = Table([
      .fixed("ID", role: .name), .fixed("PROFILE"), .flexible("WHY", minimum: 20), .fixed("BY"), .fixed("SINCE"),
      .fixed("UNTIL"),
    ])
    for hold in holds {
      table.append([
        hold.subject, hold.profile ?? "all", hold.why, hold.by, time.short(hold.since),
        hold.until.map(time.short) ?? "released",
      ])
    }
    Terminal.print(table.render(width: terminal.width, style: terminal.style))
  }
}

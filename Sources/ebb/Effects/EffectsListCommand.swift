import ArgumentParser
import Foundation
import JSON
import Journal
import Playbooks

/// `ebb effects list`
struct EffectsListCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "list",
    abstract: "List writes, the latest first.",
    discussion: """
      Example:
        ebb effects list --unsettled
        ebb effects list --run 9f86d081
        ebb effects list --resource 110000235001 --json
      """)

  @Flag(help: "Only those that are not settled: in doubt, or not yet proved.")
  var unsettled = false

  @Option(name: .customLong("run"), help: "Only those of this run.")
  var runName: String?

  @Option(help: ArgumentHelp("Only those that touch the order or refund of this id.", valueName: "id"))
  var resource: String?

  @Option(help: "At most so many.")
  var limit = 100

  @OptionGroup var store: StoreOptions
  @OptionGroup var output: OutputOptions

  mutating func run() async throws {
    guard (1...1_000_000).contains(limit) else {
      throw CommandFailure.usage("--limit \(limit) is out of range", hint: "1 to 1,000,000")
    }
    let configuration = try Configuration.load()
    let store = try await store.open(.reading, in: configuration)
    var filter = EffectFilter()
    filter.unsettled = unsettled
    filter.resource = resource
    filter.limit = limit + 1
    if let runName { filter.run = try await RunLookup(store: store).run(runName).id }
    let found = try await store.effects(filter)
    let effects = Array(found.prefix(limit))
    if output.json {
      Terminal.print(JSON.array(effects.map { .object($0.document) }).text(.pretty))
      return
    }
    guard !effects.isEmpty else {
      Terminal.printError(unsettled ? "every write is settled" : "no write is recorded that fits")
      return
    }
    let time = LocalTime(try configuration.timeZone())
    let terminal = Terminal.current
    var table = Table([
      .fixed("EFFECT", role: .name), .flexible("OPERATION", minimum: 12), .wrapping("RESOURCE", minimum: 12),
      .fixed("STATE"), .fixed("AMOUNT", .trailing), .fixed("SINCE", role: .faint),
    ])
    for effect in effects {
      table.append([
        effect.shortID, effect.operation, effect.resourceIDs,
        effect.state.rawValue + (effect.attempt > 1 ? " ×\(effect.attempt)" : ""),
        effect.charge?.money.description ?? "", time.short(effect.changed),
      ])
    }
    Terminal.print(table.render(width: terminal.width, style: terminal.style))
    if found.count > limit { Terminal.printError("only the latest \(limit) are listed; --limit shows more") }
    if unsettled, let first = effects.first {
      Terminal.printError("`ebb effects show \(first.shortID)` says what is known, and where to look")
    }
  }
}

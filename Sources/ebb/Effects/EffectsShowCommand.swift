import ArgumentParser
import Catalogue
import Foundation
import JSON
import Journal
import Redaction

/// `ebb effects show ID`
struct EffectsShowCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "show",
    abstract: "Show all that is known of one write, and where to look whether it took effect.",
    discussion: """
      Example:
        ebb effects show run-20261123-9f86d081:5/2
        ebb effects show 9f86d081:5/2 --json
      """)

  @Argument(help: "The effect: its run and its step.")
  var effect: String

  @OptionGroup var store: StoreOptions
  @OptionGroup var output: OutputOptions

  mutating func run() async throws {
    let configuration = try Configuration.load()
    let store = try await store.open(.reading, in: configuration)
    let (effect, run) = try await EffectLookup(store: store).effect(effect)
    let page = EffectPage(
      effect: effect, run: run, step: try await store.steps(of: run.id).first { $0.path == effect.path },
      operation: try Catalogue.forCommands()[effect.operation], time: LocalTime(try configuration.timeZone()))
    Terminal.print(output.json ? page.document.text(.pretty) : page.text(Terminal.current))
  }
}

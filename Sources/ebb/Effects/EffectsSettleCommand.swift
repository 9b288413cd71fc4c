import ArgumentParser
import JSON
import Journal
import Playbooks

/// `ebb effects settle ID --confirmed|--not-done --why TEXT`
struct EffectsSettleCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "settle",
    abstract: "End the doubt about a write: you looked, and say whether it took effect.",
    discussion: """
      What you say is believed: a write that you call not done may be sent again. It
      is kept with your name. The run goes on with `ebb runs resume`.

      Example:
        ebb effects settle 9f86d081:5/2 --confirmed --why "cancelled in the console"
        ebb effects settle 9f86d081:5/2 --not-done --why "still open" --as li.wei
      """)

  @Argument(help: "The effect: its run and its step.")
  var effect: String

  @Flag(help: "It took effect.")
  var confirmed = false

  @Flag(help: "It did not take effect.")
  var notDone = false

  @Option(help: ArgumentHelp("What you saw, for the record.", valueName: "text"))
  var why: String

  @OptionGroup var store: StoreOptions
  @OptionGroup var person: PersonOptions
  @OptionGroup var output: OutputOptions

  mutating func run() async throws {
    guard confirmed != notDone else {
      throw CommandFailure.usage(
        confirmed ? "--confirmed and --not-done exclude each other" : "whether it took effect is not said",
        hint: "--confirmed or --not-done")
    }
    let signature = try person.signature(why: why)
    let store = try await store.open(.writing, in: try Configuration.load())
    let (effect, _) = try await EffectLookup(store: store).effect(effect)
    try await StaleLease(store: store).clear(effect.run)
    switch try await store.settle(effect.run, effect.path, as: confirmed ? .confirmed : .notDone, signature) {
    case .settled(let settled): say(settled)
    case .isSettled(let settled):
      throw CommandFailure(
        .failed, "\(settled.id) is settled already: \(settled.state.rawValue)", hint: settled.detail,
        label: "is_settled")
    case .isHeld(let lease):
      throw CommandFailure(
        .failed, "\(WorkerIdentity(lease.worker)?.text ?? lease.worker) advances the run, and settles it itself",
        hint: "stop it with `ebb runs pause \(effect.run) --why …` first", label: "is_held")
    case .unknownEffect:
      throw CommandFailure.usage("there is no effect \(effect.id)", label: "unknown_effect")
    }
  }

  private func say(_ effect: EffectRecord) {
    if output.json { return Terminal.print(JSON.object(effect.document).text(.pretty)) }
    Terminal.print("\(effect.id) is \(effect.state.rawValue): \(effect.state.meaning)")
    Terminal.printError("its run goes on with: ebb runs resume \(effect.run)")
  }
}

import ArgumentParser
import Catalogue
import Foundation
import JSON
import Journal
import Playbooks
import Workers

/// `ebb enable NAME`
struct EnableCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "enable",
    abstract: "Let a playbook run by its header's schedule and events: at first it only plans.",
    discussion: """
      What a header says about schedules and events is a proposal until then. An
      enabled playbook plans, and a person applies each plan with `ebb apply`;
      `ebb promote` lets it act by itself.

      Example:
        ebb enable cancel_stale_refunds --profile shop1
      """)

  @Argument(help: "The playbook's name.")
  var name: String

  @OptionGroup var shops: ShopOptions
  @OptionGroup var store: StoreOptions
  @OptionGroup var person: PersonOptions
  @OptionGroup var output: OutputOptions

  mutating func run() async throws {
    try await Enabling(name: name, mode: .plan, shops: shops, store: store, json: output.json)
      .perform(try person.signature())
  }
}

/// `ebb promote NAME`
struct PromoteCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "promote",
    abstract: "Let an enabled playbook act by itself, within its guards.",
    discussion: """
      Example:
        ebb promote cancel_stale_refunds --why "a week of plans was right"
      """)

  @Argument(help: "The playbook's name.")
  var name: String

  @Option(help: ArgumentHelp("Why, for the record.", valueName: "text"))
  var why: String?

  @OptionGroup var shops: ShopOptions
  @OptionGroup var store: StoreOptions
  @OptionGroup var person: PersonOptions
  @OptionGroup var output: OutputOptions

  mutating func run() async throws {
    let signature = try person.signature(why: why)
    try await Enabling(name: name, mode: .live, shops: shops, store: store, json: output.json).perform(signature)
  }
}

/// `ebb disable NAME`
struct DisableCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "disable",
    abstract: "Let a playbook run by hand only; its schedule ends.",
    discussion: """
      Example:
        ebb disable cancel_stale_refunds --why "the shop is closed"
      """)

  @Argument(help: "The playbook's name.")
  var name: String

  @Option(help: ArgumentHelp("Why, for the record.", valueName: "text"))
  var why: String?

  @OptionGroup var shops: ShopOptions
  @OptionGroup var store: StoreOptions
  @OptionGroup var person: PersonOptions
  @OptionGroup var output: OutputOptions

  mutating func run() async throws {
    let signature = try person.signature(why: why)
    let configuration = try Configuration.load()
    let agenda = try await store.agenda(.writing, in: configuration)
    let enabled = try await agenda.enablements().filter { $0.playbook == name }
    let wanted = try shops.profiles.isEmpty ? enabled.map(\.profile) : shops.names(for: name, in: configuration)
    let arrears = Arrears(agenda, in: configuration)
    for schedule in try await agenda.schedules()
    where schedule.playbook == name && schedule.origin == .header && wanted.contains(schedule.key.profile) {
      try await arrears.settle(schedule.key, because: "nobody was there in time, and its playbook was disabled since")
    }
    var ended: [String] = []
    for profile in wanted where try await agenda.disable(name, profile: profile, signature) { ended.append(profile) }
    guard !ended.isEmpty else {
      throw CommandFailure(
        .failed, "\(name) is not enabled", hint: "`ebb schedule list` shows what is", label: "not_enabled")
    }
    if output.json {
      let document: JSON = ["playbook": .string(name), "profiles": .array(ended.map(JSON.string)), "mode": .null]
      return Terminal.print(document.text(.pretty))
    }
    Terminal.print("\(name) runs by hand only, for \(ended.joined(separator: ", "))")
  }
}

/// The shops that a command is about.
struct ShopOptions: ParsableArguments {
  @Option(name: .customLong("profile"), help: "A shop; may be given again. Else those of ebb.yaml.")
  var profiles: [String] = []

  /// The shops named; else those that `ebb.yaml` names for the playbook; else the only one there is.
  func names(for playbook: String, in configuration: Configuration) throws(CommandFailure) -> [String] {
    let known = configuration.profiles.keys.sorted()
    if !profiles.isEmpty {
      for name in profiles where !known.contains(name) {
        throw .configuration(
          "there is no profile \"\(name)\"", hint: Suggestion.hint(for: name, in: known), label: "unknown_profile")
      }
      return profiles
    }
    if let named = configuration.playbook(playbook).profiles { return named == ["all"] ? known : named }
    return [try configuration.profileSettings(named: nil).name]
  }
}

/// Enables a playbook, or changes how far it may go.
struct Enabling {
  let name: String
  let mode: Enablement.Mode
  let shops: ShopOptions
  let store: StoreOptions
  let json: Bool

  func perform(_ signature: Signature) async throws {
    let configuration = try Configuration.load()
    let agenda = try await store.agenda(.writing, in: configuration)
    let known = try await agenda.enablements()
    let profiles = try shops.names(for: name, in: configuration)
    for profile in profiles {
      let isEnabled = known.contains { $0.playbook == name && $0.profile == profile }
      guard mode == .plan || isEnabled else {
        throw CommandFailure(
          .refused, "\(name) is not enabled for \(profile)",
          hint: "`ebb enable \(name) --profile \(profile)` first: it plans until you have seen what it would do",
          label: "not_enabled")
      }
    }
    for profile in profiles {
      try await agenda.enable(
        Enablement(playbook: name, profile: profile, mode: mode, since: signature.instant), signature)
    }
    if json {
      let document: JSON = [
        "playbook": .string(name), "profiles": .array(profiles.map(JSON.string)), "mode": .string(mode.rawValue),
      ]
      return Terminal.print(document.text(.pretty))
    }
    let shops = profiles.joined(separator: ", ")
    Terminal.print(
      mode == .plan
        ? "\(name) plans by its schedule and events, for \(shops); `ebb promote \(name)` lets it act"
        : "\(name) acts by its schedule and events, for \(shops)")
  }
}

import ArgumentParser
import Foundation
import JSON
import Journal
import Playbooks

/// `ebb hold ID --why TEXT`
struct HoldCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "hold",
    abstract: "Let nothing be written to an order or refund, whatever the playbook.",
    discussion: """
      Looked at before every write, in the transaction that announces it. A write
      that is on its way is not called back. Scripts see the tag "hold".

      Example:
        ebb hold 110000235001 --why "the buyer called"
        ebb hold 110000235001 --why "goods are away" --until 7d --profile shop1
      """)

  @Argument(help: "The id of the order, the order line or the refund.")
  var id: String

  @Option(help: ArgumentHelp("Why, for the record and for whoever meets it.", valueName: "text"))
  var why: String

  @Option(help: ArgumentHelp("When it ends by itself: 7d, 2026-12-01, \"2026-12-01 09:30\".", valueName: "time"))
  var until: String?

  @Option(help: "The shop that it holds for; all where left out.")
  var profile: String?

  @OptionGroup var store: StoreOptions
  @OptionGroup var person: PersonOptions
  @OptionGroup var output: OutputOptions

  mutating func run() async throws {
    let configuration = try Configuration.load()
    let signature = try person.signature(why: why)
    let zone = try configuration.timeZone()
    let end = try until.map { try Until.instant($0, now: signature.instant, in: zone) }
    let hold = Hold(
      subject: try SubjectName.checked(id), profile: try configuration.knownProfile(profile),
      why: signature.why ?? "", by: signature.by, since: signature.instant, until: end)
    try await store.open(.writing, in: configuration).hold(hold)
    if output.json { return Terminal.print(hold.document.text(.pretty)) }
    let ending = end.map { "until \(LocalTime(zone).text($0))" } ?? "until `ebb release \(hold.subject)`"
    Terminal.print("\(hold.subject) is held\(hold.profile.map { " for \($0)" } ?? ""), \(ending)")
  }
}

/// `ebb release ID`
struct ReleaseCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "release",
    abstract: "End a hold.",
    discussion: """
      Example:
        ebb release 110000235001
        ebb release 110000235001 --profile shop1 --why "settled with the buyer"
      """)

  @Argument(help: "The id that is held.")
  var id: String

  @Option(help: "The shop of the hold; left out for a hold on all shops.")
  var profile: String?

  @Option(help: ArgumentHelp("Why, for the record.", valueName: "text"))
  var why: String?

  @OptionGroup var store: StoreOptions
  @OptionGroup var person: PersonOptions
  @OptionGroup var output: OutputOptions

  mutating func run() async throws {
    let signature = try person.signature(why: why)
    let subject = try SubjectName.checked(id)
    let store = try await store.open(.writing, in: try Configuration.load())
    let wasHeld = try await store.release(subject, profile: profile, signature)
    let rest = try await store.holds(at: signature.instant).filter { $0.subject == subject }
    guard wasHeld else {
      let elsewhere = rest.map { $0.profile.map { "--profile \($0)" } ?? "all shops, without --profile" }
      throw CommandFailure(
        .failed, "\(subject) is not held\(profile.map { " for \($0)" } ?? " for all shops")",
        hint: elsewhere.isEmpty
          ? "`ebb holds list` shows what is" : "it is held for " + elsewhere.joined(separator: ", "),
        label: "not_held")
    }
    if output.json {
      let document: JSON = ["released": .string(subject), "holds": .array(rest.map(\.document))]
      return Terminal.print(document.text(.pretty))
    }
    Terminal.print("\(subject) is released")
    for hold in rest {
      Terminal.printError("still held \(hold.profile.map { "for \($0)" } ?? "for all shops"): \(hold.why)")
    }
  }
}

/// An id of an order or refund as a person types it.
enum SubjectName {
  /// The id without spaces around it.
  static func checked(_ text: String) throws(CommandFailure) -> String {
    let id = text.filter { !$0.isWhitespace }
    guard !id.isEmpty, id.count == text.trimmingCharacters(in: .whitespacesAndNewlines).count, id.utf8.count <= 200
    else {
      throw .usage(
        "\"\(Terminal.clean(text))\" is no id", hint: "the id of an order, an order line or a refund", label: "subject")
    }
    return id
  }
}

extension Configuration {
  /// The name of a profile that there is: a hold for a misspelt one would hold nothing.
  func knownProfile(_ name: String?) throws(CommandFailure) -> String? {
    guard let name else { return nil }
    return try profileSettings(named: name).name
  }
}

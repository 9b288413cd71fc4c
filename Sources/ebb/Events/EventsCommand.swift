import ArgumentParser
import Foundation
import JSON
import Journal
import Playbooks

/// `ebb events`
struct EventsCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "events",
    abstract: "Look at callbacks that were received, and what became of them.",
    discussion: """
      Example:
        ebb events list --since 1d
        ebb events show 3f2a
      """,
    subcommands: [EventsListCommand.self, EventsShowCommand.self, EventsRedeliverCommand.self])
}

/// `ebb events list`
struct EventsListCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "list",
    abstract: "List events, the latest first.",
    discussion: """
      Example:
        ebb events list
        ebb events list --about 110000235001
        ebb events list --kind taobao.events.refundChanged --since 7d --json
      """)

  @Option(help: "Only of that shop.")
  var profile: String?

  @Option(help: "Only of that kind, as `ebb api list` names it.")
  var kind: String?

  @Option(help: ArgumentHelp("Only those about that order or refund.", valueName: "id"))
  var about: String?

  @Option(help: ArgumentHelp("Only those received since then: 7d, 2026-11-01.", valueName: "time"))
  var since: String?

  @Option(help: "The most events.")
  var limit = 50

  @OptionGroup var store: StoreOptions
  @OptionGroup var output: OutputOptions

  mutating func run() async throws {
    let configuration = try Configuration.load()
    let agenda = try await store.agenda(.reading, in: configuration)
    var filter = EventFilter()
    (filter.profile, filter.kind, filter.subject, filter.limit) = (profile, kind, about, max(0, limit))
    if let since { filter.since = try PastInstant(try configuration.timeZone()).milliseconds(since) }
    let events = try await agenda.events(filter)
    if output.json { return Terminal.print(JSON.array(events.map { .object($0.summary) }).text(.pretty)) }
    guard !events.isEmpty else { return Terminal.printError("no event was received") }
    let time = LocalTime(try configuration.timeZone())
    let terminal = Terminal.current
    var table = Table([
      .fixed("EVENT", role: .name), .fixed("RECEIVED"), .fixed("PROFILE"), .flexible("KIND", minimum: 12),
      .fixed("ABOUT"),
      .wrapping("", minimum: 12),
    ])
    for event in events {
      let state =
        event.dispatched == nil ? "waits to be dispatched" : event.repeatOf.map { "says what \($0.prefix(8)) said" }
      let origin = event.raisedBy.map { "raised by \($0.text)" }
      table.append([
        String(event.key.prefix(12)), time.short(event.received), event.profile, event.kind ?? "unknown",
        event.subject ?? "", [origin, state].compactMap(\.self).joined(separator: "; "),
      ])
    }
    Terminal.print(table.render(width: terminal.width, style: terminal.style))
  }
}

/// `ebb events show EVENT`
struct EventsShowCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "show",
    abstract: "Show an event: what was sent, and what became of it for each playbook.",
    discussion: """
      Example:
        ebb events show 3f2a9c
      """)

  @Argument(help: "The event, or the beginning of its key.")
  var event: String

  @OptionGroup var store: StoreOptions
  @OptionGroup var output: OutputOptions

  mutating func run() async throws {
    let configuration = try Configuration.load()
    let agenda = try await store.agenda(.reading, in: configuration)
    let event = try await EventLookup(store: agenda).event(self.event)
    let deliveries = try await agenda.deliveries(of: event.key)
    if output.json {
      var document = event.summary
      document["envelope"] = event.envelope
      document["deliveries"] = .array(deliveries.map(\.document))
      return Terminal.print(JSON.object(document).text(.pretty))
    }
    let time = LocalTime(try configuration.timeZone())
    Terminal.print("\(event.key)")
    let way = event.raisedBy.map { "raised by \($0.text)" } ?? "received"
    Terminal.print("\(event.kind ?? "unknown kind") · \(event.profile) · \(way) \(time.text(event.received))")
    Terminal.print(event.envelope.text(.pretty))
    if event.dispatched == nil { Terminal.print("It waits to be dispatched: `ebb serve` does that.") }
    for delivery in deliveries {
      let words = [delivery.run?.text, delivery.reason].compactMap(\.self).joined(separator: ": ")
      Terminal.print("\(delivery.playbook) \(delivery.outcome.rawValue) \(words)")
    }
  }
}

/// `ebb events redeliver EVENT`
struct EventsRedeliverCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "redeliver",
    abstract: "Hand an event to its playbooks again, as runs of their own.",
    discussion: """
      Example:
        ebb events redeliver 3f2a9c --why "the playbook was broken"
      """)

  @Argument(help: "The event, or the beginning of its key.")
  var event: String

  @Option(help: ArgumentHelp("Why, for the record.", valueName: "text"))
  var why: String?

  @OptionGroup var store: StoreOptions
  @OptionGroup var person: PersonOptions
  @OptionGroup var output: OutputOptions

  mutating func run() async throws {
    let signature = try person.signature(why: why)
    let agenda = try await store.agenda(.writing, in: try Configuration.load())
    let event = try await EventLookup(store: agenda).event(self.event)
    _ = try await agenda.redeliver(event.key, signature)
    if output.json { return Terminal.print(JSON.object(["event": .string(event.key)]).text(.pretty)) }
    Terminal.print("\(event.key.prefix(12)) is handed out again by `ebb serve`")
  }
}

/// Finds the event that a person means.
struct EventLookup {
  let store: any EventStore

  /// The event whose key begins so.
  func event(_ key: String) async throws -> EventRecord {
    var filter = EventFilter()
    (filter.key, filter.limit) = (key.lowercased(), 2)
    let found = key.isEmpty ? [] : try await store.events(filter)
    guard let event = found.first else {
      throw CommandFailure(
        .failed, "there is no event \(Terminal.clean(key))", hint: "`ebb events list` shows them", label: "no_event")
    }
    guard found.count == 1 else {
      throw CommandFailure.usage("several events begin with \(key)", hint: "write more of it", label: "which_event")
    }
    return event
  }
}

extension EventRecord {
  /// Without what was sent.
  var summary: JSONObject {
    [
      "event": .string(key), "profile": .string(profile), "kind": kind.map(JSON.string) ?? .null,
      "message_type": messageType.map(JSON.string) ?? .null, "platform": platform.map(JSON.integer) ?? .null,
      "subject": subject.map(JSON.string) ?? .null, "says": says.map(JSON.string) ?? .null,
      "raised_by": raisedBy.map { .string($0.text) } ?? .null, "received": .string(InstantText.text(received)),
      "dispatched": dispatched.map { .string(InstantText.text($0)) } ?? .null,
      "repeat_of": repeatOf.map(JSON.string) ?? .null,
    ]
  }
}

extension Delivery {
  var document: JSON {
    [
      "playbook": .string(playbook), "outcome": .string(outcome.rawValue), "run": run.map { .string($0.text) } ?? .null,
      "reason": reason.map(JSON.string) ?? .null, "round": .integer(Int64(round)),
    ]
  }
}

import ArgumentParser
import Foundation
import JSON
import Journal
import Playbooks
import Workers

/// `ebb callbacks`
struct CallbacksCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "callbacks",
    abstract: "Set up the address at which the vendor calls back.",
    discussion: """
      Example:
        ebb callbacks verify --for 10m
      """,
    subcommands: [CallbacksVerifyCommand.self])
}

/// `ebb callbacks verify`
struct CallbacksVerifyCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "verify",
    abstract: "Let the vendor's console verify the callback address for some minutes.",
    discussion: """
      The console saves an address only after a request to it was answered 200, which
      `ebb serve` refuses to one that is not signed. While the window is open such a
      request is answered 200 and not stored. docs/events.md has the steps.

      Example:
        ebb callbacks verify --for 10m --profile shop1
      """)

  @Option(name: .customLong("for"), help: ArgumentHelp("How long: at most 1h; 0s closes it.", valueName: "duration"))
  var length = "10m"

  @OptionGroup var shops: ShopOptions
  @OptionGroup var store: StoreOptions
  @OptionGroup var person: PersonOptions
  @OptionGroup var output: OutputOptions

  mutating func run() async throws {
    guard let duration = DurationText.milliseconds(length), 0...3_600_000 ~= duration else {
      throw CommandFailure.usage(
        "--for \(Terminal.clean(length)): that is no duration up to 1h", hint: "e.g. --for 10m")
    }
    let configuration = try Configuration.load()
    let signature = try person.signature()
    let until = WallClock().now() + duration
    let agenda = try await store.agenda(.writing, in: configuration)
    let profiles = try shops.names(for: "", in: configuration)
    for profile in profiles { try await agenda.expectVerification(of: profile, until: until, signature) }
    if output.json {
      let document: JSON = [
        "profiles": .array(profiles.map(JSON.string)), "until": .string(InstantText.text(until)),
      ]
      return Terminal.print(document.text(.pretty))
    }
    let time = LocalTime(try configuration.timeZone()).text(until)
    for profile in profiles {
      Terminal.print("until \(time) …/callbacks/\(profile) answers 200: press Verify in the vendor's console now")
    }
  }
}

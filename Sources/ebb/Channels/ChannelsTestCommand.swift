import ArgumentParser
import Channels
import Foundation
import JSON

/// `ebb channels test NAME`
struct ChannelsTestCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "test",
    abstract: "Send one message over a channel.",
    discussion: """
      Says whether the service took it, and what it answered where it did not. Exit
      code 7 where the service cannot be reached.

      Example:
        ebb channels test ops
        ebb channels test ops --text "does this arrive?"
      """)

  @Argument(help: "The channel's name.")
  var name: String

  @Option(help: "What to send.")
  var text = "Ebb can reach you here · Ebb 消息测试"

  @OptionGroup var output: OutputOptions

  mutating func run() async throws {
    let source = VaultChannels(door: try Configuration.load().vault)
    try await check(source)
    let transport = HTTPChannelTransport()
    let message = Message(id: UUID().uuidString.lowercased(), title: "Ebb", body: .text(text))
    let delivery = await Courier(source, transport: transport).deliver(message, over: name)
    await transport.shutdown()
    switch delivery {
    case .delivered(let isCut):
      ProfileVault.conclude(
        "\(name) took the message" + (isCut ? ", cut to its limit" : ""),
        ["channel": .string(name), "cut": .bool(isCut)], output)
    case .refused(let reason):
      throw CommandFailure(
        .failed, "\(name) refused the message: \(reason)",
        hint: "`ebb channels add \(name) --kind … --replace` with the address as the service shows it now",
        label: "channel_refused")
    case .notSent(let reason, _):
      throw CommandFailure(
        .unreachable, "the message was not sent: \(reason)", hint: "nothing arrived; try again",
        label: "channel_not_sent")
    case .unclear(let reason):
      throw CommandFailure(
        .unreachable, "whether the message arrived is not known: \(reason)", hint: "look into the group",
        label: "channel_unclear")
    }
  }

  /// Says so where there is no such channel, or it cannot be had.
  private func check(_ source: VaultChannels) async throws(CommandFailure) {
    let names: [String]
    do throws(ChannelError) {
      if try await source.channel(named: name) != nil { return }
      names = try await source.names()
    } catch {
      throw CommandFailure(error, status: .configuration)
    }
    throw .configuration(
      "there is no channel \"\(Terminal.clean(name))\"",
      hint: Suggestion.hint(for: name, in: names) ?? "`ebb channels add NAME --kind …` seals one",
      label: "unknown_channel")
  }
}

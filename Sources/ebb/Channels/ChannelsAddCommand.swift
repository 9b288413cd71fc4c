import ArgumentParser
import Channels
import JSON
import Redaction
import Vault

/// `ebb channels add NAME`
struct ChannelsAddCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "add",
    abstract: "Seal a channel's address in the vault.",
    discussion: """
      Asks for the address, and for the signing secret where the service can check
      one. --from-stdin takes one JSON object: {address, secret}. Where there is no
      vault, one is made, as `ebb profiles add` does.

      Example:
        ebb channels add ops --kind dingtalk
        ebb channels add ops --kind feishu --replace
        ebb channels add hook --kind http --from-stdin < channel.json
      """)

  @Argument(help: "The channel's name: small letters, digits, - and _.")
  var name: String

  @Option(help: "dingtalk, feishu (or lark), wecom, slack or http.")
  var kind: String

  @Option(help: "A word that the robot wants in every message.")
  var keyword: String?

  @Flag(name: .customLong("from-stdin"), help: "Read {address, secret} from standard input.")
  var fromStandardInput = false

  @Flag(help: "Take the place of a channel of that name.")
  var replace = false

  @OptionGroup var person: PersonOptions
  @OptionGroup var output: OutputOptions

  mutating func run() async throws {
    guard Channel.isName(name) else {
      throw CommandFailure.usage(
        "\"\(Terminal.clean(name))\" cannot be a channel's name", hint: "1 to 40 small letters, digits, - and _",
        label: "channel_name")
    }
    guard let kind = ChannelKind(kind) else { throw CommandFailure(ChannelError.kind(kind)) }
    let configuration = try Configuration.load()
    let who = try person.name()
    let given = fromStandardInput ? try Self.fromStandardInput() : try Self.asking(kind)
    let sheet = ChannelSheet(
      kind: kind.rawValue, address: given.address, secret: given.secret, keyword: keyword)
    do throws(ChannelError) {
      _ = try Channel(sheet, named: name)
    } catch {
      throw CommandFailure(error)
    }
    let (vault, made) = try configuration.vault.openOrMake(who: who, in: configuration)
    if let made { Terminal.printError(made) }
    let (name, replaces) = (name, replace)
    do throws(VaultError) {
      try vault.change(AuditEntry(.addChannel, profile: "channel:" + name)) { contents throws(VaultError) in
        if replaces, contents.channelNames.contains(name) { try contents.removeChannel(name) }
        try contents.addChannel(name, sheet)
      }
    } catch {
      throw CommandFailure(error)
    }
    ProfileVault.conclude(
      "\(name) is sealed; `ebb channels test \(name)` sends a message over it",
      ["channel": .string(name), "kind": .string(kind.rawValue)], output)
  }

  private static func fromStandardInput() throws -> (address: SecretBytes, secret: SecretBytes?) {
    let hint = #"{"address": "https://…", "secret": "…"}; the secret is optional"#
    let members: SecretMembers
    do {
      members = try SecretMembers(try SecretInput.all(), names: ["address", "secret"])
    } catch let error as SecretMembersError {
      throw CommandFailure.usage("standard input: \(error)", hint: hint)
    }
    for key in members.rest.object?.keys.map({ $0 }) ?? [] where !["address", "secret"].contains(key) {
      throw CommandFailure.usage("standard input has an unknown member \"\(Terminal.clean(key))\"", hint: hint)
    }
    guard let address = members.secrets["address"], address.count > 0 else {
      throw CommandFailure.usage("standard input: address is missing", hint: hint)
    }
    return (address, members.secrets["secret"].flatMap { $0.count > 0 ? $0 : nil })
  }

  private static func asking(_ kind: ChannelKind) throws -> (address: SecretBytes, secret: SecretBytes?) {
    guard Terminal.current.canAsk else {
      throw CommandFailure.usage(
        "nobody can be asked here", hint: "--from-stdin takes one JSON object: {address, secret}",
        label: "nobody_to_ask")
    }
    Terminal.printError(kind.whereToFind)
    guard let address = HiddenInput.ask("Address (not shown): ") else {
      throw CommandFailure(.interrupted, "interrupted")
    }
    guard kind.signs else { return (address, nil) }
    guard let secret = HiddenInput.ask("Signing secret (not shown; Enter for none): ") else {
      throw CommandFailure(.interrupted, "interrupted")
    }
    return (address, secret.count > 0 ? secret : nil)
  }
}

import ArgumentParser
import Catalogue
import JSON
import PandaPon

/// `ebb call OPERATION k=v…`
struct CallCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "call",
    abstract: "Send one operation and print the answer.",
    discussion: """
      Arguments: name=value (typed by the catalogue), name:=JSON, name:=@file.json;
      @file.json or - for all of them as one JSON object, from a file or standard
      input. A write asks first, or needs --yes.

      Example:
        ebb call taobao.refunds.get refundId=110000235001
        ebb call taobao.refunds.list pageSize=20 refundStatus=10 --json
        ebb call taobao.refunds.cancel 110000235001 --yes
        echo '{"refundId": "110000235001"}' | ebb call taobao.refunds.get -
      """)

  @Argument(help: "An operation's id; `ebb api list` shows them.")
  var operation: String

  @Argument(help: "Its arguments.")
  var arguments: [String] = []

  @Option(help: "The profile to call as.")
  var profile: String?

  @Flag(help: "Send a write without asking.")
  var yes = false

  @OptionGroup var output: OutputOptions

  mutating func run() async throws {
    let operation = try Catalogue.forCommands().operation(named: operation)
    guard operation.effect != .event else {
      throw CommandFailure.usage(
        "\(operation.id) is a callback that PandaPon sends; it cannot be called",
        hint: "ebb api show \(operation.id) shows what it carries", label: "event")
    }
    let checked = try checkedArguments(operation)
    let configuration = try Configuration.load()
    let (profile, credentials) = try configuration.profile(named: profile)
    if operation.effect == .write && !yes { try confirm(operation, checked, profile) }
    let outcome = try await send(operation, checked, profile, credentials)
    let report = CallReport(operation, checked, profile: profile, outcome: outcome)
    if let failure = report.failure { throw failure }
    if output.json {
      Terminal.print(report.document.text(.pretty))
    } else {
      Terminal.print(report.text(Terminal.current))
    }
  }

  private func checkedArguments(_ operation: Operation) throws(CommandFailure) -> Arguments {
    let table = try CallArguments(operation, inputs: .process).table(arguments)
    do {
      return try operation.arguments(from: table)
    } catch {
      throw .usage(
        "\(error)", hint: "ebb api show \(operation.id) lists its arguments; nothing was sent", label: "invalid")
    }
  }

  private func send(
    _ operation: Operation, _ arguments: Arguments, _ profile: Profile, _ credentials: any CredentialSource
  ) async throws -> Outcome {
    let transport = HTTPTransport(connections: 1)
    let client = Client(profile: profile, credentials: credentials, transport: transport)
    let outcome =
      operation.effect == .write
      ? await client.write(operation, arguments) : await client.read(operation, arguments)
    try? await transport.shutdown()
    return outcome
  }

  /// Asks a person on the terminal; without one, `--yes` has to say it.
  private func confirm(_ operation: Operation, _ arguments: Arguments, _ profile: Profile) throws(CommandFailure) {
    let terminal = Terminal.current
    guard terminal.canAsk else {
      throw .usage(
        "\(operation.id) changes something and nobody can be asked here", hint: "add --yes to send it",
        label: "not_confirmed")
    }
    let question = """
      \(operation.id) (\(operation.name)) as profile \(profile.name) at \(profile.baseURL)
      \(Terminal.clean(arguments.script.text(.pretty), keepLines: true))
      This changes the marketplace. Send it? [y/N] 
      """
    Terminal.write(question, to: 2)
    guard let answer = readLine(), ["y", "yes", "是"].contains(answer.lowercased()) else {
      throw CommandFailure(.failed, "not sent: it was not confirmed", label: "not_confirmed")
    }
  }
}

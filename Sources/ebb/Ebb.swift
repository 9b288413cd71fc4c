import ArgumentParser
import Foundation
import JSON
import Journal
import Vault

/// The command line of Ebb: the list of its commands and the way each of them ends.
///
/// Commands throw ``CommandFailure``; this is the one place that turns what went wrong, argument-parser's own errors
/// included, into `ebb: …` and `hint: …` on standard error, a `--json` document, and an exit code.
@main
struct Ebb: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "ebb",
    abstract: "Runs after-sales playbooks, written in Lua, against the PandaPon purchasing API.",
    usage: "ebb COMMAND [OPTIONS]",
    discussion: """
      Example:
        ebb demo                                   a playbook on a simulated market
        ebb api list refund                        find an operation
        ebb run scripts/cancel_stale_refunds.lua   run a playbook

      Settings: ebb.yaml, over it EBB_* variables, over both options; what holds:
      `ebb config show`.
      Exit codes: `ebb help exit-codes`.
      """,
    version: Ebb.versionLine,
    subcommands: Ebb.commands)

  /// The version, as `CHANGELOG.md` has it.
  static let version = "0.1.0"
  private static let versionLine = "ebb " + version

  static func main() async {
    // A reader that goes away (`ebb api list | head`) is no failure.
    signal(SIGPIPE, SIG_IGN)
    // A store at a limit on the size of files is an error to report, and no end without a word.
    signal(SIGXFSZ, SIG_IGN)
    let status = await perform(Array(CommandLine.arguments.dropFirst()))
    Foundation.exit(status.rawValue)
  }

  /// Runs one command line and says how it ended; what was thrown has been printed by then.
  static func perform(_ arguments: [String]) async -> ExitStatus {
    // Asked for often by tools that look for ebb: answered before the parser sets up its tree of commands.
    if arguments == ["--version"] {
      Terminal.print(versionLine)
      return .done
    }
    do {
      if let topic = HelpTopic(arguments: arguments) {
        Terminal.print(arguments.contains("--json") ? topic.document.text(.pretty) : topic.text)
        return .done
      }
      if let help = PlaybookHelp(arguments: arguments) {
        Terminal.print(try await help.text())
        return .done
      }
      try checkCommand(arguments)
      var command = try await asyncParseAsRoot(arguments)
      if var command = command as? any AsyncParsableCommand {
        try await command.run()
      } else {
        try command.run()
      }
      return .done
    } catch {
      return conclude(error, arguments)
    }
  }

  private static func conclude(_ error: any Error, _ arguments: [String]) -> ExitStatus {
    let failure: CommandFailure
    switch error {
    case let status as ExitStatus: return status
    case let code as ExitCode: return ExitStatus(rawValue: code.rawValue) ?? .failed
    case let own as CommandFailure: failure = own
    case let error as JournalError: failure = CommandFailure(error)
    case let error as VaultError: failure = CommandFailure(error)
    case is CancellationError: failure = CommandFailure(.interrupted, "interrupted")
    default:
      let code = exitCode(for: error)
      if code.isSuccess {
        Terminal.print(fullMessage(for: error))
        return .done
      }
      failure = code == .validationFailure ? usageFailure(error, arguments) : CommandFailure(.failed, "\(error)")
    }
    if arguments.prefix(while: { $0 != "--" }).contains("--json") {
      Terminal.print(failure.document.text(.pretty))
    }
    Terminal.printError(failure.text(style: Terminal.current.errorStyle))
    return failure.status
  }
}

extension Ebb {
  /// What argument-parser found wrong, in Ebb's form: its question "Did you mean …?" becomes the hint.
  private static func usageFailure(_ error: any Error, _ arguments: [String]) -> CommandFailure {
    var message = message(for: error).trimmingCharacters(in: .whitespacesAndNewlines)
    let path = commandPath(arguments).joined(separator: " ")
    var hint = "\(path) --help shows how"
    if let question = message.range(of: "Did you mean ") {
      hint = "did you mean " + message[question.upperBound...] + "\n" + hint
      message = message[..<question.lowerBound].trimmingCharacters(in: .whitespacesAndNewlines)
    }
    while message.hasSuffix(".") { message.removeLast() }
    return .usage(message.prefix(1).lowercased() + message.dropFirst(), hint: hint)
  }

  /// The commands that the first arguments name, e.g. `["ebb", "api", "list"]`.
  private static func commandPath(_ arguments: [String]) -> [String] {
    var path = ["ebb"]
    var current: any ParsableCommand.Type = Ebb.self
    for argument in arguments {
      guard let next = subcommand(argument, of: current) else { break }
      path.append(argument)
      current = next
    }
    return path
  }

  /// Answers a word that is no command with the nearest one; argument-parser says only "unexpected argument".
  private static func checkCommand(_ arguments: [String]) throws(CommandFailure) {
    var path = ["ebb"]
    var current: any ParsableCommand.Type = Ebb.self
    for argument in arguments {
      if argument.hasPrefix("-") || (path.count == 1 && argument == "help") { return }
      if let next = subcommand(argument, of: current) {
        path.append(argument)
        current = next
        continue
      }
      let names = current.configuration.subcommands.filter { $0.configuration.shouldDisplay }.map(name)
      guard !names.isEmpty, current.configuration.defaultSubcommand == nil else { return }
      throw .usage(
        "there is no command \"\(path.dropFirst().map { $0 + " " }.joined())\(argument)\"",
        hint: Suggestion.hint(for: argument, in: names), label: "unknown_command")
    }
  }

  private static func subcommand(_ word: String, of command: any ParsableCommand.Type) -> (any ParsableCommand.Type)? {
    command.configuration.subcommands.first { name($0) == word || $0.configuration.aliases.contains(word) }
  }

  private static func name(_ command: any ParsableCommand.Type) -> String {
    command.configuration.commandName ?? "\(command)".lowercased()
  }
}

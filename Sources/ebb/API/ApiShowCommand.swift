import ArgumentParser
import Catalogue
import JSON

/// `ebb api show ID`
struct ApiShowCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "show",
    abstract: "Show one operation: arguments, answer, evidence, effect, read-back.",
    discussion: """
      Example:
        ebb api show taobao.refunds.cancel
        ebb api show 逆向单撤销 --json
      """)

  @Argument(help: "An operation's id, or its full title in English or Chinese.")
  var operation: String

  @OptionGroup var output: OutputOptions

  mutating func run() async throws {
    let found = try Catalogue.forCommands().operation(named: operation)
    if output.json {
      Terminal.print(found.document.text(.pretty))
    } else {
      Terminal.print(OperationPage(found, terminal: Terminal.current).text)
    }
  }
}

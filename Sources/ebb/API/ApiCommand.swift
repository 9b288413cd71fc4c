import ArgumentParser
import Catalogue
import JSON

/// `ebb api …`
struct ApiCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "api",
    abstract: "Look up operations of the PandaPon API.",
    discussion: """
      Example:
        ebb api list refund
        ebb api show taobao.refunds.cancel
      """,
    subcommands: [ApiListCommand.self, ApiShowCommand.self])
}

/// `ebb api list [WORD]`
struct ApiListCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "list",
    abstract: "List operations: their ids, what they do, and how well their paths are known.",
    discussion: """
      A WORD is looked for in ids, titles (English and Chinese), paths, markets and
      groups.

      Example:
        ebb api list
        ebb api list refund
        ebb api list 逆向单 --json
      """)

  @Argument(help: "Part of an id, a title or a path.")
  var word: String?

  @OptionGroup var output: OutputOptions

  mutating func run() async throws {
    let operations = try Catalogue.forCommands().search(word ?? "")
    if output.json {
      Terminal.print(JSON.array(operations.map(\.summary)).text(.pretty))
      return
    }
    guard !operations.isEmpty else {
      Terminal.printError("no operation has \"\(Terminal.clean(word ?? ""))\" in its id, titles or path")
      return
    }
    let terminal = Terminal.current
    var table = Table([
      .fixed("OPERATION", role: .name), .fixed("EFFECT"), .wrapping("TITLE"), .wrapping("标题", minimum: 10),
      .fixed("PATH IS", role: .faint),
    ])
    for operation in operations {
      table.append([
        operation.id, operation.effect.rawValue, operation.name, operation.chineseName ?? "",
        operation.evidence.path.rawValue,
      ])
    }
    Terminal.print(table.render(width: terminal.width, style: terminal.style))
  }
}

extension Catalogue {
  /// The embedded catalogue; a damaged one is a fault of the build, and said so.
  static func forCommands() throws(CommandFailure) -> Catalogue {
    do {
      return try embedded()
    } catch {
      throw CommandFailure(.failed, "\(error)", hint: "this build of ebb is broken: build or install it again")
    }
  }

  /// The operation that a word on the command line names: its id, or one of its titles where only one has it.
  func operation(named word: String) throws(CommandFailure) -> Operation {
    if let operation = self[word] { return operation }
    let titled = operations.filter { $0.chineseName == word || $0.name.lowercased() == word.lowercased() }
    if titled.count == 1 { return titled[0] }
    let hint =
      titled.count > 1
      ? "several have this title: \(titled.map(\.id).joined(separator: ", "))"
      : nearest(to: word).map { "did you mean \"\($0)\"?" } ?? "ebb api list shows all operations"
    throw .usage("there is no operation \"\(word)\"", hint: hint, label: "unknown_operation")
  }
}

extension Operation {
  /// The operation as `ebb api list --json` has it: the columns of the vendor's menu with the grades of what is known.
  var summary: JSON {
    [
      "id": .string(id), "market": .string(market), "group": .string(group), "name": .string(name),
      "method": .string(method), "path": .string(path), "method_evidence": .string(evidence.method.rawValue),
      "path_evidence": .string(evidence.path.rawValue), "effect": .string(effect.rawValue),
    ]
  }
}

import ArgumentParser
import Foundation
import Testing

@testable import ebb

/// What `--help` says, word for word, as `Help/*.txt` keeps it: a change of an option or a text shows in review.
///
/// After a change that is meant: `EBB_TESTS_RECORD=1 swift test --filter HelpTests`, and look at the difference.
@Suite struct HelpTests {
  private static let folder = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "Help")

  /// Every command and its words, as the root has them.
  private static let paths: [[String]] = paths(of: Ebb.commands, under: [])

  private static func paths(of commands: [any ParsableCommand.Type], under parent: [String]) -> [[String]] {
    commands.flatMap { command in
      let path = parent + [command.configuration.commandName ?? command._commandName]
      return [path] + paths(of: command.configuration.subcommands, under: path)
    }
  }

  @Test(arguments: paths)
  func saysTheSameAsBefore(_ path: [String]) throws {
    let result = try Binary.run(path + ["--help"])
    #expect(result.status == 0)
    let file = Self.folder.appending(path: path.joined(separator: "-") + ".txt")
    if ProcessInfo.processInfo.environment["EBB_TESTS_RECORD"] == "1" {
      try FileManager.default.createDirectory(at: Self.folder, withIntermediateDirectories: true)
      try Data(result.output.utf8).write(to: file)
    }
    #expect(try result.output == String(contentsOf: file, encoding: .utf8))
  }

  /// What is wider than a terminal is broken in two, mostly in the middle of an example.
  @Test(arguments: paths)
  func fitsATerminal(_ path: [String]) throws {
    var command: any ParsableCommand.Type = Ebb.self
    for name in path {
      command = try #require(command.configuration.subcommands.first { $0.configuration.commandName == name })
    }
    for line in command.configuration.discussion.split(separator: "\n") {
      #expect(line.count <= 80, "\(line)")
    }
  }

  @Test func nothingIsKeptOfCommandsThatAreGone() throws {
    let kept = try FileManager.default.contentsOfDirectory(atPath: Self.folder.path)
    #expect(kept.sorted() == Self.paths.map { $0.joined(separator: "-") + ".txt" }.sorted())
  }

  @Test func theRootListsEveryCommand() throws {
    let output = try Binary.run(["--help"]).output
    for command in Ebb.commands {
      let name = try #require(command.configuration.commandName)
      #expect(output.contains("\n  \(name) "), "\(name)")
      #expect(!command.configuration.abstract.isEmpty)
    }
  }
}

import ArgumentParser
import Foundation
import Testing

@testable import ebb

/// What `--help` says, word for word, as `Help/*.txt` keeps it: a change of an option or a text shows in review.
///
/// After a change that is meant: `EBB_TESTS_RECORD=1 swift test --filter HelpTests`, and look at the difference.
@Suite struct HelpTests {
  private static let folder = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "Help")

  @Test(arguments: [
    ["api"], ["api", "list"], ["api", "show"], ["call"], ["simulate"], ["config"], ["config", "show"], ["run"],
    ["plan"],
    ["apply"],
    ["runs"], ["runs", "list"], ["runs", "show"], ["runs", "resume"], ["runs", "pause"], ["runs", "cancel"],
    ["runs", "logs"], ["runs", "replay"], ["runs", "debug"], ["runs", "bundle"], ["runs", "verify"],
    ["runs", "migrate"], ["effects"], ["effects", "list"], ["effects", "show"], ["effects", "settle"], ["history"],
  ])
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

  @Test func theRootListsEveryCommand() throws {
    let output = try Binary.run(["--help"]).output
    for command in Ebb.commands {
      let name = try #require(command.configuration.commandName)
      #expect(output.contains("\n  \(name) "), "\(name)")
      #expect(!command.configuration.abstract.isEmpty)
    }
  }
}

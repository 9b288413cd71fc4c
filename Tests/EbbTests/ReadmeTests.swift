import Foundation
import Testing

@testable import ebb

/// What `README.md` shows is what happens.
@Suite struct ReadmeTests {
  private static let readme = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
    .deletingLastPathComponent().appending(path: "README.md")

  /// The first block of that language.
  private func block(_ language: String) throws -> String {
    let text = try String(contentsOf: Self.readme, encoding: .utf8)
    let start = try #require(text.range(of: "```\(language)\n"))
    let rest = text[start.upperBound...]
    return String(rest[..<(try #require(rest.range(of: "```")).lowerBound)])
  }

  @Test func thePlaybookPrintsWhatItIsSaidToPrint() throws {
    let simulator = try SimulatorProcess(["--seed", "7"])
    let result = try Binary.run(
      ["run", "stale.lua"], environment: simulator.environment, files: ["stale.lua": try block("lua")])
    #expect(result.status == 0, "\(result.errors)")
    #expect(Self.timeless(result.output) == Self.timeless(try block("text")))
    #expect(simulator.interrupt() == 0)
  }

  /// The text without how long it took, and without the run's name.
  private static func timeless(_ text: String) -> String {
    text.split(separator: "\n", omittingEmptySubsequences: false).filter { !$0.hasPrefix("run: ") }
      .map { $0.hasSuffix(" s") ? $0.split(separator: " · ").dropLast().joined(separator: " · ") : String($0) }
      .joined(separator: "\n")
  }
}

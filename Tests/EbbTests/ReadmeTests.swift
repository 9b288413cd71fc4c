import Foundation
import Testing

@testable import ebb

/// What `README.md` shows is what happens.
@Suite struct ReadmeTests {
  private static let readme = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
    .deletingLastPathComponent().appending(path: "README.md")

  /// The first block of that language, or the first after some words.
  private func block(_ language: String, after words: String = "") throws -> String {
    var text = try String(contentsOf: Self.readme, encoding: .utf8)
    if !words.isEmpty { text = String(text[try #require(text.range(of: words)).upperBound...]) }
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

  @Test func thePlanAndWhatWasRefusedAreAsTheyAreSaidToBe() throws {
    let simulator = try SimulatorProcess(["--seed", "7"])
    let project = try Project(files: ["stale.lua": try block("lua")], environment: simulator.environment)
    let plan = try project.run("plan", "stale.lua", "-o", "plan.json")
    #expect(plan.output.hasPrefix(try block("text", after: "ebb plan stale.lua -o plan.json")), "\(plan.output)")
    #expect(try project.run("call", "taobao.refunds.cancel", "refundId=110000235011", "--yes").status == 0)
    let apply = try project.run("apply", "plan.json")
    #expect(try apply.status == 4 && apply.output.hasPrefix(block("text", after: "ebb apply plan.json")))
    #expect(simulator.interrupt() == 0)
  }

  /// The text without how long it took, and without the run's name.
  private static func timeless(_ text: String) -> String {
    text.split(separator: "\n", omittingEmptySubsequences: false).filter { !$0.hasPrefix("run: ") }
      .map { $0.hasSuffix(" s") ? $0.split(separator: " · ").dropLast().joined(separator: " · ") : String($0) }
      .joined(separator: "\n")
  }
}

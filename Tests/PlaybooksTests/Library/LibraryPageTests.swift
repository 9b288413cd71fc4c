import Foundation
import JSON
import Testing

@testable import Playbooks

/// Every example of `docs/stdlib.md` is what it is said to be.
@Suite struct LibraryPageTests {
  /// One block of Lua on the page, under its heading.
  struct Example: Sendable, CustomTestStringConvertible {
    let heading: String
    let lines: [String]
    var testDescription: String { heading }
  }

  static let page: String = {
    let root = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
      .deletingLastPathComponent().deletingLastPathComponent()
    return (try? String(contentsOf: root.appending(path: "docs/stdlib.md"), encoding: .utf8)) ?? ""
  }()

  static let examples: [Example] = {
    var (examples, heading, lines): ([Example], String, [String]?) = ([], "", nil)
    for line in page.split(separator: "\n", omittingEmptySubsequences: false).map(String.init) {
      if line.hasPrefix("## ") { heading = String(line.dropFirst(3)) }
      if line == "```lua" {
        lines = []
      } else if line == "```", let block = lines {
        examples.append(Example(heading: heading, lines: block))
        lines = nil
      } else {
        lines?.append(line)
      }
    }
    return examples
  }()

  @Test func everyModuleHasItsExample() {
    let headings = Self.examples.map(\.heading)
    for module in ["list", "text", "time", "money", "retry", "aftersales", "orders", "notify"] {
      #expect(headings.contains { $0.hasPrefix("`ebb.\(module)`") }, "\(module)")
    }
  }

  @Test(arguments: examples)
  func isWhatItIsSaidToBe(_ example: Example) async throws {
    let report = try await Stage().play(Self.script(example.lines))
    #expect(report.failure == nil)
    #expect(report.result?.array ?? [] == [], "\(report.result ?? .null)")
  }

  /// The block with its `-->` turned into checks; it returns what is not as shown.
  private static func script(_ lines: [String]) -> String {
    let checked = lines.map { line -> String in
      guard let arrow = line.range(of: " --> ") else { return line }
      let (expression, expected) = (line[..<arrow.lowerBound], line[arrow.upperBound...])
      if expected.hasPrefix("error: ") {
        let message = expected.dropFirst(7).replacing("\"", with: "\\\"")
        return "raises(function() return \(expression) end, \"\(message)\")"
      }
      return "is((\(expression)), (\(expected)), [==[\(line)]==])"
    }
    return """
      local wrong = {}
      local function same(left, right)
        if type(left) ~= "table" or type(right) ~= "table" then return left == right end
        for key, value in pairs(left) do if not same(value, right[key]) then return false end end
        for key in pairs(right) do if left[key] == nil then return false end end
        return true
      end
      local function is(value, expected, line)
        if not same(value, expected) then wrong[#wrong + 1] = { line, tostring(value) } end
      end
      local function raises(body, message)
        local ok, problem = pcall(body)
        local words = type(problem) == "table" and problem.message or tostring(problem)
        if ok or not words:find(message, 1, true) then wrong[#wrong + 1] = { message, words } end
      end
      \(checked.joined(separator: "\n"))
      return wrong
      """
  }
}

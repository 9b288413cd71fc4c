import JSON
import Playbooks

/// Reads what a test writes into one field.
enum GivenField {
  /// Milliseconds; nil where there is nothing.
  static func duration(_ value: JSON?, named name: String) throws(TestProblem) -> Int64? {
    guard let value else { return nil }
    if let milliseconds = value.integer { return milliseconds }
    if let milliseconds = value.string.flatMap(DurationText.milliseconds) { return milliseconds }
    throw TestProblem("\(name) is a duration such as \"9d\" or \"36h\", not \(value.text())")
  }

  /// Fen; nil where there is nothing.
  static func amount(_ value: JSON?, named name: String) throws(TestProblem) -> Int64? {
    guard let value else { return nil }
    guard let text = value.string else { throw TestProblem("\(name) needs its unit, such as \"120 CNY\"") }
    do throws(ParameterProblem) {
      return try Money(parsing: text).minorUnits
    } catch {
      throw TestProblem("\(name): \(error.description)")
    }
  }

  /// One of some words; nil where there is nothing.
  static func word<Value>(_ value: JSON?, of words: [String: Value], named name: String) throws(TestProblem) -> Value? {
    guard let value else { return nil }
    if let text = value.string, let found = words[text] { return found }
    throw TestProblem("\(name) is one of \(words.keys.sorted().joined(separator: ", ")), not \(value.text())")
  }
}

import Catalogue
import Foundation
import JSON

/// Types one value as a parameter's header says.
struct ParameterReader {
  let kind: Parameter.Kind
  let element: Parameter.Kind
  let choices: [String]
  let minimum: JSON?
  let maximum: JSON?

  /// The typed value; text is read, a value that is typed already is checked.
  func value(_ given: JSON) throws(ParameterProblem) -> JSON {
    let value = try typed(given, as: kind)
    try checkRange(value)
    return value
  }

  private func typed(_ given: JSON, as kind: Parameter.Kind) throws(ParameterProblem) -> JSON {
    let text = given.scalarText
    switch kind {
    case .text:
      guard let text else { throw wrong(given, "text") }
      return .string(text)
    case .id:
      guard let text, !text.isEmpty, !text.contains("."), !text.lowercased().contains("e+") else {
        throw ParameterProblem(
          "\(given) is no id", hint: "an id keeps all its digits: 110000235001, not 1.10000E+11")
      }
      return .string(text)
    case .integer:
      if let integer = given.integer { return .integer(integer) }
      guard let text = given.string, let integer = Int64(text) else { throw wrong(given, "an integer") }
      return .integer(integer)
    case .boolean:
      if let flag = given.bool { return .bool(flag) }
      switch given.string?.lowercased() {
      case "true", "yes", "on": return true
      case "false", "no", "off": return false
      default: throw wrong(given, "true or false")
      }
    case .duration:
      if let milliseconds = given.integer, milliseconds >= 0 { return .integer(milliseconds) }
      guard let text = given.string, let milliseconds = DurationText.milliseconds(text) else {
        throw wrong(given, "a duration", hint: "for example 7d, 24h, 1h30m, 500ms")
      }
      return .integer(milliseconds)
    case .time:
      if let milliseconds = given.integer { return .integer(milliseconds) }
      guard let text = given.string, let milliseconds = InstantText.milliseconds(text) else {
        throw wrong(given, "a time", hint: "for example 2026-11-01T09:30:00+08:00")
      }
      return .integer(milliseconds)
    case .date:
      guard let text = given.string, InstantText.isDate(text) else {
        throw wrong(given, "a date", hint: "for example 2026-11-01")
      }
      return .string(text)
    case .money:
      if let money = Money(json: given) { return money.json }
      guard let text else { throw wrong(given, "an amount") }
      return try Money(parsing: text).json
    case .choice:
      guard let text, choices.contains(text) else {
        let near = EditDistance.nearest(to: text ?? "", among: choices).map { "did you mean \($0)?" }
        throw wrong(given, "one of \(choices.joined(separator: ", "))", hint: near)
      }
      return .string(text)
    case .list:
      // A table without anything in it is a list as well.
      let nothing: [JSON]? = given.object?.isEmpty == true ? [] : nil
      let elements =
        given.array ?? nothing ?? given.string?.split(separator: ",").map { .string(String($0.trimmed)) }
      guard let elements else { throw wrong(given, "a list", hint: "separate its elements by commas") }
      return .array(try elements.map { element throws(ParameterProblem) in try typed(element, as: self.element) })
    case .rows:
      _ = try RowsReference(given)
      return given
    }
  }

  private func wrong(_ given: JSON, _ expected: String, hint: String? = nil) -> ParameterProblem {
    ParameterProblem("\(given) is not \(expected)", hint: hint)
  }

  private func checkRange(_ value: JSON) throws(ParameterProblem) {
    guard let size = size(of: value) else { return }
    for limit in [minimum, maximum].compactMap({ Money(json: $0) }) {
      guard let money = Money(json: value), money.currency != limit.currency else { continue }
      throw ParameterProblem("\(money) is not in the currency of its limit, \(limit)")
    }
    if let minimum, let least = self.size(of: minimum), size < least {
      throw ParameterProblem("\(shown(value)) is less than the least, \(shown(minimum))")
    }
    if let maximum, let most = self.size(of: maximum), size > most {
      throw ParameterProblem("\(shown(value)) is more than the most, \(shown(maximum))")
    }
  }

  private func size(of value: JSON) -> Int64? {
    value.integer ?? Money(json: value)?.minorUnits ?? value.array.map { Int64($0.count) }
  }

  private func shown(_ value: JSON) -> String {
    if let money = Money(json: value) { return money.description }
    if kind == .duration, let milliseconds = value.integer { return DurationText.text(milliseconds) }
    return value.text()
  }
}

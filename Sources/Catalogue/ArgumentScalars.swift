import JSON

extension ArgumentChecker {
  /// An id: text to scripts, sent as the catalogue says; digits within 64 bits where the wire has an integer.
  func identifier(_ value: JSON, _ schema: Schema, _ pointer: JSONPointer) throws(ArgumentError) -> Checked {
    let text: String
    switch value {
    case .string(let given): text = given
    case .integer(let given): text = String(given)
    case .bigInteger(let digits): text = digits
    case .number(let given):
      guard let whole = ScalarConversion.whole(given) else {
        throw .type(operation, pointer, schema.expectation, given: value)
      }
      text = String(whole)
    case .null, .bool, .array, .object: throw .type(operation, pointer, schema.expectation, given: value)
    }
    // Ids are plain nearly always; only what is not has its characters looked at.
    let isPlain = text.utf8.allSatisfy { 0x21...0x7E ~= $0 }
    guard !text.isEmpty, isPlain || !text.contains(where: \.isWhitespace) else {
      throw .value(operation, pointer, schema.expectation, given: value)
    }
    guard schema.kinds == [.integer] else {
      return try ranged(Checked(.string(text)), schema, pointer)
    }
    guard let number = Int64(text), String(number) == text else {
      throw .value(operation, pointer, schema.expectation, given: value)
    }
    _ = try ranged(Checked(.integer(number)), schema, pointer)
    return Checked(wire: .integer(number), script: .string(text))
  }

  /// A money table for a field in fen or yuan; nil where the value is no table or the field is no money.
  func money(_ value: JSON, _ schema: Schema, _ pointer: JSONPointer) throws(ArgumentError) -> Checked? {
    guard schema.unit == .fen || schema.unit == .yuan, case .object(let members) = value else { return nil }
    let expected = "money in CNY, e.g. {fen = 500, currency = \"CNY\"}"
    guard let fen = members["fen"]?.integer, members["currency"].map({ $0 == "CNY" }) ?? true,
      members.allSatisfy({ $0.key == "fen" || $0.key == "currency" })
    else { throw .type(operation, pointer, expected, given: value) }
    let amount = Fen(fen)
    if schema.unit == .fen {
      return Checked(schema.accepts(.integer) || schema.accepts(.number) ? .integer(fen) : .string(String(fen)))
    }
    if schema.accepts(.string) { return Checked(.string(amount.yuanText)) }
    if fen % 100 == 0 { return Checked(.integer(fen / 100)) }
    guard schema.accepts(.number), fen.magnitude < 1_000_000_000_000_000, let number = Double(amount.yuanText) else {
      throw .value(operation, pointer, "whole yuan", given: value)
    }
    return Checked(.number(number))
  }

  /// The value, refused where it is outside what the schema allows.
  func ranged(_ checked: Checked, _ schema: Schema, _ pointer: JSONPointer) throws(ArgumentError) -> Checked {
    let value = checked.wire
    func refuse(_ expected: String) -> ArgumentError { .value(operation, pointer, expected, given: value) }
    if !schema.choices.isEmpty, let text = value.scalarText {
      let known = schema.choices.compactMap(\.scalarText)
      guard known.contains(text) else {
        let near = EditDistance.nearest(to: text, among: known)
        throw .value(operation, pointer, schema.expectation, given: value, near: near)
      }
    }
    if let number = value.asDouble {
      if let least = schema.minimum, number < least { throw refuse("at least \(least.plain)") }
      if let bound = schema.exclusiveMinimum, number <= bound { throw refuse("more than \(bound.plain)") }
      if let most = schema.maximum, number > most { throw refuse("at most \(most.plain)") }
    }
    if let text = value.string {
      let count = text.unicodeScalars.count
      if let least = schema.minimumLength, count < least {
        throw refuse(least == 1 ? "text that is not empty" : "at least \(least) characters, it has \(count)")
      }
      if let most = schema.maximumLength, count > most { throw refuse("at most \(most) characters, it has \(count)") }
      if let most = schema.maximumBytes, text.utf8.count > most {
        throw refuse("at most \(most) bytes of UTF-8, it has \(text.utf8.count)")
      }
      if let pattern = schema.pattern, !TextPattern.matches(pattern, text) {
        throw refuse("text of the form \(pattern)")
      }
    }
    return checked
  }
}

extension Double {
  /// The number without `.0` where it is whole.
  var plain: String { ScalarConversion.whole(self).map { String($0) } ?? description }
}

/// The patterns of the catalogue, compiled when needed.
enum TextPattern {
  /// Whether the text matches; a pattern that cannot be compiled matches nothing (the tool refuses such).
  static func matches(_ pattern: String, _ text: String) -> Bool {
    guard let regex = try? Regex(pattern) else { return false }
    return text.firstMatch(of: regex) != nil
  }
}

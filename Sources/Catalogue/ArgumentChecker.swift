import JSON

/// Checks one argument after another against its schema.
struct ArgumentChecker {
  /// A value in its two forms.
  struct Checked {
    /// As it is sent.
    var wire: JSON
    /// As a script sees it.
    var script: JSON

    init(wire: JSON, script: JSON) {
      self.wire = wire
      self.script = script
    }

    init(_ value: JSON) {
      self.init(wire: value, script: value)
    }
  }

  let operation: String

  /// A member of a table; nil where it is absent and may be.
  func member(
    _ property: Schema.Property, of table: JSONObject, at place: JSONPointer
  ) throws(ArgumentError) -> Checked? {
    let pointer = place.appending(property.name)
    let given = table[property.name]
    if let given, !(given.isNull && !property.schema.isNullable) {
      return try check(given, property.schema, pointer)
    }
    guard property.isRequired else { return nil }
    throw .missing(operation, pointer, property.schema.expectation)
  }

  func check(_ value: JSON, _ schema: Schema, _ pointer: JSONPointer) throws(ArgumentError) -> Checked {
    if value.isNull, schema.isNullable { return Checked(.null) }
    if let content = schema.content { return try text(of: value, holding: content, schema, pointer) }
    if let money = try money(value, schema, pointer) { return try ranged(money, schema, pointer) }
    if schema.isID { return try identifier(value, schema, pointer) }
    switch value {
    case .object(let members) where schema.accepts(.object):
      return try object(members, schema, pointer)
    case .array(let elements) where schema.accepts(.array):
      return try array(elements, schema, pointer)
    case .array(let elements) where elements.isEmpty && schema.accepts(.object):
      return try object([:], schema, pointer)
    case .object(let members) where members.isEmpty && schema.accepts(.array):
      return try array([], schema, pointer)
    default:
      guard let converted = ScalarConversion.convert(value, to: schema.kinds), !mixes(value, converted) else {
        throw .type(operation, pointer, schema.expectation, given: value)
      }
      return try ranged(Checked(converted), schema, pointer)
    }
  }

  /// Whether a conversion turned a truth value into something else or the reverse: tolerable in an answer, but in a
  /// script `pageSize = true` is a slip.
  private func mixes(_ given: JSON, _ converted: JSON) -> Bool {
    if converted.bool != nil { return given.bool == nil && given.string != converted.scalarText }
    return given.bool != nil
  }

  private func object(
    _ members: JSONObject, _ schema: Schema, _ pointer: JSONPointer
  ) throws(ArgumentError) -> Checked {
    var wire = JSONObject()
    var script = JSONObject()
    for (name, value) in members where schema[name] == nil {
      guard schema.isOpen else {
        let names = schema.properties.map(\.name)
        throw .unknown(
          operation, pointer.appending(name), near: EditDistance.nearest(to: name, among: names), of: names)
      }
      wire[name] = value
      script[name] = value
    }
    for property in schema.properties {
      guard let checked = try member(property, of: members, at: pointer) else { continue }
      wire[property.name] = checked.wire
      script[property.name] = checked.script
    }
    try choose(schema, given: wire, pointer)
    return Checked(wire: .object(wire), script: .object(script))
  }

  /// Refuses an object in which none of the alternative sets of members is complete.
  func choose(_ schema: Schema, given members: JSONObject, _ pointer: JSONPointer) throws(ArgumentError) {
    if schema.alternatives.isEmpty { return }
    for names in schema.alternatives where names.allSatisfy({ members[$0] != nil }) { return }
    let sets = schema.alternatives.map { $0.joined(separator: " and ") }
    throw .incomplete(operation, pointer, sets.joined(separator: "; or "))
  }

  private func array(_ elements: [JSON], _ schema: Schema, _ pointer: JSONPointer) throws(ArgumentError) -> Checked {
    if let most = schema.maximumItems, elements.count > most {
      throw .value(operation, pointer, "at most \(most) elements", given: .integer(Int64(elements.count)))
    }
    if let least = schema.minimumItems, elements.count < least {
      throw .value(operation, pointer, "at least \(least) elements", given: .integer(Int64(elements.count)))
    }
    var wire: [JSON] = []
    var script: [JSON] = []
    for (index, element) in elements.enumerated() {
      let checked = try check(element, schema.items ?? .anything, pointer.appending(index))
      wire.append(checked.wire)
      script.append(checked.script)
    }
    return Checked(wire: .array(wire), script: .array(script))
  }

  private func text(
    of value: JSON, holding content: Schema, _ schema: Schema, _ pointer: JSONPointer
  ) throws(ArgumentError) -> Checked {
    var held = value
    if let text = value.string, content.kinds != [.string] {
      guard let parsed = try? JSON(parsing: text) else {
        throw .value(operation, pointer, "JSON text, or the table it shall hold", given: value)
      }
      held = parsed
    }
    let checked = try check(held, content, pointer)
    let encoded = try ranged(Checked(.string(checked.wire.text())), schema, pointer)
    return Checked(wire: encoded.wire, script: checked.script)
  }

  private func identifier(_ value: JSON, _ schema: Schema, _ pointer: JSONPointer) throws(ArgumentError) -> Checked {
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
    guard !text.isEmpty else { throw .value(operation, pointer, schema.expectation, given: value) }
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
  private func money(_ value: JSON, _ schema: Schema, _ pointer: JSONPointer) throws(ArgumentError) -> Checked? {
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
    guard schema.accepts(.number), let number = Double(amount.yuanText), abs(fen) < 1_000_000_000_000_000 else {
      throw .value(operation, pointer, "whole yuan", given: value)
    }
    return Checked(.number(number))
  }

  private func ranged(_ checked: Checked, _ schema: Schema, _ pointer: JSONPointer) throws(ArgumentError) -> Checked {
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

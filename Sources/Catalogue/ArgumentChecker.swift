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
  /// Texts that stand for ids which a plan would create; accepted wherever they are given.
  var placeholders: Set<String> = []

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
    if !placeholders.isEmpty, let text = value.string, placeholders.contains(text) { return Checked(value) }
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
}

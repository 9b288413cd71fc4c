public import JSON

/// The one flat table a script gives: parameters and the body's members side by side.
struct ArgumentForm: Sendable {
  let parameters: [Parameter]
  let body: Schema?
  /// All fields, parameters first.
  let fields: [Schema.Property]
  private let positions: [String: Int]

  init(parameters: [Parameter], body: Schema?) {
    self.parameters = parameters
    self.body = body
    fields =
      parameters.map { Schema.Property(name: $0.name, schema: $0.schema, isRequired: $0.isRequired) }
      + (body?.properties ?? [])
    positions = Dictionary(fields.enumerated().map { ($1.name, $0) }) { first, _ in first }
  }

  subscript(name: String) -> Schema.Property? { positions[name].map { fields[$0] } }

  /// The schema of an argument, by a pointer into the table.
  func schema(at pointer: JSONPointer) -> Schema? {
    guard let first = pointer.tokens.first, let field = self[first] else { return nil }
    return field.schema.schema(at: JSONPointer(tokens: Array(pointer.tokens.dropFirst())))
  }

  /// The field that a bare scalar is meant for: the only required one, or the only one.
  var bareField: Schema.Property? {
    let required = fields.filter(\.isRequired)
    if required.count == 1 { return required.first }
    return fields.count == 1 ? fields.first : nil
  }
}

extension Operation {
  /// Checks a script's table against the schema and turns it into what goes on the wire.
  ///
  /// A scalar is allowed where exactly one field is required (or there is only one). Ids may be given as text or
  /// integer, money as `{fen, currency}`, JSON text as the value it shall hold. `null` counts as absent where the field
  /// does not accept it and may be absent.
  ///
  /// - Parameter placeholders: texts that stand for ids which a plan would create (decisions.md, "Plan and apply"); they
  ///   are passed on unchanged, whatever the field expects.
  /// - Throws: `ArgumentError`, which names the field, what was expected, and the nearest field name.
  public func arguments(
    from value: JSON, admitting placeholders: Set<String> = []
  ) throws(ArgumentError) -> Arguments {
    let form = contents.value.input
    let table = try table(of: value, form)
    let checker = ArgumentChecker(operation: id, placeholders: placeholders)
    try refuseUnknown(table, form)
    var path: [String: String] = [:]
    var query: [Arguments.Field] = []
    var headers: [Arguments.Field] = []
    var script = JSONObject()
    for parameter in parameters {
      let property = Schema.Property(
        name: parameter.name, schema: parameter.schema, isRequired: parameter.isRequired)
      guard let checked = try checker.member(property, of: table, at: JSONPointer()) else { continue }
      script[parameter.name] = checked.script
      switch parameter.location {
      case .path: path[parameter.name] = checked.wire.scalarText ?? checked.wire.text()
      case .query: query += fields(parameter.name, checked.wire)
      case .header: headers += fields(parameter.name, checked.wire)
      }
    }
    var sent: JSON?
    if let body {
      var members = JSONObject()
      for property in body.properties {
        guard let checked = try checker.member(property, of: table, at: JSONPointer()) else { continue }
        members[property.name] = checked.wire
        script[property.name] = checked.script
      }
      for (name, value) in table where form[name] == nil {
        members[name] = value
        script[name] = value
      }
      try checker.choose(body, given: members, JSONPointer())
      sent = .object(members)
    }
    return Arguments(path: path, query: query, headers: headers, body: sent, script: .object(script))
  }

  private func table(of value: JSON, _ form: ArgumentForm) throws(ArgumentError) -> JSONObject {
    switch value {
    case .object(let members): return members
    case .null: return [:]
    case .array(let elements) where elements.isEmpty: return [:]
    case .array: throw .shape(id, "a table of named fields", given: value)
    case .bool, .integer, .bigInteger, .number, .string:
      guard let field = form.bareField else {
        let names = form.fields.filter(\.isRequired).map(\.name)
        let list = names.isEmpty ? form.fields.map(\.name) : names
        throw .shape(
          id, list.isEmpty ? "no arguments" : "a table with \(list.joined(separator: ", "))", given: value)
      }
      return JSONObject([(key: field.name, value: value)])
    }
  }

  private func refuseUnknown(_ table: JSONObject, _ form: ArgumentForm) throws(ArgumentError) {
    if let body, body.isOpen, !body.properties.isEmpty || body.kinds == [.object] { return }
    for (name, _) in table where form[name] == nil {
      let names = form.fields.map(\.name)
      throw .unknown(
        id, JSONPointer(tokens: [name]), near: EditDistance.nearest(to: name, among: names), of: names)
    }
  }

  private func fields(_ name: String, _ value: JSON) -> [Arguments.Field] {
    switch value {
    case .array(let elements):
      elements.map { Arguments.Field(name: name, value: $0.scalarText ?? $0.text()) }
    case .null: []
    default: [Arguments.Field(name: name, value: value.scalarText ?? value.text())]
    }
  }
}

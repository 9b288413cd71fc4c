public import JSON

extension Operation {
  /// Turns an answer's `data` into what scripts see.
  ///
  /// A documented scalar takes its catalogue type where nothing is lost (`-20` becomes `"-20"`, every id becomes text);
  /// undocumented fields, missing fields and nulls stay as they are, and so does what does not fit.
  public func decode(_ data: JSON) -> JSON {
    answer.decode(data)
  }

  /// Where secret values stand in an answer's `data` (`x-ebb-secret`): login links and their kin.
  public func secrets(in data: JSON) -> [JSONPointer] {
    guard answer.holdsSecrets else { return [] }
    var found: [JSONPointer] = []
    answer.walk(data, at: JSONPointer()) { schema, _, pointer in
      if schema.isSecret { found.append(pointer) }
    }
    return found
  }

  /// Where secret values stand in a write's or read's arguments: passwords and their kin.
  public func secrets(in arguments: Arguments) -> [JSONPointer] {
    pointers(in: arguments.script, where: \.isSecret)
  }

  /// Where values about people stand in arguments as scripts give them, whether they are valid or not.
  public func personal(inArguments arguments: JSON) -> [JSONPointer] {
    pointers(in: arguments, where: \.isPersonal)
  }

  private func pointers(in arguments: JSON, where isWanted: (Schema) -> Bool) -> [JSONPointer] {
    var found: [JSONPointer] = []
    for field in fields {
      guard let value = arguments[field.name] else { continue }
      field.schema.walk(value, at: JSONPointer(tokens: [field.name])) { schema, _, pointer in
        if isWanted(schema) { found.append(pointer) }
      }
    }
    return found
  }

  /// Where values about people stand in an answer's `data` (`x-ebb-personal`): names, phones, addresses.
  public func personal(in data: JSON) -> [JSONPointer] {
    var found: [JSONPointer] = []
    answer.walk(data, at: JSONPointer()) { schema, _, pointer in
      if schema.isPersonal { found.append(pointer) }
    }
    return found
  }
}

extension Schema {
  /// The value with documented scalars in their catalogue type; see `Operation.decode(_:)`.
  public func decode(_ value: JSON) -> JSON {
    changed(value) ?? value
  }

  /// The value as scripts see it, or nil where it is that already: most of an answer is, and is not built anew.
  private func changed(_ value: JSON) -> JSON? {
    switch value {
    case .null: return nil
    case .object(let members):
      if properties.isEmpty { return nil }
      var decoded: JSONObject?
      // Mostly the members come in the order in which they are documented.
      var next = properties.startIndex
      for (name, member) in members {
        let position = next < properties.endIndex && properties[next].name == name ? next : positions[name]
        guard let position else { continue }
        next = position + 1
        guard let own = properties[position].schema.changed(member) else { continue }
        var copy = decoded ?? members
        decoded = nil
        copy[name] = own
        decoded = copy
      }
      return decoded.map { .object($0) }
    case .array(let elements):
      guard let items else { return nil }
      var decoded: [JSON]?
      for (index, element) in elements.enumerated() {
        guard let own = items.changed(element) else { continue }
        if decoded == nil { decoded = elements }
        decoded?[index] = own
      }
      return decoded.map { .array($0) }
    case .bool, .integer, .bigInteger, .number, .string:
      let converted = ScalarConversion.convert(value, to: isID ? [.string] : kinds)
      return converted == value ? nil : converted
    }
  }

  /// Visits every value of an answer that is not null together with its schema, parents first.
  func walk(_ value: JSON, at pointer: JSONPointer, _ visit: (Schema, JSON, JSONPointer) -> Void) {
    if value.isNull { return }
    visit(self, value, pointer)
    let shape = content ?? self
    switch value {
    case .object(let members):
      for (name, member) in members {
        shape[name]?.schema.walk(member, at: pointer.appending(name), visit)
      }
    case .array(let elements):
      guard let items = shape.items else { return }
      for (index, element) in elements.enumerated() { items.walk(element, at: pointer.appending(index), visit) }
    default: break
    }
  }

  /// The schema a pointer leads to; `*` and indices lead into elements. Nil where the pointer leaves what is known.
  public func schema(at pointer: JSONPointer) -> Schema? {
    var schema = content ?? self
    for token in pointer.tokens {
      if let property = schema[token] {
        schema = property.schema.content ?? property.schema
      } else if let items = schema.items, token == "*" || Int(token) != nil {
        schema = items.content ?? items
      } else {
        return nil
      }
    }
    return schema
  }
}

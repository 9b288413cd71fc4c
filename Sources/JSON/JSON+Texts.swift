extension JSON {
  /// The value with each text in it, names of members included, changed.
  public func mappingTexts(_ change: (String) -> String) -> JSON {
    switch self {
    case .string(let text): .string(change(text))
    case .array(let elements): .array(elements.map { $0.mappingTexts(change) })
    case .object(let members):
      .object(JSONObject(members.map { (key: change($0.key), value: $0.value.mappingTexts(change)) }))
    case .null, .bool, .integer, .bigInteger, .number: self
    }
  }
}

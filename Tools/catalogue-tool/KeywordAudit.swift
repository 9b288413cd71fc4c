import JSON

/// Finds words that mean nothing here: a misspelt keyword would otherwise be ignored silently.
struct KeywordAudit {
  let document: JSON

  private static let operationWords: Set<String> = [
    "operationId", "summary", "description", "parameters", "requestBody", "responses", "x-ebb-title-zh", "x-ebb-market",
    "x-ebb-group", "x-ebb-effect", "x-ebb-evidence", "x-ebb-note", "x-ebb-write", "x-ebb-claims", "x-ebb-before",
    "x-ebb-outcome", "x-ebb-plan", "x-ebb-key", "x-ebb-page", "x-ebb-example", "x-ebb-signing", "x-ebb-message-type",
    "x-ebb-platform", "x-ebb-messages", "x-ebb-about",
  ]
  private static let schemaWords: Set<String> = [
    "$ref", "type", "format", "title", "description", "example", "examples", "default", "enum", "minimum", "maximum",
    "exclusiveMinimum", "anyOf",
    "minLength", "maxLength", "pattern", "minItems", "maxItems", "properties", "required", "additionalProperties",
    "items", "contentMediaType", "contentEncoding", "contentSchema", "deprecated", "x-ebb-unit", "x-ebb-id",
    "x-ebb-secret",
    "x-ebb-personal", "x-ebb-evidence", "x-ebb-words", "x-ebb-max-bytes",
  ]
  private static let ruleWords: [String: Set<String>] = [
    "x-ebb-before": ["operation", "arguments", "fields", "amount", "direction", "each"],
    "x-ebb-outcome": [
      "answer", "success", "read", "find", "fallback", "done", "not_done", "settle_after", "repeat",
    ],
    "x-ebb-plan": ["answer", "set", "rows"],
    "x-ebb-about": ["id", "says"],
    "x-ebb-key": ["field", "read", "find"],
    "x-ebb-page": ["number", "size", "maximum", "rows", "id", "total", "records", "first"],
  ]

  func problems() -> [String] {
    var found: [String] = []
    for (name, schema) in document[pointer: "/components/schemas"]?.object ?? [:] {
      audit(schema, at: "schema \(name)", &found)
    }
    for section in ["paths", "webhooks"] {
      for (path, item) in document[section]?.object ?? [:] {
        for (_, operation) in item.object ?? [:] {
          audit(operation: operation, at: operation["operationId"]?.string ?? path, &found)
        }
      }
    }
    return found
  }

  private func audit(operation: JSON, at place: String, _ found: inout [String]) {
    unknown(operation, Self.operationWords, place, &found)
    for (rule, words) in Self.ruleWords {
      if let value = operation[rule] { unknown(value, words, "\(place) \(rule)", &found) }
    }
    for claim in operation["x-ebb-claims"]?.array ?? [] {
      unknown(claim, ["kind", "id", "each", "optional"], "\(place) x-ebb-claims", &found)
    }
    for parameter in operation["parameters"]?.array ?? [] where parameter["$ref"] == nil {
      let name = parameter["name"]?.string ?? "?"
      unknown(
        parameter, ["name", "in", "required", "description", "schema", "example"], "\(place) parameter \(name)", &found)
      if let schema = parameter["schema"] { audit(schema, at: "\(place) parameter \(name)", &found) }
    }
    if let body = operation[pointer: "/requestBody/content/application~1json/schema"], body["allOf"] == nil {
      audit(body, at: "\(place) body", &found)
    }
    for pointer: JSONPointer in [
      "/responses/200/content/application~1json/schema/allOf/1/properties/data",
      "/requestBody/content/application~1json/schema/allOf/1/properties/messageBody",
    ] {
      if let answer = operation[pointer: pointer] { audit(answer, at: "\(place) answer", &found) }
    }
  }

  private func audit(_ schema: JSON, at place: String, _ found: inout [String]) {
    guard schema.object != nil else {
      found.append("\(place): a schema must be an object")
      return
    }
    unknown(schema, Self.schemaWords, place, &found)
    if let text = schema["pattern"]?.string, (try? Regex(text)) == nil {
      found.append("\(place): the pattern \(text) cannot be read")
    }
    let grades = ["documented", "inferred", "assumed", "unknown"]
    if let grade = schema["x-ebb-evidence"], !grades.contains(grade.string ?? "") {
      found.append("\(place): x-ebb-evidence is one of \(grades.joined(separator: ", "))")
    }
    if let unit = schema["x-ebb-unit"], !["fen", "yuan", "ms", "s", "bytes"].contains(unit.string ?? "") {
      found.append("\(place): unknown unit \(unit)")
    }
    let names = Set(schema["properties"]?.object?.keys ?? [])
    for choice in schema["anyOf"]?.array ?? [] {
      unknown(choice, ["required"], "\(place) anyOf", &found)
      for name in choice["required"]?.array ?? [] where !names.contains(name.string ?? "") {
        found.append("\(place): required \(name) is no property")
      }
    }
    for name in schema["required"]?.array ?? [] where schema["$ref"] == nil && !names.contains(name.string ?? "") {
      found.append("\(place): required \(name) is no property")
    }
    for (name, property) in schema["properties"]?.object ?? [:] { audit(property, at: "\(place)/\(name)", &found) }
    if let items = schema["items"] { audit(items, at: "\(place)/*", &found) }
    if let content = schema["contentSchema"] { audit(content, at: "\(place) content", &found) }
  }

  private func unknown(_ value: JSON, _ words: Set<String>, _ place: String, _ found: inout [String]) {
    for key in value.object?.keys ?? [] where !words.contains(key) {
      found.append("\(place): \(key) means nothing here")
    }
  }
}

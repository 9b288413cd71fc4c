import Catalogue
import JSON

extension Operation {
  /// The operation as `ebb api show --json` has it: ``summary`` and all that the catalogue says of it. References in
  /// schemas are resolved.
  var document: JSON {
    var result = summary.object ?? JSONObject()
    result["name_zh"] = chineseName.map(JSON.string) ?? .null
    result["note"] = notes.map(JSON.string) ?? .null
    result["description"] = details.map(JSON.string) ?? .null
    result["signing"] = .string(signing.rawValue)
    result["parameters"] = .array(
      parameters.map { parameter in
        [
          "name": .string(parameter.name), "in": .string(parameter.location.rawValue),
          "required": .bool(parameter.isRequired), "schema": parameter.schema.document,
        ]
      })
    result["body"] = body?.document ?? .null
    result["answer"] = answer.document
    result["write_kind"] = writeKind.map { .string($0.rawValue) } ?? .null
    // The rules as the catalogue has them; docs/architecture.md says what they mean.
    for (name, key) in [
      ("claims", "x-ebb-claims"), ("before", "x-ebb-before"), ("outcome", "x-ebb-outcome"), ("key", "x-ebb-key"),
      ("page", "x-ebb-page"),
    ] {
      result[name] = definition[key] ?? .null
    }
    result["example_arguments"] = exampleArguments ?? .null
    result["example_answer"] = exampleAnswer ?? .null
    return .object(result)
  }
}

extension Schema {
  /// The schema as JSON Schema, references resolved, with Ebb's marks (`unit`, `secret`, `personal`, `evidence`, `words`).
  var document: JSON {
    var result = JSONObject()
    let types = kinds.map { JSON.string($0.rawValue) } + (isNullable && !kinds.isEmpty ? ["null"] : [])
    if types.count == 1 { result["type"] = types[0] } else if !types.isEmpty { result["type"] = .array(types) }
    result["description"] = text.map(JSON.string)
    result["format"] = format.map(JSON.string)
    if !choices.isEmpty { result["enum"] = .array(choices) }
    if !words.isEmpty {
      result["words"] = .object(JSONObject(words.sorted { $0.key < $1.key }.map { ($0.key, .string($0.value)) }))
    }
    result["minimum"] = minimum.map(JSON.number)
    result["maximum"] = maximum.map(JSON.number)
    result["max_length"] = maximumLength.map { .integer(Int64($0)) }
    result["max_bytes"] = maximumBytes.map { .integer(Int64($0)) }
    result["max_items"] = maximumItems.map { .integer(Int64($0)) }
    result["pattern"] = pattern.map(JSON.string)
    result["unit"] = unit.map { .string($0.rawValue) }
    if isID { result["id"] = true }
    if isSecret { result["secret"] = true }
    if isPersonal { result["personal"] = true }
    result["evidence"] = evidence.map { .string($0.rawValue) }
    result["default"] = defaultValue
    result["example"] = example
    if !properties.isEmpty {
      result["properties"] = .object(JSONObject(properties.map { ($0.name, $0.schema.document) }))
      let required = properties.filter(\.isRequired).map { JSON.string($0.name) }
      if !required.isEmpty { result["required"] = .array(required) }
    }
    result["items"] = items?.document
    result["json_text_of"] = content?.document
    return .object(result)
  }
}

import JSON
import Synchronization

/// What a schema is made of.
struct SchemaChildren {
  var properties: [Schema.Property] = []
  var items: Schema?
  var content: Schema?
}

/// The shared schemas of a document, each built once, when first asked for.
final class SchemaSource: Sendable {
  /// The schemas of the operations' answers, unresolved, by operation.
  let answers: [String: JSON]
  private let schemas: JSONObject
  private let parameters: JSONObject
  private let built = Mutex<[String: Schema]>([:])

  init(document: JSON) {
    let components = document["components"] ?? [:]
    var answers: [String: JSON] = [:]
    for (_, item) in document["paths"]?.object ?? [:] {
      for (_, operation) in item.object ?? [:] {
        guard let id = operation["operationId"]?.string else { continue }
        answers[id] = operation[pointer: OperationContents.answerPointer]
      }
    }
    self.answers = answers
    schemas = components["schemas"]?.object ?? [:]
    parameters = components["parameters"]?.object ?? [:]
  }

  /// A parameter's definition with its reference followed.
  func parameter(_ definition: JSON) throws(CatalogueError) -> JSON {
    guard let reference = definition["$ref"]?.string else { return definition }
    let prefix = "#/components/parameters/"
    guard reference.hasPrefix(prefix), let found = parameters[String(reference.dropFirst(prefix.count))] else {
      throw CatalogueError("\(reference) leads nowhere")
    }
    return found
  }

  /// The schema that a definition describes, references followed; what stands beside a reference overrides it.
  func schema(_ definition: JSON, depth: Int = 0) throws(CatalogueError) -> Schema {
    guard depth < 40 else { throw CatalogueError("a schema contains itself") }
    guard case .object(var object) = definition else { throw CatalogueError("a schema that is no object") }
    guard let reference = object["$ref"] else { return try build(nil, object, depth: depth) }
    let prefix = "#/components/schemas/"
    guard let path = reference.string, path.hasPrefix(prefix) else {
      throw CatalogueError("a reference must begin with \(prefix)")
    }
    let name = String(path.dropFirst(prefix.count))
    if object.count == 1 { return try shared(name, depth: depth) }
    guard case .object(let base)? = schemas[name] else { throw CatalogueError("\(path) leads nowhere") }
    object.removeValue(forKey: "$ref")
    var merged = base
    for (key, value) in object { merged[key] = value }
    if merged["$ref"] != nil { return try schema(.object(merged), depth: depth + 1) }
    return try build(name, merged, depth: depth)
  }

  private func shared(_ name: String, depth: Int) throws(CatalogueError) -> Schema {
    if let known = built.withLock({ $0[name] }) { return known }
    guard case .object(let object)? = schemas[name] else {
      throw CatalogueError("#/components/schemas/\(name) leads nowhere")
    }
    let schema =
      object["$ref"] == nil
      ? try build(name, object, depth: depth) : try schema(.object(object), depth: depth + 1)
    return built.withLock { known in
      if let first = known[name] { return first }
      known[name] = schema
      return schema
    }
  }

  private func build(_ name: String?, _ object: JSONObject, depth: Int) throws(CatalogueError) -> Schema {
    var children = SchemaChildren()
    let required = Set((object["required"]?.array ?? []).compactMap(\.string))
    for (key, value) in object["properties"]?.object ?? [:] {
      let child = try schema(value, depth: depth + 1)
      children.properties.append(Schema.Property(name: key, schema: child, isRequired: required.contains(key)))
    }
    if let items = object["items"] { children.items = try schema(items, depth: depth + 1) }
    if let content = object["contentSchema"] { children.content = try schema(content, depth: depth + 1) }
    return try Schema(name: name, object: object, children: children)
  }
}

import JSON

/// Makes one OpenAPI 3.1 document of the frame and the groups.
struct CatalogueMerger {
  let sources: CatalogueFolder.Sources
  /// Whether only some groups were given, so that entries of the menu may be missing.
  let isPartial: Bool

  func merge() throws -> JSON {
    var operations: [String: (path: String, section: String, method: String, definition: JSON)] = [:]
    var places: Set<String> = []
    var schemas = sources.frame[pointer: "/components/schemas"]?.object ?? [:]
    for (file, document) in sources.groups {
      for (key, _) in document.object ?? [:] where !["paths", "webhooks", "components"].contains(key) {
        throw SourceError(description: "\(file): \(key) does not belong here")
      }
      for (name, schema) in document[pointer: "/components/schemas"]?.object ?? [:] {
        guard schemas[name] == nil else { throw SourceError(description: "\(file): schema \(name) exists already") }
        schemas[name] = schema
      }
      for section in ["paths", "webhooks"] {
        for (path, item) in document[section]?.object ?? [:] {
          for (method, definition) in item.object ?? [:] {
            guard let id = definition["operationId"]?.string else {
              throw SourceError(description: "\(file): \(method) \(path) has no operationId")
            }
            guard sources.order.contains(id) else {
              throw SourceError(description: "\(file): \(id) is not in menu.yaml")
            }
            guard operations[id] == nil else { throw SourceError(description: "\(file): \(id) exists already") }
            guard places.insert("\(method) \(path)").inserted else {
              throw SourceError(description: "\(file): \(method) \(path) exists already")
            }
            operations[id] = (path, section, method, try expanded(definition, id: id, section: section))
          }
        }
      }
    }
    let missing = sources.order.filter { operations[$0] == nil }
    guard missing.isEmpty || isPartial else {
      throw SourceError(description: "no file describes \(missing.joined(separator: ", "))")
    }
    var paths = JSONObject()
    var webhooks = JSONObject()
    for id in sources.order {
      guard let operation = operations[id] else { continue }
      if operation.section == "paths" {
        var item = paths[operation.path] ?? [:]
        item[operation.method] = operation.definition
        paths[operation.path] = item
      } else {
        webhooks[operation.path] = [operation.method: operation.definition]
      }
    }
    var components = sources.frame["components"]?.object ?? [:]
    components["schemas"] = .object(JSONObject(schemas.sorted { $0.key < $1.key }))
    var document = sources.frame.object ?? [:]
    document["x-ebb-order"] = .array(sources.order.filter { operations[$0] != nil }.map { .string($0) })
    document["paths"] = .object(paths)
    document["webhooks"] = .object(webhooks)
    document["components"] = .object(components)
    return .object(document)
  }

  private func expanded(_ definition: JSON, id: String, section: String) throws -> JSON {
    guard case .object(var operation) = definition else { throw SourceError(description: "\(id) is no object") }
    if let body = operation.removeValue(forKey: "x-ebb-body") {
      guard operation["requestBody"] == nil else {
        throw SourceError(description: "\(id): x-ebb-body and requestBody exclude each other")
      }
      operation["requestBody"] = ["required": true, "content": ["application/json": ["schema": body]]]
    }
    if section == "webhooks" { return .object(webhook(operation)) }
    var parameters = operation["parameters"]?.array ?? []
    let isWarehouse = operation["x-ebb-market"]?.string == "Warehouse"
    let system =
      isWarehouse
      ? ["WarehouseTimestamp", "WarehouseSign"] : ["AccessKey", "NonceStr", "Timestamp", "UserId", "Signature"]
    parameters += system.map { ["$ref": .string("#/components/parameters/\($0)")] }
    if isWarehouse { operation["x-ebb-signing"] = "query" }
    operation["parameters"] = .array(parameters)
    let answer = operation.removeValue(forKey: "x-ebb-answer") ?? [:]
    let example = operation.removeValue(forKey: "x-ebb-answer-example")
    operation["responses"] = ["200": response(answer, example)]
    return .object(operation)
  }

  /// An event's body is what it sends; `x-ebb-answer` describes its `messageBody`.
  private func webhook(_ source: JSONObject) -> JSONObject {
    var operation = source
    let answer = operation.removeValue(forKey: "x-ebb-answer") ?? [:]
    let example = operation.removeValue(forKey: "x-ebb-answer-example")
    var content: JSON = [
      "schema": ["allOf": [["$ref": "#/components/schemas/Message"], ["properties": ["messageBody": answer]]]]
    ]
    if let example { content["example"] = ["messageBody": example] }
    operation["requestBody"] = ["required": true, "content": ["application/json": content]]
    operation["responses"] = ["200": ["description": "Stored."]]
    return operation
  }

  private func response(_ answer: JSON, _ example: JSON?) -> JSON {
    let schema: JSON = ["allOf": [["$ref": "#/components/schemas/Envelope"], ["properties": ["data": answer]]]]
    var content: JSON = ["schema": schema]
    if let example { content["example"] = ["code": 200, "msg": "成功", "data": example] }
    return [
      "description": "The answer; `code` says whether it is a success.", "content": ["application/json": content],
    ]
  }
}

import JSON

/// Finds the operations of a merged OpenAPI document, in the order it states.
struct OperationReader {
  let document: JSON

  func operations() throws(CatalogueError) -> [Operation] {
    guard document["openapi"]?.string?.hasPrefix("3.1") == true else {
      throw CatalogueError("it is no OpenAPI 3.1 document")
    }
    let source = SchemaSource(document: document)
    var found: [Operation] = []
    for section in ["paths", "webhooks"] {
      for (path, item) in document[section]?.object ?? [:] {
        for method in ["get", "post", "put", "delete", "patch"] {
          guard let definition = item[method] else { continue }
          found.append(
            try Operation(reading: definition, method: method.uppercased(), path: path, components: source))
        }
      }
    }
    return try ordered(found)
  }

  private func ordered(_ operations: [Operation]) throws(CatalogueError) -> [Operation] {
    let order = (document["x-ebb-order"]?.array ?? []).compactMap(\.string)
    let ranks = Dictionary(order.enumerated().map { ($1, $0) }) { first, _ in first }
    for operation in operations where ranks[operation.id] == nil && !order.isEmpty {
      throw CatalogueError("it is missing in x-ebb-order", at: operation.id)
    }
    return operations.sorted { (ranks[$0.id] ?? 0, $0.id) < (ranks[$1.id] ?? 0, $1.id) }
  }
}

extension JSON {
  /// A number of any kind as a floating-point number.
  var asDouble: Double? {
    switch self {
    case .integer(let value): Double(value)
    case .number(let value): value
    case .bigInteger(let digits): Double(digits)
    default: nil
    }
  }

  /// An integer that fits `Int`.
  var asInt: Int? { integer.flatMap { Int(exactly: $0) } }

  /// All values the pointer names, where a token `*` stands for every element of an array.
  ///
  /// - Returns: the values with their own pointers, in order; empty where nothing is there. An element that lacks what
  ///   the pointer names gives null, so that it cannot be overlooked.
  func all(at pattern: JSONPointer) -> [(pointer: JSONPointer, value: JSON)] {
    var found = [(pointer: JSONPointer(), value: self)]
    var isInElements = false
    for token in pattern.tokens {
      let missing = isInElements
      found = found.flatMap { place -> [(pointer: JSONPointer, value: JSON)] in
        let next = place.pointer.appending(token)
        if token == "*" {
          if let elements = place.value.array {
            return elements.enumerated().map { (place.pointer.appending($0), $1) }
          }
          return missing ? [(next, .null)] : []
        }
        if let value = place.value[pointer: JSONPointer(tokens: [token])] { return [(next, value)] }
        return missing ? [(next, .null)] : []
      }
      isInElements = isInElements || token == "*"
    }
    return found
  }
}

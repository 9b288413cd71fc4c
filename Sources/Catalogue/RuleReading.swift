import JSON

extension ClaimRule {
  init(reading definition: JSON) throws(CatalogueError) {
    guard let kind = definition["kind"]?.string, !kind.isEmpty else { throw CatalogueError("a claim needs a kind") }
    self.kind = kind
    each = try definition["each"].map(RuleReader.pointer)
    guard each != nil || definition["id"] != nil else { throw CatalogueError("a claim needs id or each", at: kind) }
    id = try definition["id"].map(RuleReader.pointer) ?? JSONPointer()
    isOptional = definition["optional"]?.bool ?? false
  }
}

extension BeforeRule {
  init(reading definition: JSON) throws(CatalogueError) {
    read = definition["operation"] == nil ? nil : try ReadRule(reading: definition)
    fields = try RuleReader.list(definition["fields"]).map(RuleReader.pointer)
    amount = try RuleReader.list(definition["amount"]).map { entry throws(CatalogueError) in
      if let argument = entry["argument"] { return .argument(try RuleReader.pointer(argument)) }
      return .before(try RuleReader.pointer(entry))
    }
    let word = definition["direction"]?.string
    direction = word.flatMap(Direction.init(rawValue:))
    guard (word == nil) == (direction == nil), amount.isEmpty == (direction == nil) else {
      throw CatalogueError("an amount needs a direction out, in or forgone, and a direction an amount")
    }
    if read == nil, amount.contains(where: { if case .before = $0 { true } else { false } }) {
      throw CatalogueError("an amount of the answer needs an operation")
    }
  }
}

extension OutcomeRule {
  init(reading definition: JSON) throws(CatalogueError) {
    guard let answer = definition["answer"]?.string.flatMap(AnswerWorth.init(rawValue:)) else {
      throw CatalogueError("an outcome's answer is confirms, accepts or hints")
    }
    guard let again = definition["repeat"]?.string.flatMap(Repeat.init(rawValue:)) else {
      throw CatalogueError("an outcome's repeat is safe or once")
    }
    self.answer = answer
    self.repeat = again
    success = try RuleReader.conditions(definition["success"])
    read = try definition["read"].map(ReadRule.init(reading:))
    find = try definition["find"].map(FindRule.init(reading:))
    fallbackRead = try definition["fallback"].map(ReadRule.init(reading:))
    fallbackFind = try definition["fallback"]?["find"].map(FindRule.init(reading:))
    let isFinding = find != nil || fallbackFind != nil
    done = try RuleReader.verdict(definition["done"], whenMissing: isFinding ? .found : .never)
    notDone = try RuleReader.verdict(definition["not_done"], whenMissing: isFinding ? .absent : .never)
    settleAfter = try RuleReader.duration(definition["settle_after"])
    guard read != nil || fallbackRead != nil || (done == .never && notDone == .never) else {
      throw CatalogueError("done and not_done need a read")
    }
  }
}

extension ReadRule {
  init(reading definition: JSON) throws(CatalogueError) {
    guard let operation = definition["operation"]?.string else { throw CatalogueError("a read needs an operation") }
    self.operation = operation
    each = try definition["each"].map(RuleReader.pointer)
    var arguments: [String: Source] = [:]
    for (name, value) in definition["arguments"]?.object ?? [:] { arguments[name] = try RuleReader.argument(value) }
    self.arguments = arguments
  }
}

extension FindRule {
  init(reading definition: JSON) throws(CatalogueError) {
    let places = try RuleReader.list(definition["in"]).map(RuleReader.pointer)
    rows = places.isEmpty ? [JSONPointer()] : places
    newer = try definition["newer"].map(RuleReader.pointer)
    var conditions: [Condition] = []
    for (pointer, value) in definition["where"]?.object ?? [:] {
      conditions.append(
        Condition(pointer: try RuleReader.pointer(.string(pointer)), values: [try RuleReader.argument(value)]))
    }
    guard !conditions.isEmpty else { throw CatalogueError("find needs where") }
    self.conditions = conditions
  }
}

extension PlanRule {
  init(reading definition: JSON) throws(CatalogueError) {
    answer = try RuleReader.template(definition["answer"] ?? .null)
    set = try RuleReader.assignments(definition["set"])
    rows = try RuleReader.list(definition["rows"]).map { entry throws(CatalogueError) in
      guard let operation = entry["operation"]?.string else { throw CatalogueError("plan.rows need an operation") }
      return RowOverlay(
        operation: operation, each: try entry["each"].map(RuleReader.pointer), find: try FindRule(reading: entry),
        set: try RuleReader.assignments(entry["set"]))
    }
  }
}

extension KeyRule {
  init(reading definition: JSON) throws(CatalogueError) {
    guard let field = definition["field"] else { throw CatalogueError("a key needs a field") }
    self.field = try RuleReader.pointer(field)
    read = try definition["read"].map(ReadRule.init(reading:))
    find = try (definition["find"] ?? definition["read"]?["find"]).map(FindRule.init(reading:))
  }
}

/// Reads the small pieces that rules are made of.
enum RuleReader {
  static func pointer(_ value: JSON) throws(CatalogueError) -> JSONPointer {
    guard let text = value.string, let pointer = JSONPointer(text) else {
      throw CatalogueError("\(value) is no JSON pointer")
    }
    return pointer
  }

  static func list(_ value: JSON?) -> [JSON] {
    switch value {
    case nil: []
    case .array(let elements)?: elements
    case let single?: [single]
    }
  }

  /// A value where text that begins with `/` points into the arguments.
  static func argument(_ value: JSON) throws(CatalogueError) -> Source {
    if let text = value.string, text.hasPrefix("/") { return .argument(try pointer(value)) }
    return try template(value)
  }

  /// A value in which only the objects `{$argument:}`, `{$answer:}`, `{$before:}` and `{$plan:}` are expressions.
  static func template(_ value: JSON) throws(CatalogueError) -> Source {
    switch value {
    case .array(let elements):
      let sources = try elements.map { element throws(CatalogueError) in try template(element) }
      return sources.allSatisfy(\.isLiteral) ? .literal(value) : .array(sources)
    case .object(let members):
      if members.count == 1, let member = members.first, member.key.hasPrefix("$") {
        switch member.key {
        case "$argument": return .argument(try pointer(member.value))
        case "$answer": return .answer(try pointer(member.value))
        case "$before": return .before(try pointer(member.value))
        case "$plan": return .plan(member.value.scalarText ?? "")
        case "$since": return .since(try duration(member.value))
        case "$value": return .literal(member.value)
        default: throw CatalogueError("unknown expression \(member.key)")
        }
      }
      var sources: [String: Source] = [:]
      for (key, member) in members { sources[key] = try template(member) }
      return sources.values.allSatisfy(\.isLiteral) ? .literal(value) : .object(sources)
    default:
      return .literal(value)
    }
  }

  static func conditions(_ value: JSON?) throws(CatalogueError) -> [Condition] {
    var conditions: [Condition] = []
    for (key, values) in value?.object ?? [:] {
      conditions.append(
        Condition(
          pointer: try pointer(.string(key)),
          values: try list(values).map { entry throws(CatalogueError) in try template(entry) }))
    }
    return conditions
  }

  static func assignments(_ value: JSON?) throws(CatalogueError) -> [Assignment] {
    var assignments: [Assignment] = []
    for (key, entry) in value?.object ?? [:] {
      assignments.append(Assignment(pointer: try pointer(.string(key)), value: try template(entry)))
    }
    return assignments
  }

  static func verdict(_ value: JSON?, whenMissing: Verdict) throws(CatalogueError) -> Verdict {
    switch value {
    case nil: return whenMissing
    case .string("found")?: return .found
    case .string("absent")?: return .absent
    case .string("otherwise")?: return .otherwise
    case .string("never")?: return .never
    case .object?:
      let conditions = try conditions(value)
      guard !conditions.isEmpty else { throw CatalogueError("done and not_done need at least one pointer") }
      return .holds(conditions)
    case let other?: throw CatalogueError("\(other) is no verdict")
    }
  }

  static func duration(_ value: JSON?) throws(CatalogueError) -> Duration {
    guard let value else { return .seconds(10) }
    let units: [(String, Int64)] = [("ms", 1), ("s", 1_000), ("m", 60_000), ("h", 3_600_000), ("d", 86_400_000)]
    if let text = value.string {
      for (unit, factor) in units where text.hasSuffix(unit) {
        if let count = Int64(text.dropLast(unit.count)), count >= 0 { return .milliseconds(count * factor) }
      }
    }
    throw CatalogueError("\(value) is no duration such as 10s")
  }
}

extension Source {
  var isLiteral: Bool { if case .literal = self { true } else { false } }
}

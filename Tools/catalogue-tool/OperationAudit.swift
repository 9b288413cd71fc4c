import Catalogue
import JSON

/// Checks one operation's examples and rules.
struct OperationAudit {
  let operation: Operation
  let catalogue: Catalogue
  let isPartial: Bool

  func problems() -> [String] {
    shape() + examples() + rules()
  }

  private func shape() -> [String] {
    var found: [String] = []
    let names = operation.fields.map(\.name)
    for name in Set(names) where names.count(where: { $0 == name }) > 1 {
      found.append("two fields are called \(name)")
    }
    let inPath = operation.path.split(separator: "{").dropFirst().compactMap { $0.split(separator: "}").first }
    let declared = operation.parameters.filter { $0.location == .path }.map(\.name)
    if Set(inPath.map(String.init)) != Set(declared) { found.append("the path's parameters are not those declared") }
    if operation.effect == .write {
      if operation.writeKind == nil { found.append("a write needs x-ebb-write") }
      if operation.outcome == nil { found.append("a write needs x-ebb-outcome") }
      if operation.definition["x-ebb-claims"] == nil { found.append("a write needs x-ebb-claims") }
      if operation.plan == nil { found.append("a write needs x-ebb-plan") }
      if operation.writeKind == .keyed, operation.key == nil { found.append("a keyed write needs x-ebb-key") }
    } else {
      for rule in ["write", "claims", "before", "outcome", "plan", "key"]
      where operation.definition["x-ebb-\(rule)"] != nil {
        found.append("x-ebb-\(rule) belongs to writes")
      }
    }
    return found
  }

  private func examples() -> [String] {
    guard operation.effect != .event else { return [] }
    guard let example = operation.exampleArguments else { return ["x-ebb-example is missing"] }
    do {
      _ = try operation.arguments(from: example)
    } catch {
      return ["x-ebb-example: \(error)"]
    }
    return []
  }

  private func rules() -> [String] {
    var found = about()
    for claim in operation.claims {
      let place = claim.each.map { each in JSONPointer(tokens: each.tokens + ["*"] + claim.id.tokens) } ?? claim.id
      found += argument(place, "claim \(claim.kind)")
    }
    if let before = operation.before {
      if let read = before.read { found += check(read, "before") }
      for field in before.fields { found += answer(field, of: before.read, "before.fields") }
      for amount in before.amount {
        switch amount {
        case .argument(let pointer): found += argument(pointer, "before.amount")
        case .before(let pointer): found += answer(pointer, of: before.read, "before.amount")
        }
      }
    }
    if let outcome = operation.outcome { found += check(outcome) }
    if let key = operation.key {
      found += argument(key.field, "key.field")
      if let read = key.read { found += check(read, "key.read") }
      if let find = key.find { found += check(find, in: key.read, "key.find") }
    }
    if let plan = operation.plan { found += check(plan) }
    if let page = operation.page {
      found += argument(page.number, "page.number")
      if let size = page.size { found += argument(size, "page.size") }
      for pointer in [page.rows, page.total, page.records].compactMap({ $0 }) {
        found += known(pointer, in: operation.answer, "page")
      }
      if let id = page.id {
        found += known(JSONPointer(tokens: page.rows.tokens + ["*"] + id.tokens), in: operation.answer, "page.id")
      }
    }
    return found
  }

  /// An event says in its body what it is about.
  private func about() -> [String] {
    do {
      guard let about = try operation.about() else {
        return operation.effect == .event ? ["an event needs x-ebb-about"] : []
      }
      guard operation.effect == .event else { return ["x-ebb-about belongs to events"] }
      return (about.id + [about.says].compactMap(\.self)).flatMap { known($0, in: operation.answer, "about") }
    } catch {
      return ["\(error)"]
    }
  }

  private func check(_ outcome: OutcomeRule) -> [String] {
    var found: [String] = []
    for condition in outcome.success { found += known(condition.pointer, in: operation.answer, "outcome.success") }
    if let read = outcome.read { found += check(read, "outcome.read") }
    if let read = outcome.fallbackRead { found += check(read, "outcome.fallback") }
    if let find = outcome.find { found += check(find, in: outcome.read, "outcome.find") }
    if let find = outcome.fallbackFind { found += check(find, in: outcome.fallbackRead, "outcome.fallback.find") }
    for verdict in [outcome.done, outcome.notDone] {
      guard case .holds(let conditions) = verdict else { continue }
      for condition in conditions {
        for prefix in outcome.find?.prefixes ?? [[]] {
          let pointer = JSONPointer(tokens: prefix + condition.pointer.tokens)
          found += answer(pointer, of: outcome.read, "outcome.done")
        }
        for value in condition.values { found += check(value, "outcome.done") }
      }
    }
    return found
  }

  private func check(_ plan: PlanRule) -> [String] {
    var found = check(plan.answer, "plan.answer")
    for assignment in plan.set {
      found += answer(assignment.pointer, of: operation.outcome?.read, "plan.set")
      found += check(assignment.value, "plan.set")
    }
    for row in plan.rows {
      let read = ReadTarget(operation: row.operation)
      if let each = row.each { found += argument(each, "plan.rows.each") }
      for prefix in row.find.prefixes {
        for pointer in row.find.conditions.map(\.pointer) + row.set.map(\.pointer) {
          found += answer(JSONPointer(tokens: prefix + pointer.tokens), of: read, "plan.rows")
        }
      }
      for source in row.find.conditions.flatMap(\.values) + row.set.map(\.value) { found += check(source, "plan.rows") }
    }
    return found
  }

  private func check(_ find: FindRule, in read: ReadRule?, _ place: String) -> [String] {
    var found: [String] = []
    for prefix in find.prefixes {
      for pointer in find.conditions.map(\.pointer) + [find.newer].compactMap({ $0 }) {
        found += answer(JSONPointer(tokens: prefix + pointer.tokens), of: read, place)
      }
    }
    for source in find.conditions.flatMap(\.values) { found += check(source, place) }
    return found
  }

  private func check(_ read: ReadRule, _ place: String) -> [String] {
    guard let target = catalogue[read.operation] else {
      return isPartial ? [] : ["\(place): there is no \(read.operation)"]
    }
    var found: [String] = []
    if target.effect != .read { found.append("\(place): \(read.operation) is no read") }
    let names = target.fields.map(\.name)
    for name in read.arguments.keys where !names.contains(name) {
      found.append("\(place): \(read.operation) has no argument \(name)")
    }
    for field in target.fields where field.isRequired && read.arguments[field.name] == nil {
      found.append("\(place): \(read.operation) needs \(field.name)")
    }
    if let each = read.each { found += argument(each, "\(place).each") }
    for source in read.arguments.values { found += check(source, place) }
    return found
  }

  private func check(_ source: Source, _ place: String) -> [String] {
    switch source {
    case .literal, .plan, .since: []
    case .argument(let pointer): argument(pointer, place)
    case .answer(let pointer): known(pointer, in: operation.answer, place)
    case .before(let pointer): answer(pointer, of: operation.before?.read, place)
    case .array(let elements): elements.flatMap { check($0, place) }
    case .object(let members): members.values.flatMap { check($0, place) }
    }
  }

  private func argument(_ pointer: JSONPointer, _ place: String) -> [String] {
    operation.argumentSchema(at: pointer) == nil ? ["\(place): there is no argument \(pointer)"] : []
  }

  private func answer(_ pointer: JSONPointer, of read: ReadRule?, _ place: String) -> [String] {
    guard let read else { return ["\(place): \(pointer) needs a read"] }
    return answer(pointer, of: ReadTarget(operation: read.operation), place)
  }

  private func answer(_ pointer: JSONPointer, of read: ReadTarget, _ place: String) -> [String] {
    guard let target = catalogue[read.operation] else {
      return isPartial ? [] : ["\(place): there is no \(read.operation)"]
    }
    return known(pointer, in: target.answer, "\(place) in \(read.operation)")
  }

  private func known(_ pointer: JSONPointer, in schema: Schema, _ place: String) -> [String] {
    schema.schema(at: pointer) == nil ? ["\(place): the answer has no \(pointer)"] : []
  }

  private struct ReadTarget {
    let operation: String
  }
}

extension FindRule {
  /// What stands before a pointer into a row, to make it one into the answer.
  var prefixes: [[String]] {
    rows.map { $0.tokens.last == "*" ? $0.tokens : $0.tokens + ["*"] }
  }
}

import Catalogue
import JSON

/// How a write is recognised, judged and read back, in sentences.
struct EffectSection {
  let operation: Operation

  func lines() -> [String] {
    var facts: [String] = []
    if let kind = operation.writeKind { facts.append("Kind of write: \(kind.rawValue).") }
    facts.append(claims())
    if let key = operation.key { facts.append("Key: `\(key.field)`, filled in by Ebb when absent.") }
    if let before = operation.before { facts += self.before(before) }
    if let outcome = operation.outcome { facts += self.outcome(outcome) }
    return facts.map { "- \($0)" } + [""]
  }

  private func claims() -> String {
    if operation.claims.isEmpty { return "Touches nothing that has an id; the same write is not made twice at once." }
    let list = operation.claims.map { claim in
      let place = claim.each.map { JSONPointer(tokens: $0.tokens + ["*"] + claim.id.tokens) } ?? claim.id
      return "\(claim.kind) `\(place)`"
    }
    return "Touches: " + list.joined(separator: ", ") + "."
  }

  private func before(_ rule: BeforeRule) -> [String] {
    var facts: [String] = []
    if let read = rule.read {
      let fields = rule.fields.map(Markdown.code).joined(separator: ", ")
      facts.append(
        "Read before it: \(link(read))" + (fields.isEmpty ? "." : "; a change of \(fields) counts as drift."))
    }
    if let direction = rule.direction {
      let places = rule.amount.map { source in
        switch source {
        case .argument(let pointer): "argument `\(pointer)`"
        case .before(let pointer): "`\(pointer)` of that read"
        }
      }
      facts.append("Amount (\(direction)): " + places.joined(separator: " + ") + ".")
    }
    return facts
  }

  private func outcome(_ rule: OutcomeRule) -> [String] {
    var facts: [String] = []
    let success = rule.success.isEmpty ? "code 200" : sentence(rule.success)
    switch rule.answer {
    case .confirms: facts.append("The answer confirms it: \(success).")
    case .accepts: facts.append("The answer only says that it was accepted: \(success).")
    case .hints: facts.append("The answer is a hint only (\(success)); the read-back decides.")
    }
    guard rule.read != nil || rule.fallbackRead != nil else {
      facts.append("Cannot be read back: a write in doubt waits for a person.")
      return facts + [again(rule)]
    }
    var reading = rule.read.map { "Read back with \(link($0))" + found(rule.find) } ?? "Read back"
    if let other = rule.fallbackRead { reading += ", or \(link(other))" + found(rule.fallbackFind) }
    facts.append(reading + ".")
    facts.append(
      "Done: \(verdict(rule.done)). Not done: \(verdict(rule.notDone)), believed after \(rule.settleAfter.components.seconds) s."
    )
    return facts + [again(rule)]
  }

  private func again(_ rule: OutcomeRule) -> String {
    rule.repeat == .safe ? "Safe to repeat." : "Never repeated while its outcome is unknown."
  }

  private func link(_ read: ReadRule) -> String {
    let each = read.each.map { ", once per element of `\($0)`" } ?? ""
    return "[`\(read.operation)`](#\(read.operation.lowercased().filter { $0 != "." }))\(each)"
  }

  private func found(_ find: FindRule?) -> String {
    guard let find else { return "" }
    let newer = find.newer.map { ", `\($0)` not before the intent" } ?? ""
    return
      ", the row of \(find.rows.map { $0.tokens.isEmpty ? "`data`" : "`\($0)`" }.joined(separator: " or ")) where \(sentence(find.conditions))\(newer)"
  }

  private func verdict(_ verdict: Verdict) -> String {
    switch verdict {
    case .holds(let conditions): sentence(conditions)
    case .found: "exactly one row is found"
    case .absent: "no row is found"
    case .otherwise: "anything else that can be read"
    case .never: "never said"
    }
  }

  private func sentence(_ conditions: [Condition]) -> String {
    conditions.map { condition in
      let place = condition.pointer.tokens.isEmpty ? "`data`" : "`\(condition.pointer)`"
      return "\(place) is " + condition.values.map(value).joined(separator: " or ")
    }.joined(separator: " and ")
  }

  private func value(_ source: Source) -> String {
    switch source {
    case .literal(let value): "`\(value.scalarText ?? value.text())`"
    case .argument(let pointer): "argument `\(pointer)`"
    case .answer(let pointer): "`\(pointer)` of the answer"
    case .before(let pointer): "`\(pointer)` of the read before"
    case .plan, .since, .array, .object: "a value of the rule"
    }
  }
}

import Catalogue
import JSON
import Playbooks

/// What a write touches and how its outcome is known, in sentences.
struct RuleText {
  /// One sentence a line.
  let lines: [String]

  init(_ operation: Operation) {
    var lines: [String] = []
    if let kind = operation.writeKind { lines.append("kind: \(kind.phrase)") }
    if !operation.claims.isEmpty {
      lines.append("touches: " + operation.claims.map(Self.text).joined(separator: ", "))
    }
    if let before = operation.before {
      if let read = before.read { lines.append("read before: \(Self.text(read))") }
      if !before.amount.isEmpty {
        let direction = before.direction.map { " (\($0.phrase))" } ?? ""
        lines.append("amount: " + before.amount.map(Self.text).joined(separator: " + ") + direction)
      }
    }
    if let outcome = operation.outcome { lines += Self.text(outcome) }
    if let key = operation.key { lines.append("found again by: \(key.field), filled in by Ebb when absent") }
    self.lines = lines
  }

  private static func text(_ outcome: OutcomeRule) -> [String] {
    var lines: [String] = []
    let success = outcome.success.map(text).joined(separator: " and ")
    switch outcome.answer {
    case .confirms: lines.append("its answer confirms" + (success.isEmpty ? " (code 200)" : " where \(success)"))
    case .accepts: lines.append("its answer only accepts; what became of it is read back")
    case .hints: lines.append("its answer is a hint only; what counts is read back")
    }
    if let read = outcome.read ?? outcome.fallbackRead {
      lines.append("read back by: \(text(read))")
      if let done = text(outcome.done) { lines.append("done: \(done)") }
      if let notDone = text(outcome.notDone) {
        lines.append("not done: \(notDone), believed \(DurationText.text(outcome.settleAfter)) after a failure")
      }
    } else {
      lines.append("it cannot be read back: where its answer is lost, a person has to look")
    }
    lines.append(outcome.repeat == .safe ? "sending it twice equals once" : "sending it twice does it twice")
    return lines
  }

  private static func text(_ claim: ClaimRule) -> String {
    "\(claim.kind) by \(claim.each.map { "every \($0)\(claim.id)" } ?? "\(claim.id)")"
  }

  private static func text(_ read: ReadRule) -> String {
    let arguments = read.arguments.sorted { $0.key < $1.key }.map { "\($0.key) = \(text($0.value))" }
    return "\(read.operation){ \(arguments.joined(separator: ", ")) }"
  }

  private static func text(_ amount: AmountSource) -> String {
    switch amount {
    case .before(let pointer): "\(pointer) of what was read before"
    case .argument(let pointer): "its argument \(pointer)"
    }
  }

  private static func text(_ condition: Condition) -> String {
    let values = condition.values.map(text)
    return "\(condition.pointer) is \(values.joined(separator: " or "))"
  }

  private static func text(_ verdict: Verdict) -> String? {
    switch verdict {
    case .holds(let conditions): conditions.map(text).joined(separator: " and ")
    case .found: "exactly one row matches"
    case .absent: "no row matches"
    case .otherwise: "anything else that can be read"
    case .never: nil
    }
  }

  private static func text(_ source: Source) -> String {
    switch source {
    case .literal(let value): value.text()
    case .argument(let pointer): "its argument \(pointer)"
    case .answer(let pointer): "\(pointer) of its answer"
    case .before(let pointer): "\(pointer) of what was read before"
    case .plan(let name): "plan:\(name)"
    case .since(let duration): "\(DurationText.text(duration)) before the write"
    case .array(let elements): "[\(elements.map(text).joined(separator: ", "))]"
    case .object(let members):
      "{ \(members.sorted { $0.key < $1.key }.map { "\($0.key) = \(text($0.value))" }.joined(separator: ", ")) }"
    }
  }
}

extension WriteKind {
  fileprivate var phrase: String {
    switch self {
    case .keyed: "keyed: it carries a number by which it can be found again"
    case .onePerParent: "one per parent: at most one can exist"
    case .setsState: "sets a state that can be read"
    case .appends: "appends: every execution adds something"
    case .noLastingEffect: "no lasting effect"
    }
  }
}

extension Direction {
  fileprivate var phrase: String {
    switch self {
    case .out: "leaves the account"
    case .in: "comes back"
    case .forgone: "would have come back, and no longer will"
    }
  }
}

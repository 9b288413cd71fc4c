import JSON
import Journal
import Playbooks

extension RunRecord {
  /// A run as lists show it to machines: `{run, playbook, profile, status, waiting_for?, wake?, trigger, by, version,
  /// started, ended?, error?}`.
  var document: JSONObject {
    var document: JSONObject = [
      "run": .string(id.text), "playbook": .string(playbook), "profile": .string(profile),
      "status": .string(status.name),
    ]
    if case .waiting(let wait) = status { document["waiting_for"] = .string(wait.rawValue) }
    document["wake"] = wake.map { .string(InstantText.text($0)) }
    document["trigger"] = .string(trigger.rawValue)
    document["by"] = .string(by)
    document["version"] = .string(version)
    document["started"] = .string(InstantText.text(started))
    document["ended"] = ended.map { .string(InstantText.text($0)) }
    document["error"] = failure
    return document
  }

  /// What a person must know of its status besides its name; empty where there is nothing.
  func remark(_ time: LocalTime) -> String {
    switch status {
    case .waiting(.time): wake.map { "sleeps until \(time.text($0))" } ?? "sleeps"
    case .waiting(.api): "the API asks to wait" + (wake.map { " until \(time.text($0))" } ?? "")
    case .waiting(.approval): "a person has to approve"
    case .waiting(.settlement): "a write is in doubt" + (wake.map { ", looked at again at \(time.text($0))" } ?? "")
    case .waiting(.budget): "its limits are reached; a person decides"
    case .waiting(.credentials): "the profile's credentials were refused"
    case .failed, .diverged, .cancelled, .paused: failure?["message"]?.string ?? ""
    case .queued, .running, .succeeded: ""
    }
  }
}

extension RunID {
  /// The part that tells runs of a day apart: `9f86d081`. Commands take it for the whole.
  var short: String {
    let parts = text.split(separator: "-")
    guard parts.count == 3, parts[0] == "run", let last = parts.last, last.utf8.count >= 8 else { return text }
    return String(last)
  }
}

extension Step {
  /// A step of a timeline: `{step, operation, began, delivered, duration_ms, attempts, outcome, error?, line?}`.
  var document: JSONObject {
    var document: JSONObject = [
      "step": .string(path.description), "operation": .string(name), "began": .string(InstantText.text(began)),
      "delivered": .string(InstantText.text(instant)), "duration_ms": .integer(max(0, instant - began)),
      "attempts": .integer(Int64(attempts)),
    ]
    document["outcome"] = raised == nil ? "returned" : "raised"
    document["error"] = raised
    document["line"] = line.map(JSON.string)
    return document
  }

  /// The error that the call raised, as its fields; nil where it returned.
  var raised: JSON? {
    guard case .raised(let fields) = result else { return nil }
    return (try? JSON(parsing: fields)) ?? .null
  }

  /// The values that the call returned; none where it raised.
  var returned: [JSON] {
    guard case .returned(let values) = result else { return [] }
    return values.map { (try? JSON(parsing: $0)) ?? .null }
  }

  /// How it ended, in a few words: `ok`, `not_found: there is no order 5`, `waits: held`.
  var outcome: String {
    if let raised {
      return [raised["code"]?.string, raised["message"]?.string].compactMap(\.self).joined(separator: ": ")
    }
    let values = returned
    if values.count == 2, values[0].isNull, let code = values[1].string { return code }
    return "ok"
  }
}

extension Decision {
  /// A decision as `--json` has it: `{subject, decision, reason, detail, amount, step}`.
  var document: JSONObject {
    [
      "subject": .string(subject), "decision": .string(kind.rawValue), "reason": .string(reason),
      "detail": detail.map(JSON.string) ?? .null,
      "amount": amount.map { Money(minorUnits: $0.minorUnits, currency: $0.currency).json } ?? .null,
      "step": .string(step.description),
    ]
  }
}

extension Charge {
  /// The money, without its direction.
  var money: Money { Money(minorUnits: minorUnits, currency: currency) }
}

extension RunHistory {
  /// The decisions that hold: what became of a write that waited takes the place of the earlier one.
  var decisions: [Decision] {
    var order: [Decision] = []
    for note in notes {
      switch note.content {
      case .decision(let decision): order.append(decision)
      case .outcome(let decision):
        if let earlier = order.firstIndex(where: { $0.step == decision.step && $0.subject == decision.subject }) {
          order[earlier] = decision
        } else {
          order.append(decision)
        }
      case .log, .report, .dispatch: break
      }
    }
    return order
  }
}

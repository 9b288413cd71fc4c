public import JSON
import Journal
import Lua

extension RunReport {
  /// The report as `ebb run --json` prints it (playbooks.md, "What `--json` says").
  public var json: JSON {
    var document: JSONObject = [
      "run": .string(run.text), "playbook": .string(playbook), "profile": .string(profile),
      "status": .string(status.name),
    ]
    if case .waiting(let wait) = status { document["waiting_for"] = .string(wait.rawValue) }
    document["wake"] = wake.map { .string(InstantText.text($0)) }
    document["result"] = result ?? tally.json
    document["tally"] = tally.json
    document["decisions"] = .array(decisions.map(Self.json))
    document["steps"] = .integer(Int64(steps))
    document["reads"] = .object(
      JSONObject(reads.sorted { $0.key < $1.key }.map { (key: $0.key, value: .integer(Int64($0.value))) }))
    document["writes"] = .array(
      writes.map { write in
        [
          "operation": .string(write.operation), "resource": .string(write.resource),
          "outcome": .string(write.outcome), "step": .string(write.path.description),
        ]
      })
    if !notices.isEmpty { document["notices"] = .array(notices.map(\.json)) }
    if !reports.isEmpty { document["reports"] = .array(reports) }
    if let failure { document["error"] = divergence?.json ?? failure.json }
    document["started"] = .string(InstantText.text(started))
    document["ended"] = .string(InstantText.text(ended))
    return .object(document)
  }

  private static func json(_ decision: Decision) -> JSON {
    [
      "subject": .string(decision.subject), "decision": .string(decision.kind.rawValue),
      "reason": .string(decision.reason), "detail": decision.detail.map(JSON.string) ?? .null,
      "amount": decision.amount.map { Money(minorUnits: $0.minorUnits, currency: $0.currency).json } ?? .null,
      "step": .string(decision.step.description),
    ]
  }
}

extension RunFailure {
  /// The failure as `--json` and the run's record have it.
  public var json: JSON {
    var error: JSONObject = ["message": .string(message)]
    error["code"] = isLimit ? "limit" : code.map { .string($0.rawValue) }
    error["file"] = position.map { .string($0.file) }
    error["line"] = position.map { .integer(Int64($0.line)) }
    error["hint"] = hint.map(JSON.string)
    if !trace.isEmpty { error["trace"] = .array(trace.map(JSON.string)) }
    return .object(error)
  }
}

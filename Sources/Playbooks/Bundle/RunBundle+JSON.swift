public import JSON
import Journal

extension RunBundle {
  /// The document (docs/bundles.md).
  public var json: JSON {
    [
      "format": .string(Self.format), "format_version": .integer(Self.formatVersion), "ebb": .string(ebb),
      "exported": .string(InstantText.text(exported)), "redaction": redaction,
      "run": Self.json(history.record),
      "version": [
        "id": .string(version.id), "catalogue": .string(version.catalogue),
        "files": .array(
          version.files.map {
            [
              "name": .string($0.name), "path": .string($0.path),
              "text": .string(String(decoding: $0.bytes, as: UTF8.self)),
            ]
          }),
      ],
      "steps": .array(history.steps.map(Self.json)), "notes": .array(history.notes.map(Self.json)),
      "effects": .array(history.effects.map(Self.json)), "approvals": .array(history.approvals.map(Self.json)),
    ]
  }

  private static func json(_ run: RunRecord) -> JSON {
    var fields: JSONObject = [
      "id": .string(run.id.text), "playbook": .string(run.playbook), "version": .string(run.version),
      "profile": .string(run.profile), "trigger": .string(run.trigger.rawValue), "by": .string(run.by),
      "parameters": run.parameters, "event": run.event, "tags": run.tags, "zone": .string(run.zone),
      "started": instant(run.started), "status": .string(run.status.name),
    ]
    if case .waiting(let wait) = run.status { fields["waiting_for"] = .string(wait.rawValue) }
    fields["wake"] = run.wake.map(instant)
    fields["result"] = run.result
    fields["failure"] = run.failure
    fields["ended"] = run.ended.map(instant)
    return .object(fields)
  }

  private static func json(_ step: Step) -> JSON {
    var fields: JSONObject = [
      "path": .string(step.path.description), "name": .string(step.name), "arguments": value(step.arguments),
      "digest": .string(step.digest), "sequence": .integer(Int64(step.sequence)), "began": instant(step.began),
      "instant": instant(step.instant), "attempts": .integer(Int64(step.attempts)),
    ]
    fields["line"] = step.line.map(JSON.string)
    switch step.result {
    case .returned(let values): fields["returned"] = .array(values.map(value))
    case .raised(let error): fields["raised"] = value(error)
    }
    return .object(fields)
  }

  private static func json(_ note: Note) -> JSON {
    var fields: JSONObject = [
      "after": .string(note.after.description), "ordinal": .integer(Int64(note.ordinal)),
    ]
    switch note.content {
    case .decision(let decision): fields["decision"] = json(decision)
    case .outcome(let decision): fields["outcome"] = json(decision)
    case .log(let line):
      fields["log"] = ["level": .string(line.level), "message": .string(line.message), "fields": line.fields]
    case .report(let report): fields["report"] = report
    case .dispatch(let dispatch):
      fields["dispatch"] = [
        "digest": .string(dispatch.digest), "copies": .integer(Int64(dispatch.copies)),
        "attempts": .integer(Int64(dispatch.attempts)),
      ]
    }
    return .object(fields)
  }

  private static func json(_ decision: Decision) -> JSON {
    var fields: JSONObject = [
      "subject": .string(decision.subject), "kind": .string(decision.kind.rawValue),
      "reason": .string(decision.reason), "step": .string(decision.step.description),
    ]
    fields["detail"] = decision.detail.map(JSON.string)
    fields["amount"] = decision.amount.map(json)
    return .object(fields)
  }

  private static func json(_ charge: Charge) -> JSON {
    [
      "fen": .integer(charge.minorUnits), "currency": .string(charge.currency),
      "direction": .string(charge.direction.rawValue),
    ]
  }

  private static func json(_ effect: EffectRecord) -> JSON {
    var fields: JSONObject = [
      "path": .string(effect.path.description), "operation": .string(effect.operation),
      "arguments": effect.arguments, "digest": .string(effect.digest), "claims": .array(effect.claims.map(json)),
      "subjects": .array(effect.subjects.map(JSON.string)), "state": .string(effect.state.rawValue),
      "attempt": .integer(Int64(effect.attempt)), "intended": instant(effect.intended),
      "changed": instant(effect.changed),
    ]
    fields["charge"] = effect.charge.map(json)
    fields["detail"] = effect.detail.map(JSON.string)
    fields["answer"] = effect.answer
    return .object(fields)
  }

  private static func json(_ claim: ClaimKey) -> JSON {
    ["profile": .string(claim.profile), "kind": .string(claim.kind), "id": .string(claim.id)]
  }

  private static func json(_ approval: Approval) -> JSON {
    var fields: JSONObject = [
      "id": .string(approval.id), "path": .string(approval.path.description), "title": .string(approval.title),
      "items": approval.items, "digest": .string(approval.digest), "claims": .array(approval.claims.map(json)),
      "asked": instant(approval.asked), "expires": instant(approval.expires),
      "state": .string(approval.state.rawValue),
    ]
    fields["by"] = approval.by.map(JSON.string)
    fields["why"] = approval.why.map(JSON.string)
    fields["decided"] = approval.decided.map(instant)
    return .object(fields)
  }

  private static func instant(_ instant: Milliseconds) -> JSON { .string(InstantText.text(instant)) }

  private static func value(_ bytes: [UInt8]) -> JSON { (try? JSON(parsing: bytes)) ?? .null }
}

public import Catalogue
import JSON
import Journal

extension RunBundle {
  /// The bundle with what is about people replaced by pseudonyms, and what `redact` hides hidden, everywhere but in the
  /// script's own texts; digests are computed anew.
  ///
  /// A script that looks into such a value (the province of an address, say) may go another way in a replay: whoever
  /// exports replays once and says so.
  ///
  /// - Parameters:
  ///   - catalogue: says which fields are about people; steps of operations that it does not know keep theirs.
  ///   - redact: hides the profile's secrets in a text.
  public func redacted(
    by catalogue: Catalogue, pseudonyms: Pseudonyms = Pseudonyms(), redact: @escaping (String) -> String
  ) -> (bundle: RunBundle, replaced: Int) {
    var redaction = BundleRedaction(catalogue: catalogue, pseudonyms: pseudonyms, redact: redact)
    for step in history.steps { redaction.learn(step) }
    for effect in history.effects { redaction.learn(effect) }
    for (_, parameter) in history.record.parameters.object ?? [:] { redaction.learn(sheet: parameter) }
    let redacted = RunHistory(
      record: redaction.redacted(history.record), steps: history.steps.map(redaction.redacted),
      notes: history.notes.map(redaction.redacted), effects: history.effects.map(redaction.redacted),
      approvals: history.approvals.map(redaction.redacted))
    let bundle = RunBundle(version: version, history: redacted, ebb: ebb, exported: exported)
    return (bundle, redaction.pseudonyms.count)
  }
}

/// What is done to each record of a bundle.
private struct BundleRedaction {
  let catalogue: Catalogue
  var pseudonyms: Pseudonyms
  let redact: (String) -> String

  // MARK: Learning what is about people

  mutating func learn(_ step: Step) {
    guard let operation = catalogue[step.name] else { return }
    let arguments = (try? JSON(parsing: step.arguments)) ?? .null
    learn(at: operation.personal(inArguments: arguments), in: arguments)
    guard case .returned(let values) = step.result, let data = values.first.flatMap({ try? JSON(parsing: $0) })
    else { return }
    learn(at: operation.personal(in: data), in: data)
  }

  mutating func learn(_ effect: EffectRecord) {
    guard let operation = catalogue[effect.operation] else { return }
    learn(at: operation.personal(inArguments: effect.arguments), in: effect.arguments)
    if let answer = effect.answer { learn(at: operation.personal(in: answer), in: answer) }
  }

  mutating func learn(sheet parameter: JSON) { learn(at: Sheet.personal(in: parameter), in: parameter) }

  private mutating func learn(at pointers: [JSONPointer], in value: JSON) {
    for pointer in pointers {
      if let found = value[pointer: pointer] { pseudonyms.learn(found) }
    }
  }

  // MARK: Records

  func redacted(_ run: RunRecord) -> RunRecord {
    var copy = RunRecord(
      id: run.id, playbook: run.playbook, version: run.version, profile: run.profile, trigger: run.trigger, by: run.by,
      parameters: value(run.parameters), event: value(run.event), tags: value(run.tags), zone: run.zone,
      started: run.started, status: run.status)
    copy.wake = run.wake
    copy.result = run.result.map(value)
    copy.failure = run.failure.map(value)
    copy.ended = run.ended
    return copy
  }

  func redacted(_ note: Note) -> Note {
    let content: Note.Content =
      switch note.content {
      case .decision(let decision): .decision(redacted(decision))
      case .outcome(let decision): .outcome(redacted(decision))
      case .log(let line): .log(LogLine(level: line.level, message: text(line.message), fields: value(line.fields)))
      case .report(let report): .report(value(report))
      case .dispatch(let dispatch): .dispatch(dispatch)
      }
    return Note(after: note.after, ordinal: note.ordinal, content: content)
  }

  private func redacted(_ decision: Decision) -> Decision {
    Decision(
      subject: text(decision.subject), kind: decision.kind, reason: text(decision.reason),
      detail: decision.detail.map(text), amount: decision.amount, step: decision.step)
  }

  func redacted(_ approval: Approval) -> Approval {
    Approval(
      id: approval.id, run: approval.run, path: approval.path, title: text(approval.title),
      items: value(approval.items), digest: approval.digest, claims: approval.claims, asked: approval.asked,
      expires: approval.expires, state: approval.state, by: approval.by, why: approval.why.map(text),
      decided: approval.decided)
  }

  func redacted(_ step: Step) -> Step {
    let operation = catalogue[step.name]
    let given = (try? JSON(parsing: step.arguments)) ?? .null
    let arguments = replaced(given, at: operation?.personal(inArguments: given) ?? [])
    let result: Step.Result =
      switch step.result {
      case .returned(let values):
        .returned(
          values.enumerated().map { index, bytes in
            guard let value = try? JSON(parsing: bytes) else { return bytes }
            return replaced(value, at: index == 0 ? operation?.personal(in: value) ?? [] : []).bytes()
          })
      case .raised(let bytes):
        .raised((try? JSON(parsing: bytes)).map { replaced($0, at: []).bytes() } ?? bytes)
      }
    return Step(
      path: step.path, name: step.name, arguments: arguments.bytes(.canonical),
      digest: arguments == given ? step.digest : RunScript.digest(step.name, arguments), result: result,
      sequence: step.sequence, began: step.began, instant: step.instant, attempts: step.attempts, line: step.line)
  }

  func redacted(_ effect: EffectRecord) -> EffectRecord {
    let operation = catalogue[effect.operation]
    let arguments = replaced(
      effect.arguments, at: operation?.personal(inArguments: effect.arguments) ?? [])
    var copy = EffectRecord(
      run: effect.run, path: effect.path, operation: effect.operation, arguments: arguments,
      digest: arguments == effect.arguments ? effect.digest : RunScript.digest(effect.operation, arguments),
      claims: effect.claims, subjects: effect.subjects.map(text), charge: effect.charge, instant: effect.intended)
    copy.state = effect.state
    copy.attempt = effect.attempt
    copy.changed = effect.changed
    copy.detail = effect.detail.map(text)
    copy.answer = effect.answer.map { replaced($0, at: operation?.personal(in: $0) ?? []) }
    return copy
  }

  // MARK: Values

  private func text(_ text: String) -> String { redact(pseudonyms.text(text)) }

  private func value(_ value: JSON) -> JSON { pseudonyms.replacing(value).mappingTexts(redact) }

  private func replaced(_ value: JSON, at pointers: [JSONPointer]) -> JSON {
    self.value(pseudonyms.replacing(at: pointers, in: value))
  }
}

internal import JSON

/// The lines that every store leaves for the same deeds, so that a trail reads the same whatever it is stored in.
extension AuditLine {
  /// A shop that is no shop in particular.
  private static let allShops = "all shops"

  private init(_ signature: Signature, _ action: String, _ subject: String, detail: String? = nil) {
    self.init(
      instant: signature.instant, by: signature.by, action: action, subject: subject, detail: detail ?? signature.why)
  }

  static func settled(_ effect: EffectRecord, was state: EffectState, _ signature: Signature) -> AuditLine {
    let change = "\(state.rawValue) → \(effect.state.rawValue)"
    return AuditLine(
      signature, "effect.settle", effect.id, detail: signature.why.map { "\(change): \($0)" } ?? change)
  }

  static func decided(_ approval: Approval, _ signature: Signature) -> AuditLine {
    AuditLine(signature, approval.state == .approved ? "approval.approve" : "approval.reject", approval.id)
  }

  static func requested(_ request: RunRequest, of run: RunID, _ signature: Signature) -> AuditLine {
    AuditLine(signature, "run.\(request.rawValue)", run.text)
  }

  static func woken(_ run: RunID, _ signature: Signature) -> AuditLine {
    AuditLine(signature, "run.wake", run.text)
  }

  static func moved(_ run: RunRecord, to version: String, by lease: Lease, at instant: Milliseconds) -> AuditLine {
    AuditLine(
      instant: instant, by: lease.worker, action: "run.migrate", subject: run.id.text,
      detail: "\(run.version) → \(version)")
  }

  static func held(_ hold: Hold) -> AuditLine {
    AuditLine(instant: hold.since, by: hold.by, action: "hold.set", subject: hold.subject, detail: hold.why)
  }

  static func released(_ subject: String, _ signature: Signature) -> AuditLine {
    AuditLine(signature, "hold.release", subject)
  }

  static func frozen(_ freeze: Freeze) -> AuditLine {
    AuditLine(
      instant: freeze.since, by: freeze.by, action: "freeze.set", subject: freeze.profile ?? allShops,
      detail: freeze.why)
  }

  static func doubted(_ signature: Signature) -> AuditLine {
    AuditLine(signature, "store.restored", "store")
  }

  static func settledStore(_ signature: Signature) -> AuditLine {
    AuditLine(signature, "store.settled", "store")
  }

  static func forgotten(_ subject: String, _ signature: Signature) -> AuditLine {
    AuditLine(signature, "store.forget", subject)
  }

  static func thawed(_ profile: String?, _ signature: Signature) -> AuditLine {
    AuditLine(signature, "freeze.thaw", profile ?? allShops)
  }

  static func enabled(_ enablement: Enablement, _ signature: Signature) -> AuditLine {
    AuditLine(
      signature, enablement.mode == .live ? "playbook.promote" : "playbook.enable",
      "\(enablement.playbook) (\(enablement.profile))")
  }

  static func disabled(_ playbook: String, profile: String, _ signature: Signature) -> AuditLine {
    AuditLine(signature, "playbook.disable", "\(playbook) (\(profile))")
  }

  static func scheduled(_ schedule: ScheduleRecord, _ signature: Signature) -> AuditLine {
    AuditLine(signature, "schedule.set", schedule.key.description, detail: schedule.terms.text(.canonical))
  }

  static func unscheduled(_ schedule: ScheduleKey, _ signature: Signature) -> AuditLine {
    AuditLine(signature, "schedule.remove", schedule.description)
  }

  static func paused(_ schedule: ScheduleKey, _ paused: Bool, _ signature: Signature) -> AuditLine {
    AuditLine(signature, paused ? "schedule.pause" : "schedule.resume", schedule.description)
  }

  static func madeUp(_ schedule: ScheduleKey, _ count: Int, _ signature: Signature) -> AuditLine {
    AuditLine(signature, "schedule.backfill", schedule.description, detail: "\(count) occurrences")
  }

  static func verificationExpected(_ profile: String, until: Milliseconds, _ signature: Signature) -> AuditLine {
    AuditLine(signature, "callbacks.verify", profile, detail: "until \(until)")
  }

  static func remembered(_ key: StateKey, _ signature: Signature) -> AuditLine {
    AuditLine(signature, "state.set", key.subject)
  }

  static func forgot(_ filter: StateFilter, _ count: Int, _ signature: Signature) -> AuditLine {
    AuditLine(
      signature, "state.delete", filter.subject,
      detail: ["\(count) entries", signature.why].compactMap(\.self).joined(separator: ": "))
  }

  static func redelivered(_ event: String, _ signature: Signature) -> AuditLine {
    AuditLine(signature, "event.redeliver", event)
  }
}

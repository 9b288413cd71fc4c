import Catalogue
import struct Foundation.TimeZone
import JSON
import Journal

/// What the guards of one run say about its writes.
struct WritePolicy {
  /// What the guards say about one write whose amount is known, if it ever will be.
  enum Verdict {
    /// It may be announced within those budgets, by that approval where it needs one.
    case admitted([Budget], approval: String?)
    /// A person must be asked first.
    case ask(ApprovalRequest, because: String)
    /// A person is asked already.
    case asked(Approval)
    /// A person said yes to something else: that approval is withdrawn, and the question asked anew.
    case askAnew(ApprovalRequest, retracting: Approval)
    /// Nobody answered in time, as far as is known.
    case lapse(Approval)
    /// A person said no, or nobody answered in time.
    case turnedDown(Approval)
    /// It must wait for its hours.
    case postponed(until: Milliseconds, QuietHours)
    /// Its subject's deadline passes before it may be written.
    case tooLate(QuietHours, until: Milliseconds)
    case refused(ScriptFailure)
  }

  /// Writes of a run for which nothing sets a cap.
  static let defaultWrites = 50
  /// How long a person may take to approve where the guards do not say, in milliseconds.
  static let defaultExpiry: Milliseconds = 72 * 60 * 60 * 1000

  /// The playbook's and the profile's together; the days of the profile's caps are its own.
  let guards: Guards
  /// What all playbooks of the profile may write together in a day.
  let profileDay: ProfileDay
  let run: RunID
  let playbook: String
  let profile: String
  /// The zone of budget days, and of quiet hours that name none.
  let zone: TimeZone
  /// How many writes the run has announced.
  var announced = 0

  /// The caps of a profile's day.
  struct ProfileDay: Hashable, Sendable {
    var writes: Int?
    var amount: Money?
  }

  /// The policy of a run under those guards.
  init(
    guards: Guards, profileDay: ProfileDay = ProfileDay(), run: RunID, playbook: String = "", profile: String = "",
    zone: TimeZone = .gmt
  ) {
    self.guards = guards
    self.profileDay = profileDay
    self.run = run
    self.playbook = playbook
    self.profile = profile
    self.zone = zone
  }

  /// The policy of a run.
  init(_ assignment: RunAssignment) {
    self.init(
      guards: assignment.guards, profileDay: assignment.profileDay, run: assignment.id, playbook: assignment.name,
      profile: assignment.profile, zone: assignment.zone)
  }

  /// The guard that forbids the operation by name, if one does.
  func refusal(of operation: Operation) -> ScriptFailure? {
    guard let allowed = guards.writes, !allowed.contains(operation.id) else { return nil }
    return ScriptFailure(
      .guard, "\(operation.id) is not among the writes that this playbook allows itself", operation: operation.id,
      hint: "add it to guards.writes in the playbook's header or in ebb.yaml, if it should be")
  }

  /// What the guards say about a write, now that its amount is known or known to be unreadable.
  ///
  /// - Parameter approval: the latest question of its step.
  func judge(_ write: ProposedWrite, approval: Approval?, at now: Milliseconds) -> Verdict {
    if let refusal = refusal(ofAmount: write) { return .refused(refusal) }
    var grant: String?
    // What was asked once needs its answer, also where the guards are looser by now: a no stays a no.
    let asked = approval.flatMap { $0.state == .superseded ? nil : $0 }
    if let reason = (write.isApproved ? nil : reasonToAsk(write)) ?? asked.map({ "\($0.id) was asked" }) {
      switch verdict(on: write, because: reason, asked: asked, at: now) {
      case .admitted(_, let approval): grant = approval
      case let verdict: return verdict
      }
    }
    if let quiet = quietHours(at: now) {
      if let deadline = write.subject?.deadline, deadline <= quiet.end {
        return .tooLate(quiet.hours, until: quiet.end)
      }
      return .postponed(until: quiet.end, quiet.hours)
    }
    return .admitted(budgets(for: write, at: now), approval: grant)
  }

  private func refusal(ofAmount write: ProposedWrite) -> ScriptFailure? {
    let (operation, charge) = (write.operation, write.charge)
    let movesMoney = operation.before.map { !$0.amount.isEmpty || $0.direction != nil } ?? false
    let isCapped = runAmount != nil || guards.maxAmount.day != nil || profileDay.amount != nil
    if movesMoney, charge == nil, !write.isForeseen, isCapped || guards.approvalAmount != nil {
      return ScriptFailure(
        .guard, "its amount cannot be read, so that no limit on money can be kept", operation: operation.id)
    }
    if let charge, charge.minorUnits < 0 {
      return ScriptFailure(
        .guard, "its amount is negative, which would make room in the limits for others", operation: operation.id)
    }
    if write.direction == .out, !isCapped {
      return ScriptFailure(
        .guard, "\(operation.id) pays money out, and no max_amount covers it", operation: operation.id,
        hint: #"set guards = { max_amount = { run = "500 CNY" } } in the playbook's header"#)
    }
    return nil
  }

  // MARK: Approvals

  /// Why a person must be asked about a write; nil where nobody has to.
  private func reasonToAsk(_ write: ProposedWrite) -> String? {
    if let threshold = guards.approvalAmount, let charge = write.charge {
      let isBelow = charge.currency == threshold.currency && charge.minorUnits < threshold.minorUnits
      if !isBelow { return "all from \(threshold) on" }
    }
    if let count = guards.approvalCount, announced >= count { return "all after the first \(count) of a run" }
    return nil
  }

  private func verdict(
    on write: ProposedWrite, because reason: String, asked approval: Approval?, at now: Milliseconds
  ) -> Verdict {
    var expires = now + (guards.approvalExpires ?? Self.defaultExpiry)
    if let deadline = write.subject?.deadline, deadline > now { expires = min(expires, deadline) }
    let request = write.question(expires: expires)
    guard let approval else { return .ask(request, because: reason) }
    switch approval.state {
    case .pending where now >= approval.expires: return .lapse(approval)
    case .pending where approval.digest == request.digest: return .asked(approval)
    case .approved where approval.digest == request.digest: return .admitted([], approval: approval.id)
    case .approved: return .askAnew(request, retracting: approval)
    case .rejected, .expired: return .turnedDown(approval)
    case .pending, .superseded: return .ask(request, because: reason)
    }
  }

  // MARK: Quiet hours

  /// The quiet hours that hold at an instant, and when the last of them is over.
  private func quietHours(at now: Milliseconds) -> (hours: QuietHours, end: Milliseconds)? {
    var latest: (hours: QuietHours, end: Milliseconds)?
    var instant = now
    // Where some end others may hold, until none does; a day is never quiet all through but for several that meet.
    for _ in 0..<2 * max(1, guards.quietHours.count) {
      let ends = guards.quietHours.compactMap { hours in hours.end(from: instant, in: zone).map { (hours, $0) } }
      guard let last = ends.max(by: { $0.1 < $1.1 }) else { break }
      latest = (last.0, last.1)
      instant = last.1
    }
    return latest
  }
}

import Catalogue
import Journal

/// What a write comes to that a guard or a person stops.
extension WriteMachine {
  // MARK: Approvals

  /// It waits for an answer until nobody can give one any more.
  func waiting(for approval: Approval) -> Parking {
    Parking(wait: .approval, wake: approval.expires, failure: held("waits for approval \(approval.id)", "waiting"))
  }

  /// A person said no, or nobody answered in time.
  func turnedDown(_ approval: Approval) -> Conclusion {
    var failure = approval.turnedDown
    failure.operation = operation.id
    return Conclusion(
      state: nil, result: .raised(failure.fields), decision: .failed,
      reason: approval.state == .rejected ? Self.rejectedReason : Self.expiredReason, detail: failure.message)
  }

  static let rejectedReason = "a person rejected it"
  static let expiredReason = "nobody approved it in time"

  /// Another step asks about what it touches.
  func awaiting(_ approval: Approval) -> Conclusion {
    kept(
      .held, "it waits for approval \(approval.id) of run \(approval.run)", reason: "a person is asked about it already"
    )
  }

  /// The approval that it was to be announced by is not good for it.
  func unapproved(_ approval: Approval?) -> Conclusion {
    let state = approval.map { "\($0.id) is \($0.state.rawValue)" } ?? "its approval is not known"
    let failure = held("it was not approved: \(state)", "expired")
    return Conclusion(
      state: nil, result: .raised(failure.fields), decision: .failed, reason: Self.expiredReason,
      detail: failure.message)
  }

  // MARK: Hours

  /// It waits until its hours are over.
  func postponed(until end: Milliseconds, _ hours: QuietHours, _ policy: WritePolicy) -> Parking {
    let message = "quiet hours (\(hours)) until \(policy.wall(end))"
    return Parking(
      wait: .time, wake: end, failure: held(message, "waiting"), reason: "waits for the end of quiet hours")
  }

  /// Its hours are over only after its subject's deadline: a person has to decide.
  func tooLate(_ hours: QuietHours, until end: Milliseconds, _ policy: WritePolicy) -> Conclusion {
    let detail = "quiet hours (\(hours)) last until \(policy.wall(end))"
    return Conclusion(
      state: nil, result: .raised(held(detail, nil).fields), decision: .handedOver,
      reason: "its deadline comes before the end of quiet hours", detail: detail)
  }

  /// It was put off, and what the script saw is no longer so.
  func changedMeanwhile() -> Conclusion {
    kept(.held, "it is not as it was when the playbook decided", reason: "it changed while it waited")
  }

  // MARK: Holds

  /// A person holds what it touches.
  func held(_ hold: Hold, _ policy: WritePolicy) -> Conclusion {
    let end = hold.until.map { " until \(policy.wall($0))" } ?? ""
    return kept(.held, "\(hold.by) holds \(hold.subject)\(end): \(hold.why)", reason: "a person holds it")
  }

  /// All writes are stopped.
  func frozen(_ freeze: Freeze) -> Conclusion {
    let reach = freeze.profile.map { "all writes of \($0)" } ?? "all writes"
    return kept(
      .held, "\(freeze.by) stopped \(reach)\(freeze.why.map { ": \($0)" } ?? "")", reason: "all writes are stopped")
  }

  /// - Parameter state: of the question, as the error's `effect` says it.
  private func held(_ message: String, _ state: String?) -> ScriptFailure {
    var failure = ScriptFailure(.held, message, operation: operation.id)
    failure.effect = state
    return failure
  }
}

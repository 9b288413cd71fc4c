import Catalogue
import struct Foundation.Date
import struct Foundation.TimeZone
import Journal

/// The caps that a write must fit under, each with a scope of its own (G9).
///
/// All scopes are charged, also those without a cap: one that is set in the course of a day counts what was written
/// before.
extension WritePolicy {
  /// The budgets of a write that is announced at that instant.
  func budgets(for write: ProposedWrite, at now: Milliseconds) -> [Budget] {
    let day = Self.day(of: now, in: zone)
    var budgets = [
      Budget(scope: runScope, writes: runWrites, amount: cap(runAmount, write)),
      Budget(
        scope: "day:\(day):playbook:\(playbook):\(profile)", writes: guards.maxWrites.day,
        amount: cap(guards.maxAmount.day, write)),
      Budget(
        scope: "day:\(day):profile:\(profile)", writes: profileDay.writes, amount: cap(profileDay.amount, write)),
    ]
    if let subject = write.subject {
      budgets.append(
        Budget(
          scope: "subject:\(playbook):\(profile):\(subject.id)", writes: guards.sameSubject?.times,
          every: guards.sameSubject?.every))
    }
    return budgets
  }

  /// The date that the zone's calendar shows, e.g. `2026-11-23`.
  static func day(of instant: Milliseconds, in zone: TimeZone) -> String {
    let date = Date(timeIntervalSince1970: Double(instant) / 1000)
    return date.formatted(Date.ISO8601FormatStyle(timeZone: zone).year().month().day())
  }

  private var runScope: String { "run:\(run)" }

  /// The most writes of the run: where nothing caps them, so many as a run may make by default.
  private var runWrites: Int? {
    guards.maxWrites.run ?? (guards.maxWrites.day == nil ? Self.defaultWrites : nil)
  }

  var runAmount: Money? { guards.maxAmount.run }

  private func cap(_ cap: Money?, _ write: ProposedWrite) -> Charge? {
    guard let cap, let charge = write.charge else { return nil }
    return Charge(minorUnits: cap.minorUnits, currency: cap.currency, direction: charge.direction)
  }

  /// What a budget that does not suffice comes to.
  enum Breach {
    /// The run stops here, and a person is told.
    case halt(ScriptFailure)
    /// The subject alone is kept.
    case keep(reason: String, detail: String)
  }

  /// What to do where a write does not fit under a budget of ``budgets(for:at:)``.
  func breach(of budget: Budget, used: BudgetUse?, by charge: Charge?, operation: Operation) -> Breach {
    if budget.scope.hasPrefix("subject:") { return .keep(reason: Self.paceReason, detail: pace(budget, used)) }
    let failure = ScriptFailure(
      .guard, message(budget, used, charge), operation: operation.id,
      hint: "once there is room or the cap is raised, `ebb runs resume \(run)` goes on: " + remedy(budget))
    return .halt(failure)
  }

  static let paceReason = "it was acted on often enough"

  private func pace(_ budget: Budget, _ used: BudgetUse?) -> String {
    if let times = budget.writes, let used, used.writes >= times {
      return "same_subject: \(used.writes) of at most \(times) times"
    }
    let every = budget.every.map { "same_subject: not again within \(DurationText.text($0))" } ?? "same_subject"
    return every + (used?.latest.map { ", last on \(wall($0))" } ?? "")
  }

  /// A moment on the zone's wall clock: `2026-11-23 12:00`.
  func wall(_ instant: Milliseconds) -> String {
    let seconds = zone.secondsFromGMT(for: Date(timeIntervalSince1970: Double(instant) / 1000))
    return String(InstantText.text(instant + Milliseconds(seconds) * 1000).prefix(16)).replacing("T", with: " ")
  }

  private func message(_ budget: Budget, _ used: BudgetUse?, _ charge: Charge?) -> String {
    let place = place(of: budget)
    let isFull = used.map { used in budget.writes.map { used.writes >= $0 } ?? false } ?? (budget.amount == nil)
    if isFull, let most = budget.writes {
      let isDefault = budget.scope == runScope && guards.maxWrites.run == nil
      return "\(used?.writes ?? most) of at most \(most) writes of \(place) are made"
        + (isDefault ? " (Ebb's own limit, as nothing sets max_writes)" : " (max_writes)")
    }
    guard let most = budget.amount else { return "the limits of \(place) are reached" }
    let cap = Money(minorUnits: most.minorUnits, currency: most.currency)
    let amount = charge.map { Money(minorUnits: $0.minorUnits, currency: $0.currency) }
    if let amount, amount.currency != cap.currency {
      return "\(amount) is not covered by the max_amount of \(place), which is in \(cap.currency)"
    }
    let known = used.map { "\(Money(minorUnits: $0.amount, currency: cap.currency)) of at most \(cap)" } ?? "\(cap)"
    let direction = Self.word(most.direction)
    return "\(known) of \(place) \(used == nil ? "is the most that may be" : "is") \(direction) (max_amount)"
      + (amount.map { ", and \($0) more does not fit" } ?? "")
  }

  private static func word(_ direction: Charge.Direction) -> String {
    switch direction {
    case .out: "paid out"
    case .in: "claimed"
    case .forgone: "given up"
    }
  }

  private func place(of budget: Budget) -> String {
    if budget.scope == runScope { return "this run" }
    let day = budget.scope.split(separator: ":").dropFirst().first.map(String.init) ?? "this day"
    return budget.scope.contains(":profile:")
      ? "all playbooks of \(profile) on \(day)" : "\(playbook) for \(profile) on \(day)"
  }

  private func remedy(_ budget: Budget) -> String {
    let name = budget.amount == nil ? "max_writes" : "max_writes or max_amount"
    if budget.scope == runScope { return "\(name), under run, in the playbook's header or in ebb.yaml" }
    if budget.scope.contains(":profile:") {
      return "tomorrow (\(zone.identifier)), or \(name), under day, in ebb.yaml at profiles.\(profile).guards"
    }
    return "tomorrow (\(zone.identifier)), or \(name), under day, in the playbook's header or in ebb.yaml"
  }
}

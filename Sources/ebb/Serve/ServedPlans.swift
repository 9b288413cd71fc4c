import Catalogue
import Foundation
import JSON
import Journal
import Playbooks
import Workers

/// Carries on runs that only plan: each makes its plan, asks a person whether it may be applied, and once somebody said yes
/// starts the run that applies it (docs/plans.md).
struct ServedPlans: Sendable {
  let driver: RunDriver
  let store: SQLiteStore
  let log: ServeLog

  /// How long such a run is left alone that somebody else holds, in milliseconds.
  private static let pause: Milliseconds = 5000
  /// How long a plan may take before another process may try, in milliseconds.
  private static let planning: Milliseconds = 600_000

  /// - Returns: how long the run is to be left alone; nil where it was carried on.
  func advance(_ run: RunRecord) async throws -> Milliseconds? {
    let request = LeaseRequest(
      worker: WorkerIdentity.current.description, instant: WallClock().now(), length: Self.planning)
    guard let lease = try await acquire(run.id, request) else { return Self.pause }
    do {
      if try await heeds(lease) { return nil }
      var filter = ApprovalFilter()
      filter.run = run.id
      filter.limit = 1
      if let asked = try await store.approvals(filter).first {
        try await follow(asked, of: run, under: lease)
      } else {
        try await plan(run, under: lease)
      }
    } catch {
      try? await store.release(lease)
      throw error
    }
    return nil
  }

  /// A planner that is known to be dead holds nothing any more.
  private func acquire(_ run: RunID, _ request: LeaseRequest) async throws -> Lease? {
    if let lease = try await store.acquire(run, request, displacing: nil) { return lease }
    guard let holder = try await store.holder(of: run), WorkerIdentity(holder.worker)?.isGone == true else {
      return nil
    }
    return try await store.acquire(run, request, displacing: holder.worker)
  }

  /// Does what people ask of the run: one that waits for an answer can be called off.
  ///
  /// - Returns: whether they asked for something.
  private func heeds(_ lease: Lease) async throws -> Bool {
    let renewal = try await store.renew(lease, at: WallClock().now(), for: Self.planning)
    switch renewal?.request {
    case .cancel?: try await record([.status(.cancelled)], under: lease)
    case .pause?: try await record([.status(.paused)], under: lease)
    case nil: return false
    }
    return true
  }

  // MARK: Planning

  private func plan(_ run: RunRecord, under lease: Lease) async throws {
    guard let version = try await store.version(run.version) else {
      throw JournalError.damaged("the version \(run.version) of the run \(run.id) is not in the store")
    }
    let header = try await HeaderReader(catalogue: driver.catalogue).header(of: version)
    let assignment = try RunAssignment(
      resuming: run, version: version, header: header, guards: try driver.guards(of: run.playbook, for: run.profile),
      profileGuards: try driver.guards(of: run.profile))
    let profile = try driver.configuration.profile(named: run.profile).0
    let result = try await Planner(
      driver: driver, profile: profile, store: store, display: RunDisplay(level: .none)
    ).plan(assignment)
    guard !Task.isCancelled else { return try await store.release(lease) }
    let notes = result.report.decisions.enumerated().map {
      Note(after: StepPath(), ordinal: $0.offset + 1, content: .decision($0.element))
    }
    let plan = result.plan
    guard result.obstacle == nil, !plan.effects.isEmpty else {
      let status: RunStatus = result.obstacle == nil ? .succeeded : .failed
      let document: JSON = ["planned": .integer(Int64(plan.effects.count))]
      let ending = Entry.Body.status(status, result: document, failure: result.report.failure?.json)
      return try await record([ending], notes: notes, under: lease)
    }
    let path = try await keep(plan)
    var document: JSONObject = [
      "planned": .integer(Int64(plan.effects.count)), "digest": .string(plan.digest),
    ]
    document["plan"] = path.map(JSON.string)
    let question = plan.question
    try await record(
      [.ask(question), .status(.waiting(.approval), wake: question.expires, result: .object(document))], notes: notes,
      under: lease)
    log.planned(run, effects: plan.effects.count, path)
  }

  /// Keeps a plan in the store, which is what the question goes by, and as a file where the project can be written to.
  private func keep(_ plan: PlanDocument) async throws -> String? {
    // The store first: a file that the store does not know could not be applied.
    try await store.keep(plan.record)
    let path = URL(filePath: driver.configuration.folder)
      .appending(path: ".ebb/plans/\(plan.digest.prefix(12)).json").path(percentEncoded: false)
    do {
      try StoreOptions.makeFolder(of: path)
      try PlanFile.write(plan, to: path)
      return path
    } catch {
      log.say(.debug, "plan kept in the store alone", ["reason": .string(ServedAdvance.reason(error))])
      return nil
    }
  }

  // MARK: What a person said

  private func follow(_ asked: Approval, of run: RunRecord, under lease: Lease) async throws {
    let now = WallClock().now()
    switch asked.read(at: now).state {
    case .pending:
      try await record([.status(.waiting(.approval), wake: asked.expires)], under: lease)
    case .approved:
      try await apply(asked, of: run, under: lease)
    case .rejected:
      let reason = asked.why.map { ": \($0)" } ?? ""
      try await fail(run, "\(asked.id) was rejected by \(asked.by ?? "someone")\(reason)", under: lease)
    case .expired:
      let lapse: [Entry.Body] = asked.state == .pending ? [.lapse(approval: asked.id)] : []
      try await fail(run, "nobody answered \(asked.id) in time", after: lapse, under: lease)
    case .superseded:
      try await fail(run, "\(asked.id) was taken back", under: lease)
    }
  }

  /// Starts the run that applies the plan, once, whoever else applies it as well.
  private func apply(_ asked: Approval, of run: RunRecord, under lease: Lease) async throws {
    guard let digest = asked.plan, let known = try await store.plan(digest) else {
      throw JournalError.damaged("the plan that \(asked.id) asks about is not in the store")
    }
    let plan = try PlanDocument(parsing: known.document)
    guard try PlanDocument.Shop(driver.configuration.profile(named: run.profile).0) == plan.shop else {
      return try await fail(
        run, "\(asked.id) is about \(plan.shop.name) at \(plan.shop.baseURL), and its profile is another by now",
        under: lease)
    }
    let assignment = try await plan.application(
      guards: try driver.guards(of: run.playbook, for: run.profile),
      profileGuards: try driver.guards(of: run.profile), by: asked.by ?? run.by,
      zone: TimeZone(identifier: run.zone) ?? .gmt, catalogue: driver.catalogue)
    try await store.keep(assignment.version)
    let outcome = try await store.start(
      assignment.record(at: WallClock().now(), as: .queued),
      requiring: [.unapplied(plan: digest, at: WallClock().now())], heldBy: nil)
    if case .refused = outcome, try await store.plan(digest)?.appliedBy == nil {
      return try await fail(run, "\(asked.id) was approved too late: the plan has expired", under: lease)
    }
    var result = run.result?.object ?? [:]
    result["approval"] = .string(asked.id)
    result["applied_by"] = .string(plan.run.text)
    try await record([.status(.succeeded, result: .object(result))], under: lease)
    log.approved(run, asked, by: plan.run)
  }

  private func fail(
    _ run: RunRecord, _ reason: String, after entries: [Entry.Body] = [], under lease: Lease
  ) async throws {
    try await record(
      entries + [.status(.failed, failure: ["code": "held", "message": .string(reason)])], under: lease)
    log.say(.warn, "plan not applied", ["run": .string(run.id.text), "reason": .string(reason)])
  }

  /// Records what became of the run, and gives it back.
  private func record(_ bodies: [Entry.Body], notes: [Note] = [], under lease: Lease) async throws {
    let instant = WallClock().now()
    var entries = bodies.map { Entry($0, instant: instant) }
    if let first = bodies.first { entries[0] = Entry(first, notes: notes, instant: instant) }
    for outcome in try await store.commit(entries + [Entry(.release, instant: instant)], under: lease) {
      switch outcome {
      case .committed, .asked: continue
      default: throw CommandFailure(.failed, "the run \(lease.run) is carried on by somebody else")
      }
    }
  }
}

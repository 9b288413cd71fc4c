import Foundation
import JSON
import Journal
import PandaPon
import Playbooks
import Workers

/// Advances the runs of a service: those that act, and those that only plan.
struct ServedAdvance: RunAdvancing {
  let driver: RunDriver
  let store: SQLiteStore
  let log: ServeLog
  let metrics: ServiceMetrics

  /// How long a run is left alone that somebody else holds, or that could not be taken, in milliseconds.
  private static let pause: Milliseconds = 5000
  /// How long a plan may take before another process may try, in milliseconds.
  private static let planning: Milliseconds = 600_000

  func advance(_ run: RunRecord) async -> Milliseconds? {
    do {
      if run.plansOnly { return try await plan(run) }
      let display = RunDisplay(level: .none)
      let advance = try await driver.resume(run, display)
      switch advance {
      case .advanced(let report):
        metrics.ended(report)
        log.run(report)
        return nil
      case .held, .inTurn: return Self.pause
      case .over, .exists, .refused, .plans: return nil
      }
    } catch {
      guard !Task.isCancelled else { return nil }
      log.failed("run", run.id.text, Self.reason(error))
      return Self.pause
    }
  }

  static func reason(_ error: any Error) -> String {
    switch error {
    case let failure as CommandFailure: failure.message
    case let problem as ParameterProblem: problem.description
    default: "\(error)"
    }
  }

  // MARK: Plans

  /// Plans what the run would write, keeps the plan for a person, and ends the run with it.
  private func plan(_ run: RunRecord) async throws -> Milliseconds? {
    let request = LeaseRequest(
      worker: WorkerIdentity.current.description, instant: WallClock().now(), length: Self.planning)
    guard let lease = try await acquire(run.id, request) else { return Self.pause }
    do {
      try await plan(run, under: lease)
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
    var document: JSONObject = ["planned": .integer(Int64(result.plan.effects.count))]
    if result.obstacle == nil, !result.plan.effects.isEmpty {
      let path = try await keep(result.plan)
      document["plan"] = .string(path)
      document["digest"] = .string(result.plan.digest)
      log.planned(run, effects: result.plan.effects.count, path)
    }
    let status: RunStatus = result.obstacle == nil ? .succeeded : .failed
    let notes = result.report.decisions.enumerated().map {
      Note(after: StepPath(), ordinal: $0.offset + 1, content: .decision($0.element))
    }
    let instant = WallClock().now()
    let entry = Entry(
      .status(status, result: .object(document), failure: result.report.failure?.json), notes: notes, instant: instant)
    _ = try await store.commit([entry, Entry(.release, instant: instant)], under: lease)
  }

  private func keep(_ plan: PlanDocument) async throws -> String {
    let path = URL(filePath: driver.configuration.folder)
      .appending(path: ".ebb/plans/\(plan.digest.prefix(12)).json").path(percentEncoded: false)
    try StoreOptions.makeFolder(of: path)
    // The store first: a file that the store does not know could not be applied.
    try await store.keep(plan.record)
    try PlanFile.write(plan, to: path)
    return path
  }
}

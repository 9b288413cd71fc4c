import Journal
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

  func advance(_ run: RunRecord) async -> Milliseconds? {
    do {
      if run.plansOnly { return try await ServedPlans(driver: driver, store: store, log: log).advance(run) }
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
}

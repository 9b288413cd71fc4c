import Journal
import Playbooks

/// Stays with a run through all waits that end by themselves, and says until when it waits.
struct Attendance {
  let driver: RunDriver
  let display: RunDisplay
  let time: LocalTime
  var clock: any RunClock = SystemClock()

  /// How often the store is asked, while the run waits, whether somebody changed it meanwhile.
  private static let interval: Milliseconds = 1000

  /// Stays until the run ends, waits for a person, or the task is cancelled.
  ///
  /// - Returns: the last of its advances; that of the wait where the task is cancelled in it.
  func stay(with first: Advance, run: RunID) async throws -> Advance {
    var advance = first
    while true {
      switch advance {
      case .advanced(let report):
        guard let wake = Self.comesBack(report.status, report.wake) else {
          guard report.status == .waiting(.approval), try await isAnswered(run) else { return advance }
          break
        }
        display.say("\(report.run) \(Self.word(report.status)) until \(time.text(wake)); Ctrl-C leaves it waiting")
        guard await wait(for: run, until: wake, since: report.status) else { return advance }
      case .held(let lease):
        let worker = WorkerIdentity(lease.worker)?.text ?? lease.worker
        display.say("\(run) is advanced by \(worker); waiting for what becomes of it")
        guard await waitForHolder(of: run) else { return advance }
      case .over, .exists, .refused, .inTurn, .plans: return advance
      }
      guard let record = try await driver.store.run(run) else { throw JournalError.unknownRun(run) }
      advance = try await driver.resume(record, display)
    }
  }

  /// Whether somebody answered while the run went on.
  private func isAnswered(_ run: RunID) async throws -> Bool {
    guard let record = try await driver.store.run(run), record.status == .waiting(.approval) else { return false }
    return record.wake.map { $0 <= clock.now() } ?? false
  }

  /// When a run goes on without anybody; nil where it is over, or a person is missing.
  static func comesBack(_ status: RunStatus, _ wake: Milliseconds?) -> Milliseconds? {
    guard let wake, case .waiting(let wait) = status else { return nil }
    switch wait {
    case .time, .api, .settlement: return wake
    // An instant here is when nobody will be asked any more, or when a budget begins anew: not what the wait is for.
    case .approval, .budget, .credentials: return nil
    }
  }

  private static func word(_ status: RunStatus) -> String {
    switch status {
    case .waiting(.api): "was asked by the API to wait"
    case .waiting(.settlement): "looks again at a write that is not settled; it waits"
    default: "sleeps"
    }
  }

  /// Waits for an instant, or for a change of the run by somebody else; false where the task was cancelled.
  private func wait(for run: RunID, until wake: Milliseconds, since status: RunStatus) async -> Bool {
    while clock.now() < wake {
      do {
        try await clock.sleep(until: min(wake, clock.now() + Self.interval))
      } catch {
        return false
      }
      // A store that cannot be asked for a moment is asked again: the run is not lost by it.
      guard let record = try? await driver.store.run(run) else { continue }
      if record.status != status || record.wake != wake { return true }
    }
    return true
  }

  private func waitForHolder(of run: RunID) async -> Bool {
    while true {
      do { try await clock.sleep(until: clock.now() + Self.interval) } catch { return false }
      guard let holder = try? await driver.store.holder(of: run) else {
        if let record = try? await driver.store.run(run), record.status != .running { return true }
        continue
      }
      if holder.expires <= clock.now() || WorkerIdentity(holder.worker)?.isGone == true { return true }
    }
  }
}

import JSON
import Journal

/// From handing over what is to run until it begins, and how late schedules are, beside APScheduler and DBOS on SQLite in the
/// same run: each in its turn.
struct SchedulersBeside {
  let peers: Peers
  private let rounds = 3
  private let schedules = 20
  private let seconds = 4

  func measure() async throws -> [Measurement] {
    let folder = try ScratchFolder()
    let store = try SQLiteStore(path: folder.file("store.db"))
    try await store.fill(schedules) { _ in ["every": "1s", "overlap": "allow"] }
    let service = try RunService(store)
    let apscheduler = try peers.scheduler.map { try child($0, "apscheduler", folder) }
    let dbos = try peers.dbos.map { try child($0, "dbos", folder) }
    defer {
      apscheduler?.close()
      dbos?.close()
    }
    let seconds = seconds
    // Python's threads take milliseconds to begin, DBOS's queue is looked at once a second: few are enough.
    _ = try await service.serving { try await service.enqueue(50) }
    var sides: [String: [Double]] = [:]
    for _ in 0..<rounds {
      sides["ebb", default: []] += try await service.serving { try await service.enqueue(100) }
      sides["ebb late", default: []] += try await service.serving {
        try await service.lateness(seconds: Double(seconds))
      }
      for (name, child) in [("aps", apscheduler), ("dbos", dbos)] {
        guard let child else { continue }
        sides[name, default: []] += try child.numbers("enqueue \(name == "dbos" ? 5 : 50)")
        if name == "dbos" { sides["dbos start", default: []] += try child.numbers("start 50") }
        sides[name + " late", default: []] += try child.numbers("lateness \(schedules) \(seconds)")
      }
    }
    try store.close()
    let enqueue = median(sides["ebb"] ?? [])
    let late = median(sides["ebb late"] ?? [])
    return [
      Measurement(
        "from enqueue to a script's first line, p50", enqueue, unit: "ms", note: Self.note(sides["ebb"] ?? [])),
      beside("the same of APScheduler's jobs, of that", sides["aps"], enqueue, "no Python with apscheduler"),
      beside("the same of DBOS's queue, of that", sides["dbos"], enqueue, "no Python with dbos"),
      beside("the same of DBOS without a queue, of that", sides["dbos start"], enqueue, "no Python with dbos"),
      Measurement(
        "\(schedules) schedules of each second to first line, p50", late, unit: "ms",
        note: Self.note(sides["ebb late"] ?? [])),
      beside("the same of APScheduler, of that", sides["aps late"], late, "no Python with apscheduler"),
      beside("the same of DBOS, of that", sides["dbos late"], late, "no Python with dbos"),
    ]
  }

  private func child(_ python: String, _ name: String, _ folder: ScratchFolder) throws -> Child {
    let child = try Child(python, [peers.path("schedulers.py"), name, folder.path])
    guard try child.line() == "\"ready\"" else { throw BenchError("\(name) did not begin") }
    return child
  }

  private func beside(_ name: String, _ figures: [Double]?, _ base: Double, _ reason: String) -> Measurement {
    guard let figures else { return Measurement(skipped: name, because: reason) }
    return Measurement(
      name, median(figures) / base, .atLeast(1),
      note: "p50 \(Measurement.text(median(figures))) ms, \(Self.note(figures))")
  }

  private static func note(_ figures: [Double]) -> String {
    "p99 \(Measurement.text(percentile(0.99, of: figures))) ms, of \(figures.count)"
  }
}

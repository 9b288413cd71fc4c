import Foundation
import JSON
import Journal

/// `ebb serve` as a whole, in a process of its own: what it takes while nothing is due, and how late it is while much is.
struct IdleService {
  private let schedules = 100_000

  func measure() async throws -> [Measurement] {
    guard try Peers.ebb() != nil else {
      return [Measurement(skipped: "ebb serve", because: "ebb was not built beside bench")]
    }
    return [try await idle(), try await busy()]
  }

  private func idle() async throws -> Measurement {
    let project = try ServedProject()
    let store = try SQLiteStore(path: project.store)
    // Not before half a month has passed: an anchor is an occurrence itself.
    let anchor = Int64(wallMilliseconds()) + 15 * 86_400_000
    try await store.fill(schedules) { number in
      ["every": "30d", "anchor": .integer(anchor + Int64(number))]
    }
    try store.close()
    let (process, _) = try project.serve()
    defer { process.end() }
    try await Task.sleep(for: .seconds(5))
    let (before, start) = (processSeconds(process.identifier), wallSeconds())
    try await Task.sleep(for: .seconds(20))
    let share = (processSeconds(process.identifier) - before) / (wallSeconds() - start)
    return Measurement(
      "CPU of ebb serve while \(schedules) schedules wait", share * 100, unit: "%", .atMost(1),
      note: "\(Measurement.text(processKilobytes(process.identifier, "VmRSS") / 1000)) MB")
  }

  /// The service keeps the schedules, makes the runs and advances each to its end.
  private func busy() async throws -> Measurement {
    let project = try ServedProject(playbooks: [
      "tick.lua": "playbook { ebb = 1, name = \"tick\", title = \"Tick\" }\nreturn 1"
    ])
    let store = try SQLiteStore(path: project.store)
    try await store.fill(schedules, playbook: "tick") { number in
      ["every": "500s", "anchor": .integer(Int64(number * 5)), "overlap": "allow"]
    }
    try store.close()
    let (process, _) = try project.serve()
    try await Task.sleep(for: .seconds(5))
    let from = Milliseconds(wallMilliseconds())
    try await Task.sleep(for: .seconds(20))
    let until = Milliseconds(wallMilliseconds()) - 1000
    process.end()
    let reader = try SQLiteStore(path: project.store, for: .reading)
    var filter = OccurrenceFilter()
    (filter.since, filter.until, filter.outcomes, filter.limit) = (from, until, [.ran], .max)
    let rows = try await reader.occurrences(filter)
    var wanted = RunFilter()
    (wanted.statuses, wanted.limit) = (["succeeded"], .max)
    let done = Set(try await reader.runs(wanted).map(\.id))
    let late = rows.map { Double($0.accounted - $0.instant) }
    let finished = rows.filter { $0.run.map(done.contains) ?? false }.count
    return Measurement(
      "lateness of ebb serve, 200 due a second that run, p99", percentile(0.99, of: late), unit: "ms",
      note: ScheduleLateness.note(late) + ", \(finished) ran to their end")
  }
}

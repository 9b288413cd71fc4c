import JSON
import Journal
import Synchronization
import Workers

/// How much later than its instant an occurrence is durable in the ledger, with its run: the service's own keeper on SQLite.
struct ScheduleLateness {
  private let schedules = 100_000
  private let seconds = 20.0

  func measure() async throws -> [Measurement] {
    // Every 500 s, each 5 ms after the one before: 200 a second, one at a time.
    let spread = try await lateness(of: schedules, for: seconds) { number in
      ["every": "500s", "anchor": .integer(Int64(number * 5)), "overlap": "allow"]
    }
    let together = try await lateness(of: 200, for: 10) { _ in ["every": "1s", "overlap": "allow"] }
    return [
      Measurement(
        "lateness of \(schedules) schedules, 200 due a second, p99", percentile(0.99, of: spread.late), unit: "ms",
        .atMost(20), note: Self.note(spread.late)),
      Measurement(
        "lateness of 200 schedules due at one instant, p99", percentile(0.99, of: together.late), unit: "ms",
        note: Self.note(together.late)),
      Measurement(
        "until \(schedules) schedules are kept", spread.loading, unit: "s"),
    ]
  }

  static func note(_ late: [Double]) -> String {
    "p50 \(Measurement.text(median(late))), most \(Measurement.text(late.max() ?? .nan)), of \(late.count)"
  }

  private func lateness(
    of count: Int, for seconds: Double, _ terms: (Int) -> JSON
  ) async throws -> (late: [Double], loading: Double) {
    let folder = try ScratchFolder()
    let store = try SQLiteStore(path: folder.file("store.db"))
    try await store.fill(count, terms)
    let late = Mutex<[(instant: Milliseconds, late: Double)]>([])
    let keeper = ScheduleKeeper(
      store, source: try ScheduledRuns(store, script: "return 1"), terms: { try? ScheduleTerms($0.terms, zone: "UTC") },
      observe: { observation in
        guard case .accounted(let rows) = observation else { return }
        let now = wallMilliseconds()
        late.withLock { late in
          for row in rows where row.outcome == .ran { late.append((row.instant, now - Double(row.instant))) }
        }
      })
    let start = wallSeconds()
    await keeper.step()
    let loading = wallSeconds() - start
    // What was due while it began is made up for by then.
    let from = WallClock().now() + 2000
    let keeping = Task { await keeper.run() }
    try await Task.sleep(for: .seconds(seconds + 2))
    keeping.cancel()
    await keeping.value
    try store.close()
    let figures = late.withLock { $0.filter { $0.instant >= from }.map(\.late) }
    guard Double(figures.count) > 150 * seconds else { throw BenchError("only \(figures.count) schedules were due") }
    return (figures, loading)
  }
}

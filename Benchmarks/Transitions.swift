import Foundation
import JSON
import Scheduling
import Workers

/// What becomes of a schedule in New York on the two days of 2026 on which the clock is changed, beside what others make of it.
struct Transitions {
  let peers: Peers
  /// The expression, its day, and the day's beginning and end in UTC.
  private static let days: [(cron: String, name: String, from: Int64, through: Int64)] = [
    ("30 1 * * *", "1 November", 1_793_505_600_000, 1_793_595_599_999),
    ("30 2 * * *", "8 March", 1_772_946_000_000, 1_773_028_799_999),
  ]

  func measure() throws -> [Measurement] {
    var result: [Measurement] = []
    let others = try ["APScheduler", "croniter", "DBOS"].map { ($0, try instants(of: $0)) }
    for day in Self.days {
      let terms = try ScheduleTerms(["cron": .string(day.cron), "zone": "America/New_York"], zone: "UTC")
      let own = terms.timetable.occurrences(after: day.from - 1, through: day.through).map(Self.text)
      result.append(
        Measurement(
          "\(day.cron) in New York on \(day.name)", Double(own.count), unit: own.count == 1 ? "run" : "runs",
          .exactly(1), note: own.joined(separator: ", ")))
      for (name, instants) in others {
        let line = "the same of \(name)"
        guard let found = instants?[day.cron]?.array?.compactMap(\.string) else {
          result.append(Measurement(skipped: line, because: "no Python with \(name.lowercased())"))
          continue
        }
        result.append(
          Measurement(
            line, Double(found.count), unit: found.count == 1 ? "run" : "runs", note: found.joined(separator: ", ")))
      }
    }
    return result
  }

  private func instants(of peer: String) throws -> JSON? {
    // croniter comes with DBOS.
    guard let python = peer == "APScheduler" ? peers.scheduler : peers.dbos else { return nil }
    let child = try Child(python, [peers.path("transitions.py"), peer.lowercased()])
    defer { child.close() }
    return try JSON(parsing: try child.line())
  }

  private static func text(_ instant: Int64) -> String {
    let minutes = instant / 60_000 % 1440
    return String(format: "%02d:%02dZ", Int(minutes / 60), Int(minutes % 60))
  }
}

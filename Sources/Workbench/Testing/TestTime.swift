import Foundation
import JSON
import Journal
import Playbooks

/// Reads the instants that tests name.
enum TestTime {
  /// `"2026-11-01T01:29:00Z"`, milliseconds, or what a clock on a wall shows: `"2026-11-01 01:29"` with its zone, in Shanghai
  /// without one. Where the clock shows that twice, the first is meant.
  static func instant(_ time: JSON?, zone: JSON?) throws(TestProblem) -> Milliseconds {
    if let milliseconds = time?.integer { return milliseconds }
    guard let text = time?.string else { throw TestProblem("at takes a time such as \"2026-11-01 09:30\"") }
    let name = zone?.string ?? "Asia/Shanghai"
    guard let zone = TimeZone(identifier: name) else { throw TestProblem("at: there is no zone \(name)") }
    if text.contains("T"), let milliseconds = InstantText.milliseconds(text) { return milliseconds }
    for pattern in ["yyyy-MM-dd HH:mm:ss", "yyyy-MM-dd HH:mm", "yyyy-MM-dd"] {
      let formatter = DateFormatter()
      formatter.locale = Locale(identifier: "en_US_POSIX")
      formatter.timeZone = zone
      formatter.isLenient = false
      formatter.dateFormat = pattern
      guard let date = formatter.date(from: text) else { continue }
      // Clocks go back by an hour, on Lord Howe by half of one.
      let first = [3600.0, 1800].map { date - $0 }.first { formatter.string(from: $0) == formatter.string(from: date) }
      return Milliseconds(((first ?? date).timeIntervalSince1970 * 1000).rounded())
    }
    throw TestProblem("at: \"\(text)\" is no time that \(name) has, such as \"2026-11-01 09:30\"")
  }
}

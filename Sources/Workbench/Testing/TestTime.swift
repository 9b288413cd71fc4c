import JSON
import Journal
import Playbooks
import Scheduling

/// Reads the instants that tests name.
enum TestTime {
  /// `"2026-11-01T01:29:00Z"`, milliseconds, or what a clock on a wall shows: `"2026-11-01 01:29"` with its zone, in Shanghai
  /// without one. Where the clock shows that twice, the first is meant.
  static func instant(_ time: JSON?, zone: JSON?) throws(TestProblem) -> Milliseconds {
    if let milliseconds = time?.integer { return milliseconds }
    guard let text = time?.string else { throw TestProblem("at takes a time such as \"2026-11-01 09:30\"") }
    if text.contains("T"), let milliseconds = InstantText.milliseconds(text) { return milliseconds }
    let clock = try Self.zone(zone?.string ?? "Asia/Shanghai")
    let day = InstantText.isDate(text) ? text + " 00:00" : text
    if let shown = InstantText.milliseconds(day.replacing(" ", with: "T") + "Z") {
      // What the clock is ahead just before and just after is what it may be ahead then.
      let offsets = [-1, 1].map { clock.offset(at: shown + $0 * 86_400_000) }
      let instants = offsets.map { shown - $0 }.filter { shown - clock.offset(at: $0) == $0 }
      if let first = instants.min() { return first }
    }
    throw TestProblem("at: \"\(text)\" is no time that \(clock.id) has, such as \"2026-11-01 09:30\"")
  }

  private static func zone(_ name: String) throws(TestProblem) -> Zone {
    do throws(ScheduleProblem) {
      return try Zone(name)
    } catch {
      throw TestProblem("at: \(error.description)" + (error.hint.map { "; \($0)" } ?? ""))
    }
  }
}

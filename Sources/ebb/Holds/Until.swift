import Foundation
import Journal
import Playbooks

/// When something ends, as a person says it: `7d`, `2026-12-01`, `2026-12-01 09:30`, `2026-12-01T09:30:00+08:00`.
enum Until {
  /// The instant, by the clock of the project's zone where the text names none.
  ///
  /// - Throws: `CommandFailure` of status `usage` where it is no time, or one that has passed.
  static func instant(_ text: String, now: Milliseconds, in zone: TimeZone) throws(CommandFailure) -> Milliseconds {
    guard let instant = read(text.trimmingCharacters(in: .whitespaces), now: now, in: zone) else {
      throw .usage(
        "--until \(Terminal.clean(text)): that is no time",
        hint: "a duration (7d), a date (2026-12-01), or a time (\"2026-12-01 09:30\")", label: "until")
    }
    guard instant > now else {
      throw .usage("--until \(Terminal.clean(text)): that time has passed", label: "until")
    }
    return instant
  }

  /// The same for a time that may have passed; nil where the text is no time.
  static func read(_ text: String, now: Milliseconds, in zone: TimeZone) -> Milliseconds? {
    if let duration = DurationText.milliseconds(text) { return now + duration }
    if text.contains("T") { return InstantText.milliseconds(text) }
    let isDate = InstantText.isDate(text)
    let time = (isDate ? text + "T00:00:00" : text.replacing(" ", with: "T")) + "Z"
    let seconds = InstantText.milliseconds(time) ?? InstantText.milliseconds(time.dropLast() + ":00Z")
    guard let wall = seconds else { return nil }
    func offset(_ instant: Milliseconds) -> Milliseconds {
      Milliseconds(zone.secondsFromGMT(for: Date(timeIntervalSince1970: Double(instant) / 1000))) * 1000
    }
    // The offset of a guess is right but within hours of a change of the clock, where the second one is.
    return wall - offset(wall - offset(wall))
  }
}

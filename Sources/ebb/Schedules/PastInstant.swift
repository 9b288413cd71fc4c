import Foundation
import Journal
import Playbooks

/// An instant as a person says it, by the project's clock: `2026-12-01`, `2026-12-01 09:30`, `2026-12-01T01:30:00Z`; `7d` is
/// that long ago.
struct PastInstant {
  private let zone: TimeZone

  init(_ zone: TimeZone) { self.zone = zone }

  /// - Throws: `CommandFailure` of status `usage` where it is no time.
  func milliseconds(_ text: String) throws(CommandFailure) -> Milliseconds {
    let text = text.trimmingCharacters(in: .whitespaces)
    let now = SystemClock().now()
    if let ago = DurationText.milliseconds(text) { return now - ago }
    guard let instant = Until.read(text, now: now, in: zone) else {
      throw .usage(
        "\(Terminal.clean(text)) is no time",
        hint: "a date (2026-12-01), a time (\"2026-12-01 09:30\"), or how long ago (7d)", label: "time")
    }
    return instant
  }

  /// What a person means by it: the second where seconds are said, else the minute.
  ///
  /// - Throws: `CommandFailure` of status `usage` where it is no time.
  func span(_ text: String) throws(CommandFailure) -> ClosedRange<Milliseconds> {
    let instant = try milliseconds(text)
    let saysSeconds = text.contains(/[0-9]{2}:[0-9]{2}:[0-9]{2}/)
    return instant...(instant + (saysSeconds ? 999 : 59_999))
  }
}

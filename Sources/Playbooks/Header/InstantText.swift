import Foundation

/// Instants as text: RFC 3339, and the vendor's Beijing time without a zone.
public enum InstantText {
  /// Reads `2026-11-01T09:30:00+08:00`, `2026-11-01T01:30:00Z`, or `2026-11-01 09:30:00` in Beijing time, as
  /// milliseconds since 1970; nil where the text is none of them.
  public static func milliseconds(_ text: String) -> Int64? {
    let normal = text.replacing(" ", with: "T")
    let hasZone = normal.hasSuffix("Z") || normal.dropFirst(10).contains { $0 == "+" || $0 == "-" }
    let seconds = normal.dropFirst(10).count { $0 == ":" }
    let clock = hasZone || seconds >= 2 ? normal : normal + ":00"
    let complete = hasZone ? clock : clock + "+08:00"
    for style in [Date.ISO8601FormatStyle(includingFractionalSeconds: true), Date.ISO8601FormatStyle()] {
      if let date = try? style.parse(complete) { return Int64((date.timeIntervalSince1970 * 1000).rounded()) }
    }
    return nil
  }

  /// Whether text is a date of the calendar such as `2026-11-01`.
  public static func isDate(_ text: String) -> Bool {
    text.utf8.count == 10 && milliseconds(text + "T00:00:00Z") != nil
  }

  /// An instant as RFC 3339 in UTC with milliseconds: `2026-11-01T01:30:00.000Z`.
  public static func text(_ milliseconds: Int64) -> String {
    Date(timeIntervalSince1970: Double(milliseconds) / 1000)
      .formatted(Date.ISO8601FormatStyle(includingFractionalSeconds: true))
  }
}

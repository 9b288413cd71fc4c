/// Instants as text: RFC 3339, the vendor's Beijing time without a zone, and 1688's compact form.
///
/// What is not on the calendar is refused and never carried over into the next day or month.
public enum InstantText {
  /// Reads `2026-11-01T09:30:00+08:00`, `2026-11-01T01:30:00Z`, or `2026-11-01 09:30:00` in Beijing time, as
  /// milliseconds since 1970; nil where the text is none of them. Also `20261101093000000+0800`, as 1688 has it.
  public static func milliseconds(_ text: String) -> Int64? {
    if let compact = text.wholeMatch(of: Self.compact) {
      let (_, year, month, day, hours, minutes, seconds, fraction, zone, rest) = compact.output
      return milliseconds(
        "\(year)-\(month)-\(day)T\(hours):\(minutes):\(seconds).\(fraction)\(zone):\(rest)")
    }
    guard let match = text.wholeMatch(of: Self.pattern),
      let days = days(match.1), let hours = Int64(match.2), let minutes = Int64(match.3)
    else { return nil }
    let seconds = match.4.flatMap { Int64($0) } ?? 0
    guard hours < 24, minutes < 60, seconds < 60, let offset = offset(match.6) else { return nil }
    let fraction = (match.5 ?? "").prefix(3)
    let milliseconds = (Int64(fraction) ?? 0) * [1000, 100, 10, 1][fraction.count]
    return (days * 86_400 + hours * 3600 + minutes * 60 + seconds - offset) * 1000 + milliseconds
  }

  /// Whether text is a date of the calendar such as `2026-11-01`.
  public static func isDate(_ text: String) -> Bool {
    days(text[...]) != nil
  }

  /// An instant as RFC 3339 in UTC with milliseconds: `2026-11-01T01:30:00.000Z`.
  public static func text(_ milliseconds: Int64) -> String {
    let days = floored(milliseconds, 86_400_000)
    let rest = (milliseconds % 86_400_000 + 86_400_000) % 86_400_000
    // Days are counted from 0000-03-01, so that a leap day ends its year (a cycle of 400 years has 146,097 days).
    let shifted = days + 719_468
    let era = floored(shifted, 146_097)
    let day = shifted - era * 146_097
    let year = (day - day / 1460 + day / 36_524 - day / 146_096) / 365
    let dayOfYear = day - (365 * year + year / 4 - year / 100)
    let month = (5 * dayOfYear + 2) / 153
    let civil = (
      year: year + era * 400 + (month < 10 ? 0 : 1), month: month < 10 ? month + 3 : month - 9,
      day: dayOfYear - (153 * month + 2) / 5 + 1
    )
    return "\(padded(civil.year, 4))-\(padded(civil.month))-\(padded(civil.day))T\(padded(rest / 3_600_000)):"
      + "\(padded(rest / 60_000 % 60)):\(padded(rest / 1000 % 60)).\(padded(rest % 1000, 3))Z"
  }

  private static var compact:
    Regex<
      (Substring, Substring, Substring, Substring, Substring, Substring, Substring, Substring, Substring, Substring)
    >
  {
    /([0-9]{4})([0-9]{2})([0-9]{2})([0-9]{2})([0-9]{2})([0-9]{2})([0-9]{3})([+-][0-9]{2})([0-9]{2})/
  }

  private static var pattern: Regex<(Substring, Substring, Substring, Substring, Substring?, Substring?, Substring?)> {
    /([0-9]{4}-[0-9]{2}-[0-9]{2})[T ]([0-9]{2}):([0-9]{2})(?::([0-9]{2})(?:\.([0-9]{1,9}))?)?(Z|[+-][0-9]{2}:[0-9]{2})?/
  }

  /// Days since 1970-01-01 of a date as `2026-11-01`; nil where the calendar has none such.
  private static func days(_ date: Substring) -> Int64? {
    let parts = date.split(separator: "-", omittingEmptySubsequences: false)
    guard date.utf8.allSatisfy({ $0 == UInt8(ascii: "-") || (0x30...0x39).contains($0) }),
      parts.map(\.utf8.count) == [4, 2, 2], let year = Int64(parts[0]),
      let month = Int64(parts[1]), let day = Int64(parts[2]), year >= 0, (1...12).contains(month), day >= 1
    else { return nil }
    let isLeap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0)
    let lengths: [Int64] = [31, isLeap ? 29 : 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31]
    guard day <= lengths[Int(month) - 1] else { return nil }
    let shifted = month <= 2 ? year - 1 : year
    let era = floored(shifted, 400)
    let yearOfEra = shifted - era * 400
    let dayOfYear = (153 * (month > 2 ? month - 3 : month + 9) + 2) / 5 + day - 1
    return era * 146_097 + yearOfEra * 365 + yearOfEra / 4 - yearOfEra / 100 + dayOfYear - 719_468
  }

  /// Seconds east of UTC; Beijing's where nothing is said.
  private static func offset(_ zone: Substring?) -> Int64? {
    guard let zone else { return 8 * 3600 }
    if zone == "Z" { return 0 }
    guard let hours = Int64(zone.dropFirst().prefix(2)), let minutes = Int64(zone.suffix(2)), hours < 24, minutes < 60
    else { return nil }
    return (zone.first == "-" ? -1 : 1) * (hours * 3600 + minutes * 60)
  }

  private static func floored(_ value: Int64, _ divisor: Int64) -> Int64 {
    let quotient = value / divisor
    return value % divisor < 0 ? quotient - 1 : quotient
  }

  private static func padded(_ value: Int64, _ width: Int = 2) -> String {
    let digits = String(value)
    return String(repeating: "0", count: max(0, width - digits.count)) + digits
  }
}

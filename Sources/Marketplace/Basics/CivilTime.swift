/// A calendar day and wall time at a fixed offset, to print and read the instants of the API (ms since 1970).
struct CivilTime: Hashable, Sendable {
  var year: Int64
  var month: Int64
  var day: Int64
  var hour: Int64
  var minute: Int64
  var second: Int64
  var millisecond: Int64

  /// Beijing's offset, which never changes.
  static let beijing: Int64 = 8 * Span.hour

  /// The first instant of the year 10000, which no text here can name.
  static let end: Int64 = 253_402_300_800_000

  init(_ instant: Int64, offset: Int64 = 0) {
    let local = instant + offset
    let days = local >= 0 ? local / Span.day : (local - Span.day + 1) / Span.day
    let rest = local - days * Span.day
    // Days since 1970 to a Gregorian date, counted in eras of 400 years that begin on 1 March.
    let shifted = days + 719_468
    let era = (shifted >= 0 ? shifted : shifted - 146_096) / 146_097
    let dayOfEra = shifted - era * 146_097
    let yearOfEra = (dayOfEra - dayOfEra / 1460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365
    let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
    let marchMonth = (5 * dayOfYear + 2) / 153
    day = dayOfYear - (153 * marchMonth + 2) / 5 + 1
    month = marchMonth < 10 ? marchMonth + 3 : marchMonth - 9
    year = yearOfEra + era * 400 + (month <= 2 ? 1 : 0)
    hour = rest / Span.hour
    minute = rest / Span.minute % 60
    second = rest / Span.second % 60
    millisecond = rest % Span.second
  }

  /// Reads RFC 3339 with `Z` or a numeric offset, e.g. `2026-11-01T00:00:00Z`; answers ms since 1970.
  static func parse(_ text: String) -> Int64? {
    guard let match = text.wholeMatch(of: pattern) else { return nil }
    let (year, month, day) = (Int64(match.1) ?? 0, Int64(match.2) ?? 0, Int64(match.3) ?? 0)
    let (hour, minute, second) = (Int64(match.4) ?? 0, Int64(match.5) ?? 0, Int64(match.6) ?? 0)
    guard (1...12).contains(month), (1...31).contains(day), hour < 24, minute < 60, second < 60 else { return nil }
    let fraction = match.7.map { ($0.dropFirst() + "000").prefix(3) }.flatMap { Int64($0) } ?? 0
    var offset: Int64 = 0
    if match.8.uppercased() != "Z" {
      guard let hours = Int64(match.8.dropFirst().prefix(2)), let minutes = Int64(match.8.suffix(2)) else { return nil }
      offset = (hours * Span.hour + minutes * Span.minute) * (match.8.hasPrefix("-") ? -1 : 1)
    }
    let clock = hour * Span.hour + minute * Span.minute + second * Span.second + fraction
    let instant = days(year: year, month: month, day: day) * Span.day + clock
    guard CivilTime(instant).day == day else { return nil }
    return instant - offset
  }

  private static var pattern:
    Regex<(Substring, Substring, Substring, Substring, Substring, Substring, Substring, Substring?, Substring)>
  {
    /(\d{4})-(\d\d)-(\d\d)[Tt ](\d\d):(\d\d):(\d\d)(\.\d+)?([Zz]|[+-]\d\d:\d\d)/
  }

  private static func days(year: Int64, month: Int64, day: Int64) -> Int64 {
    let shifted = month <= 2 ? year - 1 : year
    let era = (shifted >= 0 ? shifted : shifted - 399) / 400
    let yearOfEra = shifted - era * 400
    let dayOfYear = (153 * (month > 2 ? month - 3 : month + 9) + 2) / 5 + day - 1
    return era * 146_097 + yearOfEra * 365 + yearOfEra / 4 - yearOfEra / 100 + dayOfYear - 719_468
  }

  private func padded(_ number: Int64, _ width: Int = 2) -> String {
    let digits = String(number)
    return String(repeating: "0", count: max(0, width - digits.count)) + digits
  }

  private var date: String { "\(padded(year, 4))-\(padded(month))-\(padded(day))" }
  private var time: String { "\(padded(hour)):\(padded(minute)):\(padded(second))" }

  /// RFC 3339 in UTC, with milliseconds where there are any.
  static func rfc3339(_ instant: Int64) -> String {
    let civil = CivilTime(instant)
    let fraction = civil.millisecond == 0 ? "" : "." + civil.padded(civil.millisecond, 3)
    return "\(civil.date)T\(civil.time)\(fraction)Z"
  }

  /// `yyyy-MM-dd HH:mm:ss` in Beijing, as in the traces and messages of 1688.
  static func beijingText(_ instant: Int64) -> String {
    let civil = CivilTime(instant, offset: beijing)
    return "\(civil.date) \(civil.time)"
  }

  /// `yyyyMMddHHmmssSSS+0800`, as in the queries of 1688.
  static func beijingCompact(_ instant: Int64) -> String {
    let civil = CivilTime(instant, offset: beijing)
    let day = civil.padded(civil.year, 4) + civil.padded(civil.month) + civil.padded(civil.day)
    let clock = civil.padded(civil.hour) + civil.padded(civil.minute) + civil.padded(civil.second)
    return day + clock + civil.padded(civil.millisecond, 3) + "+0800"
  }

  /// Reads `yyyyMMddHHmmssSSS+0800` (the 1688 form); answers ms since 1970.
  static func parseBeijingCompact(_ text: String) -> Int64? {
    guard text.count == 22, text.hasSuffix("+0800"), let digits = Int64(text.prefix(17)) else { return nil }
    let date = digits / 1_000_000_000
    let time = digits % 1_000_000_000
    let day = days(year: date / 10_000, month: date / 100 % 100, day: date % 100) * Span.day
    let clock = (time / 10_000_000) * Span.hour + (time / 100_000 % 100) * Span.minute + time % 100_000
    return day + clock - beijing
  }
}

/// Instants as HTTP headers write them: `Sun, 06 Nov 1994 08:49:37 GMT` (RFC 9110, section 5.6.7).
enum HTTPDate {
  /// Milliseconds since 1970 UTC, or nil where the text is not such a date.
  static func parse(_ text: String) -> Int64? {
    let fields = text.split(separator: " ")
    guard fields.count == 6, fields[0].last == ",", fields[5] == "GMT" else { return nil }
    let months = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"]
    guard let day = number(fields[1], in: 1...31), let month = months.firstIndex(of: String(fields[2])),
      let year = number(fields[3], in: 1970...9999)
    else { return nil }
    let time = fields[4].split(separator: ":", omittingEmptySubsequences: false)
    guard time.count == 3, let hour = number(time[0], in: 0...23), let minute = number(time[1], in: 0...59),
      let second = number(time[2], in: 0...60)
    else { return nil }
    return ((days(year, month + 1, day) * 24 + hour) * 60 + minute) * 60_000 + second * 1000
  }

  private static func number(_ text: Substring, in range: ClosedRange<Int64>) -> Int64? {
    guard text.utf8.allSatisfy({ 0x30...0x39 ~= $0 }), let value = Int64(text), range ~= value else { return nil }
    return value
  }

  /// Days from 1970-01-01 to a date of the Gregorian calendar; the year is counted from March, so that the leap day is
  /// its last.
  private static func days(_ year: Int64, _ month: Int, _ day: Int64) -> Int64 {
    let shifted = month > 2 ? year : year - 1
    let monthFromMarch = Int64((month + 9) % 12)
    let dayOfYear = (153 * monthFromMarch + 2) / 5 + day - 1
    return 365 * shifted + shifted / 4 - shifted / 100 + shifted / 400 + dayOfYear - 719_468
  }
}

extension WireResponse {
  /// How long the server asks to wait: `Retry-After` in seconds, or as a date against the answer's own `Date`, or else
  /// against the given wall clock in milliseconds.
  func retryAfter(now: Int64) -> Duration? {
    guard let text = header("retry-after") else { return nil }
    if let seconds = Int64(text), 0...86_400 * 7 ~= seconds { return .seconds(seconds) }
    guard let until = HTTPDate.parse(text) else { return nil }
    return .milliseconds(max(0, until - (serverTime ?? now)))
  }

  /// The server's clock when it answered, in milliseconds since 1970 UTC, exact to a second.
  var serverTime: Int64? {
    header("date").flatMap(HTTPDate.parse)
  }
}

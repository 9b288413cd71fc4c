/// What a service's answer says of a message.
public enum Verdict: Hashable, Sendable {
  case delivered
  /// It was not taken, and will not be: what the service says.
  case refused(String)
  /// It was not taken, and may be later: what the service says, and after how many milliseconds it asks to come back,
  /// where it says so.
  case busy(String, retryAfter: Int64?)
  /// The answer does not say whether it was taken.
  case unclear(String)
}

extension ChannelAnswer {
  /// What holds for every service: what the status says by itself; nil where the body has to be read.
  var verdictByStatus: Verdict? {
    switch status {
    case 200..<300: nil
    case 300..<400: .refused("it redirects (HTTP \(status)), and redirects are not followed")
    case 408, 425, 429: .busy("HTTP \(status)", retryAfter: retryAfter)
    // With a time to come back at, the service says that it did not take it.
    case 503 where retryAfter != nil: .busy("HTTP 503", retryAfter: retryAfter)
    case 400..<500: .refused("HTTP \(status)\(quoted.isEmpty ? "" : ": \(quoted)")")
    default: .unclear("HTTP \(status)")
    }
  }

  /// The milliseconds of `Retry-After`; nil where there is none, or it is no number of seconds. At most an hour.
  var retryAfter: Int64? {
    guard let seconds = headers["retry-after"].flatMap({ Int64($0.filter { $0 != " " }) }), seconds >= 0 else {
      return nil
    }
    return min(seconds, 3600) * 1000
  }

  /// The beginning of the body, for people.
  var quoted: String { Self.quoted(String(decoding: body.prefix(2000), as: UTF8.self)) }

  /// What a server said, as it may stand in a message of ours: one line, not long.
  static func quoted(_ text: String) -> String {
    let line = text.split(whereSeparator: \.isWhitespace).joined(separator: " ")
    let clean = String(String.UnicodeScalarView(line.unicodeScalars.filter { $0.value >= 0x20 && $0.value != 0x7F }))
    return clean.count > 200 ? clean.prefix(200) + "…" : clean
  }
}

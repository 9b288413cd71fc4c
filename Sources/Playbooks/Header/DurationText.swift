/// Durations as operators write them: `7d`, `1h30m`, `500ms`.
public enum DurationText {
  private static let units: [(name: String, milliseconds: Int64)] = [
    ("ms", 1), ("w", 604_800_000), ("d", 86_400_000), ("h", 3_600_000), ("m", 60_000), ("s", 1000),
  ]

  /// Reads a duration in milliseconds; nil where the text is none, is empty, or leaves 64 bits.
  public static func milliseconds(_ text: String) -> Int64? {
    var rest = text[...]
    var total: Int64 = 0
    guard !rest.isEmpty else { return nil }
    while !rest.isEmpty {
      let digits = rest.prefix { $0.isASCII && $0.isNumber }
      guard let count = Int64(digits) else { return nil }
      rest = rest.dropFirst(digits.count)
      guard let unit = units.first(where: { rest.hasPrefix($0.name) }) else { return nil }
      rest = rest.dropFirst(unit.name.count)
      let (part, tooLong) = count.multipliedReportingOverflow(by: unit.milliseconds)
      let (sum, tooMuch) = total.addingReportingOverflow(part)
      guard !tooLong, !tooMuch else { return nil }
      total = sum
    }
    return total
  }

  /// A duration as text that can be read again; parts of a millisecond are dropped.
  public static func text(_ duration: Duration) -> String {
    text(Int64(duration / .milliseconds(1)))
  }

  /// A duration as text that can be read again: `7d`, `1h30m`, `0s`.
  public static func text(_ milliseconds: Int64) -> String {
    var rest = milliseconds
    var parts = ""
    for unit in units.sorted(by: { $0.milliseconds > $1.milliseconds }) where unit.name != "w" {
      let count = rest / unit.milliseconds
      if count > 0 { parts += "\(count)\(unit.name)" }
      rest -= count * unit.milliseconds
    }
    return parts.isEmpty ? "0s" : parts
  }
}

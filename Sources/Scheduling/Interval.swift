/// Every so much elapsed time, counted from an anchor in both directions: it knows no clock and no change of one.
public struct Interval: Hashable, Sendable {
  /// The time from one occurrence to the next, in milliseconds; 1 s to 366 days.
  public let length: Int64
  /// An instant that is an occurrence, in milliseconds since 1970.
  public let anchor: Int64

  private static let units: [(name: Character, milliseconds: Int64)] = [
    ("w", 604_800_000), ("d", 86_400_000), ("h", 3_600_000), ("m", 60_000), ("s", 1000),
  ]
  private static let lengths: ClosedRange<Int64> = 1000...366 * 86_400_000

  /// Reads `15m`, `6h`, `1d`, `90s` or `1h30m`.
  ///
  /// - Throws: A ``ScheduleProblem`` where it is no duration, or shorter than a second or longer than 366 days.
  public init(parsing text: String, anchor: Int64) throws(ScheduleProblem) {
    guard let length = Self.milliseconds(text) else {
      throw ScheduleProblem("every \(text.quoted): that is no duration", hint: "e.g. 15m, 6h, 1d, 90s or 1h30m")
    }
    guard Self.lengths.contains(length) else {
      throw ScheduleProblem("every \(text.quoted): that is out of range", hint: "1s to 366d")
    }
    guard Era.instants.contains(anchor) else {
      throw ScheduleProblem("the anchor of every \(text.quoted) lies outside the years 1 to 9999")
    }
    self.length = length
    self.anchor = anchor
  }

  /// The anchor of intervals that name none: the midnight that began 1970 on the zone's clock, so that `6h` runs at
  /// 00:00, 06:00, 12:00 and 18:00 of a clock whose offset has not changed since.
  public static func anchor(in zone: Zone) -> Int64 { -zone.offset(at: 0) }

  /// The first occurrence after an instant.
  func next(after instant: Int64) -> Int64 {
    anchor + ((instant - anchor).flooredQuotient(length) + 1) * length
  }

  /// The length as it is read: `1h30m`.
  public var text: String { Self.text(length) }

  /// A duration in days, hours, minutes and seconds; parts of a second are dropped.
  static func text(_ milliseconds: Int64) -> String {
    var rest = max(0, milliseconds)
    var text = ""
    for unit in units.dropFirst() where rest >= unit.milliseconds {
      text += "\(rest / unit.milliseconds)\(unit.name)"
      rest %= unit.milliseconds
    }
    return text.isEmpty ? "0s" : text
  }

  private static func milliseconds(_ text: String) -> Int64? {
    var rest = text[...]
    var total: Int64 = 0
    while !rest.isEmpty {
      let digits = rest.prefix { $0.isASCII && $0.isNumber }
      guard let count = Int64(digits), let name = rest.dropFirst(digits.count).first,
        let unit = units.first(where: { $0.name == name })
      else { return nil }
      rest = rest.dropFirst(digits.count + 1)
      let (part, isTooLong) = count.multipliedReportingOverflow(by: unit.milliseconds)
      let (sum, isTooMuch) = total.addingReportingOverflow(part)
      guard !isTooLong, !isTooMuch else { return nil }
      total = sum
    }
    return text.isEmpty ? nil : total
  }
}

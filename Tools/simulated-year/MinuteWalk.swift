import Foundation

/// The oracle of the instants: it walks through the minutes of a span and looks at what the clock of a zone shows in each.
///
/// It knows nothing of Ebb's rooms: the offsets are what Foundation says of each hour and, where two of them differ, of each
/// minute; what an expression means is read as plainly as it can be (``PlainCron``).
struct MinuteWalk {
  /// What the clock shows beyond UTC from a minute on, both in minutes.
  private let offsets: [(from: Int64, offset: Int64)]

  /// A walk that may begin and end within those minutes since 1970.
  init(_ zone: String, _ minutes: ClosedRange<Int64>) {
    let zone = TimeZone(identifier: zone) ?? .gmt
    func offset(_ minute: Int64) -> Int64 {
      Int64(zone.secondsFromGMT(for: Date(timeIntervalSince1970: Double(minute) * 60))) / 60
    }
    var offsets = [(from: minutes.lowerBound, offset: offset(minutes.lowerBound))]
    var current = offsets[0].offset
    for hour in stride(from: minutes.lowerBound, to: minutes.upperBound, by: 60) where offset(hour + 60) != current {
      for minute in hour + 1...hour + 60 where offset(minute) != current {
        current = offset(minute)
        offsets.append((minute, current))
      }
    }
    self.offsets = offsets
  }

  /// The instants, in milliseconds, at which an expression is due after one and up to another.
  func instants(of cron: PlainCron, after: Int64, through: Int64) -> [Int64] {
    // Two days earlier: what the clock showed before says which minutes it shows for the second time.
    let (first, last) = (after / 60_000 - 2880, through / 60_000)
    var due: [Int64] = []
    var index = 0
    var next = Int64.min
    guard first <= last else { return [] }
    for minute in first...last {
      while index + 1 < offsets.count, offsets[index + 1].from <= minute { index += 1 }
      let wall = minute + offsets[index].offset
      if cron.isWildcard {
        if cron.fits(wall) { due.append(minute * 60_000) }
        continue
      }
      // Each minute of the clock is taken off once; those that were jumped over, when the clock is beyond them.
      if next == .min { next = wall }
      var isDue = false
      while next <= wall {
        if cron.fits(next) { isDue = true }
        next += 1
      }
      if isDue { due.append(minute * 60_000) }
    }
    return due.filter { $0 > after && $0 <= through }
  }
}

/// The dates of days since 1970, as Foundation's calendar has them.
struct PlainDates {
  struct Day {
    let day: Int
    let month: Int
    /// 0 is Sunday.
    let weekday: Int
    let isLast: Bool
  }

  private let first: Int64
  private let days: [Day]

  init(_ span: ClosedRange<Int64>) {
    var calendar = Calendar(identifier: .gregorian)
    calendar.timeZone = .gmt
    func parts(_ day: Int64) -> DateComponents {
      calendar.dateComponents([.day, .month, .weekday], from: Date(timeIntervalSince1970: Double(day) * 86_400))
    }
    first = span.lowerBound
    days = span.map { day in
      let (date, next) = (parts(day), parts(day + 1))
      return Day(
        day: date.day ?? 0, month: date.month ?? 0, weekday: (date.weekday ?? 1) - 1, isLast: next.month != date.month)
    }
  }

  subscript(_ day: Int64) -> Day { days[Int(day - first)] }
}

/// A cron expression read as plainly as it can be: for each field whether a number fits.
struct PlainCron {
  private let minutes: [Bool]
  private let hours: [Bool]
  /// Whether a day fits, from the first day on.
  private let days: [Bool]
  private let firstDay: Int64
  let isWildcard: Bool

  /// - Parameter span: the days since 1970 that are asked for.
  init(_ text: String, _ dates: PlainDates, _ span: ClosedRange<Int64>) {
    let fields = text.split(separator: " ").map(String.init)
    func fits(_ field: Int, _ number: Int, from first: Int = 0, isLast: Bool = false) -> Bool {
      fields[field].components(separatedBy: ",").contains { member in
        if member == "L" { return isLast }
        let pieces = member.components(separatedBy: "/")
        let step = pieces.count > 1 ? Int(pieces[1]) ?? 1 : 1
        if pieces[0] == "*" { return (number - first) % step == 0 }
        let ends = pieces[0].components(separatedBy: "-").compactMap(Int.init)
        guard let low = ends.first, let high = ends.last else { return false }
        return number >= low && number <= high && (number - low) % step == 0
      }
    }
    minutes = (0..<60).map { fits(0, $0) }
    hours = (0..<24).map { fits(1, $0) }
    isWildcard = fields[0].contains("*") || fields[1].contains("*")
    let needsBoth = fields[2].hasPrefix("*") || fields[4].hasPrefix("*")
    firstDay = span.lowerBound
    days = span.map { day in
      let date = dates[day]
      guard fits(3, date.month, from: 1) else { return false }
      let (byDate, byWeekday) = (fits(2, date.day, from: 1, isLast: date.isLast), fits(4, date.weekday))
      return needsBoth ? byDate && byWeekday : byDate || byWeekday
    }
  }

  /// Whether a minute of a clock fits, in minutes since 1970-01-01 00:00 on it.
  func fits(_ wall: Int64) -> Bool {
    let minute = Int(wall % 1440)
    return minutes[minute % 60] && hours[minute / 60] && days[Int(wall / 1440 - firstDay)]
  }
}

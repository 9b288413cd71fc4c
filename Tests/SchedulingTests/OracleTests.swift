import Foundation
import Testing

@testable import Scheduling

/// Every zone against a walk through the minutes, three days around each change of its clock from 2026 to 2036 and on
/// days without one.
///
/// The oracle knows nothing of the room: it has its own reading of expressions and asks Foundation for each minute's wall
/// clock. `EBB_SOAK=1` tries far more.
@Suite struct OracleTests {
  private static let isSoak = ProcessInfo.processInfo.environment["EBB_SOAK"] == "1"

  @Test func occurrencesAreThoseOfAWalkThroughTheMinutes() throws {
    var random = SeededRandom(seed: 2026)
    var (count, moved) = (0, 0)
    for id in Zone.all {
      let clock = try #require(TimeZone(identifier: id))
      let changes = Self.changes(of: clock)
      let most = Self.isSoak ? Int.max : 2
      var middles = Array(changes.shuffled(using: &random).prefix(most))
      for _ in 0..<(Self.isSoak ? 10 : 1) {
        let day = Int64.random(in: 20_454..<24_471, using: &random)
        middles.append(day * 1440)
      }
      for middle in middles {
        let walk = Walk(clock, from: middle - 2160, to: middle + 2160)
        for _ in 0..<(Self.isSoak ? 4 : 2) {
          let expression = Self.expression(&random, near: walk)
          let expected = walk.occurrences(of: NaiveCron(expression))
          let timetable = try Timetable(cron: expression, id)
          let found = Array(
            timetable.occurrences(after: (walk.first - 1) * 60_000, through: (walk.last) * 60_000))
          #expect(found == expected.map { $0 * 60_000 }, "\(expression) \(id) around \(middle)")
          count += found.count
          if walk.isChanged && !found.isEmpty { moved += 1 }
        }
      }
    }
    // A property that was held against nothing proves nothing.
    #expect(count > 10_000)
    #expect(moved > 200)
  }

  /// The minutes from 2026 to 2036 at which a clock's offset changes, found hour by hour around what differs day by day.
  private static func changes(of zone: TimeZone) -> [Int64] {
    func offset(_ minute: Int64) -> Int { zone.secondsFromGMT(for: Date(timeIntervalSince1970: Double(minute) * 60)) }
    var changes: [Int64] = []
    var last = offset(20_454 * 1440)
    for day in Int64(20_454)..<24_471 where offset((day + 1) * 1440) != last {
      var previous = offset(day * 1440)
      for minute in day * 1440..<(day + 1) * 1440 {
        let next = offset(minute + 1)
        if next != previous { changes.append(minute + 1) }
        previous = next
      }
      last = previous
    }
    return changes
  }

  /// A random expression, the time of day often one that the walk's change leaves out or brings twice.
  private static func expression(_ random: inout SeededRandom, near walk: Walk) -> String {
    func pick(_ choices: [String]) -> String { choices.randomElement(using: &random) ?? "*" }
    func number(_ range: ClosedRange<Int>) -> Int { Int.random(in: range, using: &random) }
    func field(_ range: ClosedRange<Int>) -> String {
      let (low, high) = (number(range), number(range))
      let span = "\(min(low, high))-\(max(low, high))"
      return pick(["\(low)", "\(low)", "\(low),\(high)", span, "\(span)/\(number(1...7))", "*/\(number(1...23))", "*"])
    }
    let hours = walk.hours
    let hour = number(0...2) > 0 ? "\(hours.randomElement(using: &random) ?? 2)" : field(0...23)
    let days = number(0...2) == 0 ? field(1...31) : "*"
    let months = number(0...5) == 0 ? field(1...12) : "*"
    let weekdays = number(0...2) == 0 ? field(0...6) : pick(["*", "?"])
    let text = "\(field(0...59)) \(hour) \(days) \(months) \(weekdays)"
    // The few that never match are refused, as they should be.
    return (try? CronExpression(parsing: text)) == nil ? "\(field(0...59)) \(hour) * * *" : text
  }
}

/// What a zone's clock shows in each minute of a span.
private struct Walk {
  /// The minutes since 1970 at which the span begins and ends.
  let first: Int64
  let last: Int64
  /// Each minute of it, and a day and a half before, with the minute its clock shows.
  private let shown: [(minute: Int64, wall: Int64)]

  init(_ zone: TimeZone, from first: Int64, to last: Int64) {
    self.first = first
    self.last = last
    shown = (first - 2160...last).map { minute in
      (minute, minute + Int64(zone.secondsFromGMT(for: Date(timeIntervalSince1970: Double(minute) * 60))) / 60)
    }
  }

  var isChanged: Bool { Set(shown.map { $0.wall - $0.minute }).count > 1 }

  /// Hours of the clock close to the span's middle.
  var hours: [Int] {
    let middle = shown[shown.count * 5 / 8].wall
    return [-1, 0, 1].map { Int(((middle / 60 + $0) % 24 + 24) % 24) }
  }

  /// The minutes in which an expression runs.
  func occurrences(of cron: NaiveCron) -> [Int64] {
    var found: Set<Int64> = []
    if cron.isWildcard {
      for (minute, wall) in shown where cron.fits(wall) { found.insert(minute) }
    } else {
      var next = shown[0].wall
      for (minute, wall) in shown {
        // Each minute of the clock is taken off once; those that were jumped over, when the clock is beyond them.
        while next <= wall {
          if cron.fits(next) { found.insert(minute) }
          next += 1
        }
      }
    }
    return found.filter { (first...last).contains($0) }.sorted()
  }
}

/// Cron read as plainly as it can be: each field as the set of what fits.
private struct NaiveCron {
  private let fields: [[Int: Bool]]
  private let starts: [Bool]
  let isWildcard: Bool

  init(_ text: String) {
    let parts = text.split(separator: " ").map(String.init)
    let ranges = [0...59, 0...23, 1...31, 1...12, 0...6]
    fields = zip(parts, ranges).map { part, range in
      Dictionary(uniqueKeysWithValues: range.map { ($0, Self.matches(part, $0, range)) })
    }
    starts = parts.map { $0.first == "*" || $0.first == "?" }
    isWildcard = parts[0].contains("*") || parts[1].contains("*")
  }

  private static func matches(_ part: String, _ number: Int, _ range: ClosedRange<Int>) -> Bool {
    part.components(separatedBy: ",").contains { member in
      let pieces = member.components(separatedBy: "/")
      let step = pieces.count > 1 ? Int(pieces[1]) ?? 1 : 1
      if pieces[0] == "*" || pieces[0] == "?" { return (number - range.lowerBound) % step == 0 }
      let ends = pieces[0].components(separatedBy: "-").compactMap(Int.init)
      guard let low = ends.first, let high = ends.last else { return false }
      return number >= low && number <= high && (number - low) % step == 0
    }
  }

  private static let calendar: Calendar = {
    var calendar = Calendar(identifier: .gregorian)
    calendar.timeZone = .gmt
    return calendar
  }()

  /// Whether a minute of a clock fits.
  func fits(_ wall: Int64) -> Bool {
    let minute = Int(((wall % 1440) + 1440) % 1440)
    guard fields[0][minute % 60] == true, fields[1][minute / 60] == true else { return false }
    let date = Date(timeIntervalSince1970: Double(wall) * 60)
    let parts = Self.calendar.dateComponents([.day, .month, .weekday], from: date)
    let day = fields[2][parts.day ?? 0] == true
    let weekday = fields[4][(parts.weekday ?? 1) - 1] == true
    guard fields[3][parts.month ?? 0] == true else { return false }
    return starts[2] || starts[4] ? day && weekday : day || weekday
  }
}

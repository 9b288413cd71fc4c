internal import Foundation

/// The offsets of one zone's clock from 1970 to 2150, as spans of time in which the offset stays the same.
///
/// The zone's data are Foundation's. `nextDaylightSavingTimeTransition` says nothing of changes that are not daylight
/// saving time (a country that moves to another offset), so the offset is looked at every other day instead, and each
/// change is found by halving. Before and after those years the first and the last offset are taken to hold.
final class OffsetTable: Sendable {
  /// A time in which the offset stays the same.
  struct Span {
    /// The instants at which it begins and is over, in milliseconds since 1970.
    let start: Int64
    let end: Int64
    /// What the clock is ahead of UTC, in milliseconds.
    let offset: Int64
    /// The time up to which the clock had come before, in milliseconds on the clock: what it shows below that, it shows
    /// for the second time.
    let passed: Int64
  }

  private let spans: [Span]

  /// Reads the offsets of a zone.
  init(_ zone: TimeZone) {
    func offset(_ second: Int64) -> Int64 {
      Int64(zone.secondsFromGMT(for: Date(timeIntervalSince1970: Double(second)))) * 1000
    }
    let step: Int64 = 2 * 86_400
    let end: Int64 = 5_680_281_600
    var changes: [(start: Int64, offset: Int64)] = [(Era.instants.lowerBound - Era.day * 2, offset(0))]
    var (second, current) = (Int64(0), offset(0))
    while second < end {
      let next = second + step
      let later = offset(next)
      while current != later {
        // The first change after `second`; there may be another one before `next`.
        var (low, high) = (second, next)
        while high - low > 1 {
          let middle = low + (high - low) / 2
          if offset(middle) == current { low = middle } else { high = middle }
        }
        current = offset(high)
        changes.append((high * 1000, current))
        second = high
      }
      second = next
    }
    var spans: [Span] = []
    var passed = Int64.min
    for (index, change) in changes.enumerated() {
      let end = index + 1 < changes.count ? changes[index + 1].start : Era.instants.upperBound + Era.day * 2
      spans.append(Span(start: change.start, end: end, offset: change.offset, passed: passed))
      passed = max(passed, end + change.offset)
    }
    self.spans = spans
  }

  /// How many spans there are.
  var count: Int { spans.count }

  /// One of them.
  subscript(index: Int) -> Span { spans[index] }

  /// The index of the span in which an instant lies.
  func index(at instant: Int64) -> Int {
    var (low, high) = (0, spans.count - 1)
    while low < high {
      let middle = (low + high + 1) / 2
      if spans[middle].start <= instant { low = middle } else { high = middle - 1 }
    }
    return low
  }
}

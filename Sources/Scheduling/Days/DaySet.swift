/// Days since 1970-01-01, kept as ranges in order that do not touch.
struct DaySet: Hashable, Sendable {
  private let ranges: [ClosedRange<Int>]

  /// The days of ranges in any order.
  init(_ ranges: [ClosedRange<Int>]) {
    var merged: [ClosedRange<Int>] = []
    for range in ranges.sorted(by: { $0.lowerBound < $1.lowerBound }) {
      if let last = merged.last, range.lowerBound <= last.upperBound + 1 {
        merged[merged.count - 1] = last.lowerBound...max(last.upperBound, range.upperBound)
      } else {
        merged.append(range)
      }
    }
    self.ranges = merged
  }

  /// How many days there are.
  var count: Int { ranges.reduce(0) { $0 + $1.count } }

  /// The first day of the set from one on.
  func first(from day: Int) -> Int? {
    let index = firstRange(endingFrom: day)
    return index < ranges.count ? max(day, ranges[index].lowerBound) : nil
  }

  /// The last day of the range that a day lies in; nil where it lies in none.
  func end(at day: Int) -> Int? {
    let index = firstRange(endingFrom: day)
    return index < ranges.count && ranges[index].lowerBound <= day ? ranges[index].upperBound : nil
  }

  private func firstRange(endingFrom day: Int) -> Int {
    var (low, high) = (0, ranges.count)
    while low < high {
      let middle = (low + high) / 2
      if ranges[middle].upperBound < day { low = middle + 1 } else { high = middle }
    }
    return low
  }
}

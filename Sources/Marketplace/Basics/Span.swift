/// Lengths of time in milliseconds, the unit of every instant and window here.
enum Span {
  static let second: Int64 = 1000
  static let minute: Int64 = 60 * second
  static let hour: Int64 = 60 * minute
  static let day: Int64 = 24 * hour

  /// Reads `250ms`, `10s`, `30m`, `48h`, `7d`, or a bare number of milliseconds, with a leading `-` for the past.
  static func parse(_ text: some StringProtocol) -> Int64? {
    let units: [(suffix: String, length: Int64)] = [
      ("ms", 1), ("s", second), ("m", minute), ("h", hour), ("d", day), ("", 1),
    ]
    for unit in units where text.hasSuffix(unit.suffix) {
      let digits = text.dropLast(unit.suffix.count)
      guard let count = Int64(digits) else { continue }
      let (length, overflow) = count.multipliedReportingOverflow(by: unit.length)
      return overflow ? nil : length
    }
    return nil
  }
}

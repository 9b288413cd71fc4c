/// Durations as people read them.
enum DurationText {
  /// `250 ms`, `10 s`, `2 min`, `1.5 h`; the largest unit in which at most one decimal is needed.
  static func render(_ duration: Duration) -> String {
    let milliseconds = duration.components.seconds * 1000 + duration.components.attoseconds / 1_000_000_000_000_000
    for (unit, size) in [("d", 86_400_000), ("h", 3_600_000), ("min", 60_000), ("s", 1000)] as [(String, Int64)]
    where milliseconds >= size && (milliseconds * 10) % size == 0 {
      let (whole, rest) = milliseconds.quotientAndRemainder(dividingBy: size)
      return rest == 0 ? "\(whole) \(unit)" : "\(whole).\(rest * 10 / size) \(unit)"
    }
    return "\(milliseconds) ms"
  }
}

/// The occurrences of a timetable in a span of time, in ascending order, found one by one.
public struct OccurrenceSequence: Sequence, Sendable {
  let timetable: Timetable
  let after: Int64
  let through: Int64

  /// An iterator over the instants, in milliseconds since 1970.
  public func makeIterator() -> Iterator { Iterator(timetable: timetable, instant: after, through: through) }

  /// Goes from one occurrence to the next.
  public struct Iterator: IteratorProtocol, Sendable {
    let timetable: Timetable
    var instant: Int64
    let through: Int64

    /// The next instant; nil beyond the span, and where the timetable has no more.
    public mutating func next() -> Int64? {
      guard instant < through, let next = timetable.next(after: instant), next <= through else { return nil }
      instant = next
      return next
    }
  }
}

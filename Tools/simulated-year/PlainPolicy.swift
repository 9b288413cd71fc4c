/// The oracle of outcomes: what is to become of occurrences that are accounted for together, read from docs/schedules.md.
enum PlainPolicy {
  enum Fate: Hashable {
    /// It runs, unless an earlier run goes on and the schedule skips then.
    case run
    case coalesced(into: Int64)
    case missed
    /// It was paused.
    case skipped
  }

  private static let minute: Int64 = 60_000
  private static let day: Int64 = 86_400_000
  private static let most = 100

  /// What becomes of each.
  ///
  /// - Parameters:
  ///   - instants: all that are due, in ascending order.
  ///   - paused: since when the schedule is paused.
  static func fates(of instants: [Int64], at now: Int64, under terms: PlainTerms, paused: Int64?) -> [Fate] {
    let late = instants.filter { now - $0 > minute + terms.jitter }
    let standsIn = instants.first { now - $0 <= minute + terms.jitter } ?? late.last
    return instants.map { instant in
      if let paused, paused <= instant { return .skipped }
      guard let place = late.firstIndex(of: instant) else { return .run }
      if terms.misfire == "none" || now - instant > day { return .missed }
      if terms.misfire == "all" { return late.count - place <= most ? .run : .missed }
      return standsIn == instant ? .run : .coalesced(into: standsIn ?? instant)
    }
  }
}

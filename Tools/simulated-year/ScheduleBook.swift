import Journal

/// What the world itself knows of one schedule: what it said from when until when, and what was said to have become of its
/// occurrences.
struct ScheduleBook {
  /// A time in which a schedule said the same.
  struct Life {
    let terms: PlainTerms
    let after: Int64
    let through: Int64
  }

  private(set) var terms: PlainTerms
  private(set) var lives: [Life] = []
  private var after: Int64
  /// The latest instant that is accounted for; never before what it says counts from.
  private(set) var through: Int64
  var paused: Int64?
  /// Runs that go on.
  var going: Set<RunID> = []
  /// By instant.
  private(set) var rows: [Int64: Occurrence] = [:]
  private(set) var doubled = 0
  private(set) var unexplained: [String] = []

  init(_ terms: PlainTerms, from instant: Int64) {
    (self.terms, after, through) = (terms, instant, instant)
  }

  /// From that instant on it says something else, or nothing.
  mutating func change(to terms: PlainTerms?, after instant: Int64) {
    lives.append(Life(terms: self.terms, after: after, through: instant))
    (after, through) = (instant, max(through, instant))
    if let terms { self.terms = terms }
  }

  /// Takes in what was accounted for at one moment, and looks whether that is what had to become of it.
  ///
  /// - Returns: the runs that were started.
  mutating func take(_ news: [Occurrence], at now: Int64) -> [RunID] {
    let news = news.sorted { $0.instant < $1.instant }
    let fates = PlainPolicy.fates(of: news.map(\.instant), at: now, under: terms, paused: paused)
    var started: [RunID] = []
    for (row, fate) in zip(news, fates) {
      if rows.updateValue(row, forKey: row.instant) != nil { doubled += 1 }
      through = max(through, row.instant)
      if !isExplained(row, fate) { unexplained.append("\(row) instead of \(fate), \(terms), at \(now)") }
      guard row.outcome == .ran, let run = row.run else { continue }
      going.insert(run)
      started.append(run)
    }
    return started
  }

  private func isExplained(_ row: Occurrence, _ fate: PlainPolicy.Fate) -> Bool {
    switch (fate, row.outcome) {
    case (.run, .ran): row.run != nil && (going.isEmpty || !terms.skipsOverlap)
    case (.run, .skipped): terms.skipsOverlap && going.contains { row.reason?.contains($0.text) == true }
    case (.coalesced(let into), .coalesced): row.into == into
    case (.missed, .missed), (.skipped, .skipped): row.reason?.isEmpty == false
    default: false
    }
  }
}

import Journal

/// Holds the ledger against what the oracle says was due, and against what was said when its rows were written.
struct YearAudit {
  let books: [ScheduleKey: ScheduleBook]
  let rows: [Occurrence]
  let runs: [RunID]
  let span: ClosedRange<Int64>

  func look(_ report: inout YearReport) {
    for row in rows { report.outcomes[row.outcome.rawValue, default: 0] += 1 }
    let ledger = Dictionary(grouping: rows, by: \.schedule)
    let due = dues()
    for (key, book) in books {
      let rows = ledger[key] ?? []
      let (instants, expected) = (Set(rows.map(\.instant)), due[key] ?? [])
      report.occurrences += expected.count
      note(&report, \.doubled, rows.count - instants.count + book.doubled, "\(key): rows twice")
      for instant in expected.subtracting(instants).sorted() {
        note(&report, \.missing, 1, "\(key): no row of \(instant)")
      }
      for instant in instants.subtracting(expected).sorted() {
        note(&report, \.notDue, 1, "\(key): \(instant) not due")
      }
      for text in book.unexplained { note(&report, \.unexplained, 1, text) }
      for row in rows where expected.contains(row.instant) && book.rows[row.instant] != row {
        note(&report, \.unexplained, 1, "\(row) was told as \(String(describing: book.rows[row.instant]))")
      }
    }
    // Each run is the run of one row, and each row that ran has its run.
    var named: [RunID: Int] = [:]
    for case let (row, run?) in rows.lazy.map({ ($0, $0.run) }) where row.outcome == .ran {
      named[run, default: 0] += 1
    }
    for run in runs where named.removeValue(forKey: run) != 1 {
      note(&report, \.doubled, 1, "\(run) beside the ledger")
    }
    for run in named.keys { note(&report, \.unexplained, 1, "\(run) ran and is not there") }
  }

  private func note(
    _ report: inout YearReport, _ figure: WritableKeyPath<YearReport, Int>, _ count: Int, _ problem: String
  ) {
    guard count > 0 else { return }
    report[keyPath: figure] += count
    if report.problems.count < 20 { report.problems.append(problem) }
  }

  /// The instants at which each schedule was due.
  private func dues() -> [ScheduleKey: Set<Int64>] {
    // A walk begins two days before what is asked for, and a clock is up to a day ahead or behind.
    let days = span.lowerBound / 86_400_000 - 4...span.upperBound / 86_400_000 + 3
    let dates = PlainDates(days)
    var walks: [String: MinuteWalk] = [:]
    var crons: [String: PlainCron] = [:]
    return books.mapValues { book in
      var due: Set<Int64> = []
      for life in book.lives where life.after < life.through {
        switch life.terms.rule {
        case .every(let length):
          let first = life.after / length * length + length
          due.formUnion(stride(from: first, through: life.through, by: Int(length)))
        case .cron(let text):
          let walk =
            walks[life.terms.zone] ?? MinuteWalk(life.terms.zone, days.lowerBound * 1440...days.upperBound * 1440)
          walks[life.terms.zone] = walk
          let cron = crons[text] ?? PlainCron(text, dates, days)
          crons[text] = cron
          due.formUnion(walk.instants(of: cron, after: life.after, through: life.through))
        }
      }
      return due
    }
  }
}

public import Journal
import Synchronization
import Workers

/// A year of schedules in many zones, kept by the service's own keeper on a clock that is set forward and back, through
/// restarts, downtime, a second process on the same store, pauses and edits; and what came of it held against an oracle
/// that has no part in Ebb's reckoning (``MinuteWalk``, ``PlainPolicy``).
public actor SimulatedYear {
  private let settings: YearSettings
  private let store: any ScheduleStore
  private let clock: SetClock
  private let seen = Seen()
  private var keeper: ScheduleKeeper
  /// Another process on the same store.
  private var rival: ScheduleKeeper?
  private var draws: Draws
  private var books: [ScheduleKey: ScheduleBook] = [:]
  private var keys: [ScheduleKey] = []
  /// Runs that go on, and when each ends.
  private var ends: [RunID: (schedule: ScheduleKey, instant: Milliseconds)] = [:]
  private var nextEnd = Milliseconds.max
  private var disturbances: [String: Int] = [:]
  private var begun = 0

  private static let hour: Milliseconds = 3_600_000

  /// What keepers say became of occurrences.
  private final class Seen: Sendable {
    private let rows = Mutex<[Occurrence]>([])
    private let failures = Mutex<[String]>([])

    func note(_ observation: ScheduleKeeper.Observation) {
      switch observation {
      case .accounted(let news): rows.withLock { $0 += news }
      case .late: break
      case .failed(let key, let reason): failures.withLock { $0.append("\(key?.description ?? "all"): \(reason)") }
      }
    }

    func take() -> [Occurrence] {
      rows.withLock { rows in
        defer { rows = [] }
        return rows
      }
    }

    var failed: [String] { failures.withLock(\.self) }
  }

  /// Lets a year pass on an empty store.
  public static func pass(_ settings: YearSettings, on store: any ScheduleStore) async throws -> YearReport {
    let year = SimulatedYear(settings, store)
    try await year.begin()
    let instant = try await year.pass()
    return try await year.report(at: instant)
  }

  private init(_ settings: YearSettings, _ store: any ScheduleStore) {
    (self.settings, self.store) = (settings, store)
    clock = SetClock(settings.span.lowerBound)
    draws = Draws(seed: settings.seed)
    keeper = Self.keeper(store, clock, seen)
  }

  private static func keeper(_ store: any ScheduleStore, _ clock: SetClock, _ seen: Seen) -> ScheduleKeeper {
    ScheduleKeeper(
      store, source: YearRuns(), clock: clock, terms: { try? ScheduleTerms($0.terms, zone: "UTC") },
      observe: { seen.note($0) })
  }

  private func signature() -> Signature { Signature(by: "ann", at: clock.now()) }

  private func begin() async throws {
    let start = clock.now()
    for zone in settings.zones {
      for number in 1...settings.schedulesPerZone {
        let terms = PlainTerms(for: zone, &draws)
        let key = ScheduleKey("\(zone) \(number)", profile: "shop")
        let record = ScheduleRecord(
          key: key, playbook: key.name, origin: .added, terms: terms.json, through: start)
        guard try await store.put(record, replacing: nil, signature()) else { throw YearError.taken(key) }
        books[key] = ScheduleBook(terms, from: start)
        keys.append(key)
      }
    }
  }

  // MARK: Passing

  /// - Returns: the instant up to which everything is accounted for.
  private func pass() async throws -> Milliseconds {
    let end = settings.span.upperBound
    var furthest = clock.now()
    var disturbance = clock.now()
    while clock.now() < end {
      let next = try await step()
      if clock.now() >= disturbance {
        try await disturb()
        disturbance = clock.now() + draws.number(0...6 * Self.hour)
      } else {
        try await clock.sleep(until: min(next ?? end, disturbance, end))
      }
      furthest = max(furthest, clock.now())
    }
    // Beyond all jitter.
    clock.set(furthest + Self.hour)
    _ = try await step()
    for key in keys { await keeper.conclude(key) }
    try await takeIn()
    return clock.now()
  }

  private func step() async throws -> Milliseconds? {
    try await finishRuns()
    let next: Milliseconds?
    if let rival {
      async let other = rival.step()
      let (first, second) = await (keeper.step(), other)
      next = [first, second].compactMap(\.self).min()
    } else {
      next = await keeper.step()
    }
    try await takeIn()
    return next
  }

  /// Takes in what keepers said since, and decides how long the runs take that began.
  private func takeIn() async throws {
    let now = clock.now()
    // In an order that the seed alone decides.
    let news = Dictionary(grouping: seen.take(), by: \.schedule).sorted { $0.key.name < $1.key.name }
    for (key, rows) in news {
      for run in books[key]?.take(rows, at: now) ?? [] {
        let end = now + draws.one(of: [60_000, Self.hour, 3 * Self.hour])
        ends[run] = (key, end)
        nextEnd = min(nextEnd, end)
        begun += 1
        guard settings.sabotage == .double, begun % 1000 == 0, let record = try await store.run(run) else { continue }
        let again = RunRecord(
          id: RunID(run.text + " again"), playbook: record.playbook, version: record.version, profile: record.profile,
          trigger: record.trigger, parameters: record.parameters, started: record.started)
        _ = try await store.start(again, requiring: [], heldBy: nil)
      }
    }
  }

  private func finishRuns() async throws {
    let now = clock.now()
    guard nextEnd <= now else { return }
    let over = ends.filter { $0.value.instant <= now }
    let store = store
    try await withThrowingTaskGroup(of: Void.self) { group in
      for run in over.keys {
        group.addTask {
          let request = LeaseRequest(worker: "w", instant: now, length: 1000)
          guard let lease = try await store.acquire(run, request, displacing: nil) else { throw YearError.held(run) }
          _ = try await store.commit(
            [Entry(.status(.succeeded), instant: now), Entry(.release, instant: now)], under: lease)
        }
      }
      try await group.waitForAll()
    }
    for (run, end) in over {
      ends[run] = nil
      books[end.schedule]?.going.remove(run)
    }
    nextEnd = ends.values.map(\.instant).min() ?? .max
  }

  // MARK: Disturbances

  private func disturb() async throws {
    let name: String
    switch draws.number(0...99) {
    case 0..<15:
      name = "restarts"
      keeper = Self.keeper(store, clock, seen)
    case 15..<25:
      name = "rivals"
      rival = rival == nil ? Self.keeper(store, clock, seen) : nil
    case 25..<30:
      name = "downtimes"
      (keeper, rival) = (Self.keeper(store, clock, seen), nil)
      clock.set(clock.now() + draws.length())
    case 30..<35:
      name = "clock forward"
      clock.set(clock.now() + draws.length())
    case 35..<40:
      name = "clock back"
      clock.set(clock.now() - draws.length())
    case 40..<70:
      name = "pauses"
      try await pause(draws.one(of: keys))
    default:
      name = "edits"
      try await edit(draws.one(of: keys))
    }
    disturbances[name, default: 0] += 1
  }

  /// Pauses a schedule, or lets it go on.
  private func pause(_ key: ScheduleKey) async throws {
    let now = clock.now()
    let isPaused = books[key]?.paused != nil
    guard try await store.pause(key, !isPaused, signature()) else { throw YearError.taken(key) }
    books[key]?.paused = isPaused ? nil : now
    await reload()
  }

  private func edit(_ key: ScheduleKey) async throws {
    guard await keeper.conclude(key) else { throw YearError.taken(key) }
    try await takeIn()
    guard let known = try await store.schedule(key), let book = books[key] else { throw YearError.taken(key) }
    let terms = PlainTerms(for: book.terms.zone, &draws)
    let from = max(book.through, clock.now())
    var changed = known
    changed.terms = terms.json
    changed.through = from
    if settings.sabotage == .drop { changed.through += 6 * Self.hour }
    guard try await store.put(changed, replacing: known.revision, signature()) else { throw YearError.taken(key) }
    books[key]?.change(to: terms, after: from)
    await reload()
    if settings.sabotage == .invent {
      _ = try await store.makeUp([DueOccurrence(from + 1, .missed("nobody"))], of: key, at: from, signature())
    }
  }

  private func reload() async {
    await keeper.reload()
    await rival?.reload()
  }

  // MARK: What came of it

  private func report(at instant: Milliseconds) async throws -> YearReport {
    for key in keys { books[key]?.change(to: nil, after: instant) }
    var report = YearReport()
    report.disturbances = disturbances
    for failure in seen.failed {
      report.unexplained += 1
      report.problems.append("a keeper failed: \(failure)")
    }
    var filter = OccurrenceFilter()
    filter.limit = .max
    var wanted = RunFilter()
    wanted.limit = .max
    let audit = YearAudit(
      books: books, rows: try await store.occurrences(filter), runs: try await store.runs(wanted).map(\.id),
      span: settings.span.lowerBound...instant)
    audit.look(&report)
    return report
  }
}

/// Why a year could not pass.
public enum YearError: Error {
  /// The store does not say of a schedule what the world says.
  case taken(ScheduleKey)
  /// A run that nobody advances cannot be had.
  case held(RunID)
}

public import Journal
public import Playbooks
import Scheduling

/// Keeps schedules: at each instant that one is due it accounts for it in the ledger and starts its run, in one
/// transaction (G12, G14), which all that is due together share. One timer, at the next instant.
public actor ScheduleKeeper {
  private let store: any ScheduleStore
  private let source: any RunSource
  private let clock: any RunClock
  private let terms: @Sendable (ScheduleRecord) -> ScheduleTerms?
  private let observe: @Sendable (Observation) -> Void
  private let bell = Bell()
  private var agenda = Agenda()
  private var isStale = true
  /// The schedules of this step whose accounts could not be completed, or that say something else by now.
  private var left: Set<ScheduleKey> = []
  /// Whether something of this step is to be tried again.
  private var hasFailed = false
  private var isStepping = false
  /// Those who ask for a step while one is taken.
  private var waiting: [CheckedContinuation<Void, Never>] = []

  /// What a keeper tells whoever watches.
  public enum Observation: Sendable {
    case accounted([Occurrence])
    /// How much later than its instant an occurrence was accounted for that ran, in milliseconds.
    case late(Milliseconds)
    case failed(ScheduleKey?, String)
  }

  /// - Parameters:
  ///   - clock: the wall's.
  ///   - terms: reads what a schedule says; nil where that cannot be read, which it has to tell people itself.
  public init(
    _ store: any ScheduleStore, source: any RunSource, clock: any RunClock = WallClock(),
    terms: @escaping @Sendable (ScheduleRecord) -> ScheduleTerms?,
    observe: @escaping @Sendable (Observation) -> Void = { _ in }
  ) {
    self.store = store
    self.source = source
    self.clock = clock
    self.terms = terms
    self.observe = observe
  }

  /// Something about schedules changed: they are read anew.
  public func reload() {
    isStale = true
    bell.ring()
  }

  /// Keeps schedules until the task is cancelled.
  public func run() async {
    while !Task.isCancelled {
      let next = await step()
      if Task.isCancelled { return }
      if let next, next <= clock.now() { continue }
      await bell.wait(until: next, by: clock)
    }
  }

  /// How long a store that fails is left alone, in milliseconds.
  private static let pause: Milliseconds = 1000

  /// Accounts for all that is due now; one after the other where several ask for it, so that what one of them found due is
  /// in the ledger when the other returns.
  ///
  /// - Returns: when something is due next, or is to be tried again.
  @discardableResult
  public func step() async -> Milliseconds? {
    await taking { await self.takeStep() }
  }

  /// Has one thing done after the other.
  private func taking<Result: Sendable>(_ body: () async -> Result) async -> Result {
    while isStepping { await withCheckedContinuation { waiting.append($0) } }
    isStepping = true
    defer {
      isStepping = false
      if !waiting.isEmpty { waiting.removeFirst().resume() }
    }
    return await body()
  }

  /// Accounts for all that is due of one schedule, also what its jitter puts off: before it says something else, or nothing.
  ///
  /// - Returns: whether all of it is in the ledger.
  @discardableResult
  public func conclude(_ key: ScheduleKey) async -> Bool {
    await taking { await self.takeConclusion(of: key) }
  }

  private func takeStep() async -> Milliseconds? {
    (left, hasFailed) = ([], false)
    do {
      try await refresh()
      let now = clock.now()
      await account(for: agenda.due(at: now), at: now)
    } catch {
      fail(error)
    }
    // The store may come back.
    return hasFailed ? clock.now() + Self.pause : agenda.next
  }

  private func takeConclusion(of key: ScheduleKey) async -> Bool {
    // Another process may be doing the same.
    for _ in 1...3 {
      (left, hasFailed) = ([], false)
      do {
        try await refresh()
        guard let entry = agenda.entries[key] else { return true }
        await account(for: [entry], at: clock.now(), heedingJitter: false)
      } catch {
        fail(error)
      }
      if hasFailed { return false }
      if left.isEmpty { return true }
    }
    return false
  }

  private func refresh() async throws {
    guard isStale else { return }
    isStale = false
    agenda.take(try await store.schedules(), terms: terms)
  }

  private func account(for due: [Agenda.Entry], at now: Milliseconds, heedingJitter: Bool = true) async {
    var (batch, rows): ([DuePart], Int) = ([], 0)
    for part in due.lazy.flatMap({ $0.parts(at: now, heedingJitter: heedingJitter) }) {
      batch.append(part)
      rows += part.verdicts.count
      guard rows >= DuePart.most else { continue }
      await account(for: batch)
      (batch, rows) = ([], 0)
    }
    await account(for: batch)
    for entry in due { agenda.arrange(entry.record.key) }
  }

  // MARK: One transaction

  private func account(for parts: [DuePart]) async {
    let parts = parts.filter { !left.contains($0.key) }
    guard !parts.isEmpty else { return }
    var accounts: [DueAccount] = []
    for (part, runs) in zip(parts, await runs(for: parts)) {
      // A part whose runs could not be made ends the schedule's accounts for now.
      guard let runs, !left.contains(part.key) else { continue }
      accounts.append(part.account(starting: runs))
    }
    do {
      try await record(accounts)
    } catch {
      guard accounts.count > 1 else { return fail(accounts, error) }
      await recordAlone(accounts)
    }
  }

  private func record(_ accounts: [DueAccount]) async throws {
    let outcomes = try await store.account(accounts, at: clock.now())
    for (account, outcome) in zip(accounts, outcomes) { try await settle(account, outcome) }
  }

  /// One that the store cannot take is not to keep the others from it; a store that takes none is left alone.
  private func recordAlone(_ accounts: [DueAccount]) async {
    var failures = 0
    for (index, account) in accounts.enumerated() where !left.contains(account.schedule.key) {
      do {
        try await record([account])
        failures = 0
      } catch {
        failures += 1
        fail(failures < 2 ? [account] : Array(accounts[index...]), error)
      }
    }
  }

  private func settle(_ account: DueAccount, _ outcome: Accounting) async throws {
    let key = account.schedule.key
    switch outcome {
    case .accounted(let rows):
      observe(.accounted(rows))
      let now = clock.now()
      for row in rows where row.outcome == .ran { observe(.late(now - row.instant)) }
      agenda.settle(account)
    case .changed:
      // Somebody else was here first: it is what the store says now.
      left.insert(key)
      agenda.forget(key)
      if let present = try await store.schedule(key) { agenda.take(present, terms: terms) }
    }
  }

  /// The runs of each part; nil for one that has none because they could not be made.
  private func runs(for parts: [DuePart]) async -> [DuePart.Runs?] {
    var runs: [DuePart.Runs?] = []
    for (part, result) in zip(parts, await Self.results(for: parts, from: source)) {
      switch result {
      case .success(let made): runs.append(made)
      case .failure(let error):
        runs.append(nil)
        if !left.contains(part.key) { fail(part.key, error) }
      case nil: runs.append(nil)
      }
    }
    return runs
  }

  /// For so many parts at once runs are made.
  private static let makers = 32

  /// What became of making each part's runs.
  private static func results(
    for parts: [DuePart], from source: any RunSource
  ) async -> [Result<DuePart.Runs, any Error>?] {
    await withTaskGroup(of: (Int, Result<DuePart.Runs, any Error>).self) { group in
      var results = [Result<DuePart.Runs, any Error>?](repeating: nil, count: parts.count)
      for (index, part) in parts.enumerated() {
        if index >= Self.makers, let (done, result) = await group.next() { results[done] = result }
        group.addTask { (index, await Self.result(for: part, from: source)) }
      }
      for await (done, result) in group { results[done] = result }
      return results
    }
  }

  private static func result(
    for part: DuePart, from source: any RunSource
  ) async -> Result<DuePart.Runs, any Error> {
    do {
      return .success(try await part.runs(from: source))
    } catch {
      return .failure(error)
    }
  }

  private func fail(_ error: any Error) {
    observe(.failed(nil, "\(error)"))
    (isStale, hasFailed) = (true, true)
  }

  private func fail(_ accounts: [DueAccount], _ error: any Error) {
    for key in Set(accounts.map(\.schedule.key)).subtracting(left) { fail(key, error) }
  }

  private func fail(_ key: ScheduleKey, _ error: any Error) {
    observe(.failed(key, "\(error)"))
    left.insert(key)
    agenda.forget(key)
    (isStale, hasFailed) = (true, true)
  }
}

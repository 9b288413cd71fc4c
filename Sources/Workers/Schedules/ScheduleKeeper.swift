public import Journal
public import Playbooks
import Scheduling

/// Keeps schedules: at each instant that one is due it accounts for it in the ledger and starts its run, in one
/// transaction (G12, G14). One timer, at the next instant.
public actor ScheduleKeeper {
  private let store: any ScheduleStore
  private let source: any RunSource
  private let clock: any RunClock
  private let terms: @Sendable (ScheduleRecord) -> ScheduleTerms?
  private let observe: @Sendable (Observation) -> Void
  private let bell = Bell()
  private var agenda = Agenda()
  private var isStale = true

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

  /// Accounts for all that is due now.
  ///
  /// - Returns: when something is due next.
  @discardableResult
  public func step() async -> Milliseconds? {
    do {
      if isStale {
        isStale = false
        agenda.take(try await store.schedules(), terms: terms)
      }
      for entry in agenda.due(at: clock.now()) { await account(for: entry) }
    } catch {
      observe(.failed(nil, "\(error)"))
      isStale = true
      // The store may come back.
      return clock.now() + Self.pause
    }
    return agenda.next
  }

  /// How long a store that fails is left alone, in milliseconds.
  private static let pause: Milliseconds = 1000

  private func account(for entry: Agenda.Entry) async {
    var record = entry.record
    let now = clock.now()
    do {
      let verdicts = entry.verdicts(at: now)
      var runs: [Milliseconds: Result<RunRecord, Obstacle>] = [:]
      for verdict in verdicts where verdict.fate == .run && !entry.isPaused(at: verdict.instant) {
        runs[verdict.instant] = try await source.run(
          for: record, entry.terms.parameters, at: verdict.instant, trigger: .schedule)
      }
      let parts = entry.accounts(of: verdicts, starting: runs)
      for part in parts {
        switch try await store.account(part.due, of: record, through: part.through, at: clock.now()) {
        case .accounted(let rows):
          record.through = part.through
          observe(.accounted(rows))
          for row in rows where row.outcome == .ran { observe(.late(clock.now() - row.instant)) }
        case .changed:
          isStale = true
          agenda.forget(record.key)
          return
        }
      }
      agenda.update(record)
    } catch {
      observe(.failed(record.key, "\(error)"))
      agenda.forget(record.key)
      isStale = true
    }
  }
}

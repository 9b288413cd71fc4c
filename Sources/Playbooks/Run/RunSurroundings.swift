public import Catalogue
public import Journal
public import PandaPon

/// Whether what a run writes leaves. In a plan there is no writer anywhere in what it is given (G10).
public enum WriteAccess: Sendable {
  case live(any Writer)
  /// Writes are captured: the script is answered as the catalogue foresees, and later reads show them.
  case plan
}

/// What a run is given to reach the world with.
public struct RunSurroundings: Sendable {
  let catalogue: Catalogue
  let reader: any Reader
  let writes: WriteAccess
  let journal: any Journal
  let clock: any RunClock
  let worker: String
  let leases: LeaseKeeper
  /// A wait up to that many milliseconds is spent in memory; a longer one, once nothing else is left to do, lets the run
  /// leave it until then.
  public var shortWait: Milliseconds = 1000
  /// Whether a person is there: a run whose task is cancelled is then paused, and else left to whoever comes next.
  public var isAttended = true
  /// Told of each line of the merchant's that runs, on the run's own thread; nil where nobody counts them.
  public var lines: (@Sendable (_ file: String, _ line: Int) -> Void)?
  /// Whether and how messages leave (`notify.send`).
  public var notices = NoticeAccess.none
  let observer: @Sendable (RunEvent) -> Void

  /// The surroundings of live runs.
  ///
  /// - Parameters:
  ///   - worker: who holds the runs' leases: this process.
  ///   - leases: renews them; nil for one of these surroundings alone, at 30 s renewed every 5 s.
  ///   - observer: told what happens while it happens, from the run's own thread; must return at once.
  public init(
    catalogue: Catalogue, reader: any Reader, writer: any Writer, journal: any Journal,
    clock: any RunClock = SystemClock(), worker: String = WorkerIdentity.current.description,
    leases: LeaseKeeper? = nil, observer: @escaping @Sendable (RunEvent) -> Void = { _ in }
  ) {
    self.catalogue = catalogue
    self.reader = reader
    writes = .live(writer)
    self.journal = journal
    self.clock = clock
    self.worker = worker
    self.leases = leases ?? LeaseKeeper(journal: journal)
    self.observer = observer
  }

  /// The surroundings of a plan: it reads live, its sleeps take no time, and it can write nothing.
  ///
  /// - Parameters:
  ///   - journal: one of its own, in memory; it may know holds and budgets of the store, which are then shown.
  ///   - clock: whose time it begins with.
  public init(
    planning catalogue: Catalogue, reader: any Reader, journal: any Journal, clock: any RunClock = SystemClock(),
    worker: String = "ebb", observer: @escaping @Sendable (RunEvent) -> Void = { _ in }
  ) {
    self.catalogue = catalogue
    self.reader = reader
    writes = .plan
    self.journal = journal
    self.clock = PlanClock(over: clock)
    self.worker = worker
    leases = LeaseKeeper(journal: journal)
    shortWait = .max
    self.observer = observer
  }
}

/// Something that happens in a run, for whoever watches.
public enum RunEvent: Sendable {
  case log(LogLine)
  case decision(Decision)
  /// A message was sent, or could not be; in a plan, it would have been sent.
  case notice(NoticeRecord)
  /// A step was taken; how many so far.
  case step(String, count: Int)
}

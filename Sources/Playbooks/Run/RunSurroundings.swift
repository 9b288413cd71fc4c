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
  let observer: @Sendable (RunEvent) -> Void

  /// The surroundings of live runs.
  ///
  /// - Parameters:
  ///   - worker: who holds the run's lease.
  ///   - observer: told what happens while it happens, from the run's own thread; must return at once.
  public init(
    catalogue: Catalogue, reader: any Reader, writer: any Writer, journal: any Journal,
    clock: any RunClock = SystemClock(), worker: String = "ebb",
    observer: @escaping @Sendable (RunEvent) -> Void = { _ in }
  ) {
    self.catalogue = catalogue
    self.reader = reader
    writes = .live(writer)
    self.journal = journal
    self.clock = clock
    self.worker = worker
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
    self.observer = observer
  }
}

/// Something that happens in a run, for whoever watches.
public enum RunEvent: Sendable {
  case log(LogLine)
  case decision(Decision)
  /// A step was taken; how many so far.
  case step(String, count: Int)
}

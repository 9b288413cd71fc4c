public import Catalogue
public import Journal
public import PandaPon

/// What a run is given to reach the world with.
public struct RunSurroundings: Sendable {
  let catalogue: Catalogue
  let reader: any Reader
  let writer: any Writer
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
    self.writer = writer
    self.journal = journal
    self.clock = clock
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

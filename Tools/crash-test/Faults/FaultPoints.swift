/// The places at which a crash matters: on either side of everything that leaves the process.
protocol FaultPoints: Sendable {
  /// The process is at a place; it may not come back from here.
  func pass(_ place: @autoclosure () -> String)
}

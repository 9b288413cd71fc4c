/// What `ebb serve` promises about time: how late schedules are, how soon what is due begins, and what waiting costs.
struct Serving {
  let peers: Peers

  func measure() async throws -> [Measurement] {
    try await ScheduleLateness().measure() + IdleService().measure() + SchedulersBeside(peers: peers).measure()
      + Transitions(peers: peers).measure()
  }
}

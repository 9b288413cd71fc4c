/// The runs of a journal in memory that are not over, by playbook and shop: what is asked at each occurrence and each turn
/// of a queue must not look at all that ever ran.
struct LiveRuns {
  private struct Lane: Hashable {
    let playbook: String
    let profile: String

    init(_ playbook: String, _ profile: String) {
      self.playbook = playbook
      self.profile = profile
    }

    init(of run: RunLedger) { self.init(run.record.playbook, run.record.profile) }
  }

  private var lanes: [Lane: [RunLedger]] = [:]

  /// All of them, in no order.
  var all: some Sequence<RunLedger> { lanes.values.joined() }

  /// Those of a playbook and shop, the earliest first.
  func runs(of playbook: String, for profile: String) -> [RunLedger] { lanes[Lane(playbook, profile)] ?? [] }

  /// Takes a run in, also one that was over; one that is in it stays where it is.
  mutating func insert(_ run: RunLedger) {
    let (lane, index, isThere) = place(of: run)
    if !isThere { lanes[lane, default: []].insert(run, at: index) }
  }

  /// A run is over.
  mutating func remove(_ run: RunLedger) {
    let (lane, index, isThere) = place(of: run)
    guard isThere else { return }
    lanes[lane]?.remove(at: index)
    if lanes[lane]?.isEmpty == true { lanes[lane] = nil }
  }

  /// Where a run is, or would be.
  private func place(of run: RunLedger) -> (lane: Lane, index: Int, isThere: Bool) {
    let lane = Lane(of: run)
    let runs = lanes[lane] ?? []
    var (low, high) = (0, runs.count)
    while low < high {
      let middle = (low + high) / 2
      if runs[middle].number < run.number { low = middle + 1 } else { high = middle }
    }
    return (lane, low, low < runs.count && runs[low] === run)
  }
}

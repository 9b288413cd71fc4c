import PandaPon

/// What is counted of callbacks. Labels are bounded: profiles that are configured, outcomes, kinds of the catalogue.
public struct CallbackMetrics: Sendable {
  private let requests: Counter
  private let seconds: Histogram
  private let events: Counter
  private let bases: Counter
  private let cuts: Counter
  private let waiting: Gauge

  /// The metrics of callbacks in that registry.
  public init(_ registry: MetricsRegistry) {
    requests = registry.counter(
      "ebb_callbacks_total", "Requests to callback addresses, by profile and outcome.", labels: ["profile", "outcome"])
    seconds = registry.histogram(
      "ebb_callback_seconds", "From the last byte of a callback to its answer.",
      bounds: [0.001, 0.0025, 0.005, 0.01, 0.02, 0.05, 0.1, 0.25, 0.5, 0.9, 1])
    events = registry.counter("ebb_events_stored_total", "Events that were stored, by kind.", labels: ["kind"])
    bases = registry.counter(
      "ebb_callback_signatures_total", "Signatures that were right, by what they were made over.",
      labels: ["profile", "base"])
    cuts = registry.counter(
      "ebb_callback_connections_cut_total", "Connections of callbacks that were ended early, by reason.",
      labels: ["reason"])
    waiting = registry.gauge("ebb_callbacks_in_progress", "Callbacks that wait for the store.")
  }

  /// Counts a request; a profile that is not configured is counted as `none`.
  func count(_ outcome: CallbackOutcome, profile: String?, after time: Duration) {
    requests.add(1, profile ?? "none", outcome.rawValue)
    seconds.observe(time)
  }

  func count(kind: String?) { events.add(1, kind ?? "unknown") }
  func count(_ base: CallbackBase, profile: String) { bases.add(1, profile, base.name) }
  func count(_ reason: GateRefusal) { cuts.add(1, reason.rawValue) }
  func entered() { waiting.add(1) }
  func left() { waiting.add(-1) }
}

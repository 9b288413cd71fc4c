import Console
import Journal
import PandaPon
import Playbooks
import Workers

/// What is counted of a service (docs/metrics.md). Labels are bounded: statuses, outcomes, playbooks and profiles that exist.
struct ServiceMetrics: Sendable {
  private let runs: Counter
  private let steps: Counter
  private let writes: Counter
  private let seconds: Histogram
  private let occurrences: Counter
  private let lateness: Histogram
  private let deliveries: Counter
  private let waiting: Gauge
  private let running: Gauge
  private let failures: Counter
  private let calls: Counter
  private let callSeconds: Histogram
  private let commits: Histogram

  init(_ registry: MetricsRegistry) {
    runs = registry.counter(
      "ebb_runs_total", "Advances of runs, by playbook, profile and the status they came to.",
      labels: ["playbook", "profile", "status"])
    steps = registry.counter("ebb_steps_total", "Steps that were taken, by playbook.", labels: ["playbook"])
    writes = registry.counter(
      "ebb_effects_total", "Writes, by operation and what became of them.", labels: ["operation", "outcome"])
    seconds = registry.histogram(
      "ebb_run_seconds", "From the start of a run to where it ended or waits.",
      bounds: [0.01, 0.1, 0.5, 1, 5, 30, 60, 300, 1800])
    occurrences = registry.counter(
      "ebb_occurrences_total", "Occurrences of schedules, by what became of them.", labels: ["outcome"])
    lateness = registry.histogram(
      "ebb_occurrence_lateness_seconds", "How much later than its instant an occurrence that ran was accounted for.",
      bounds: [0.005, 0.01, 0.02, 0.05, 0.1, 0.5, 1, 10, 60])
    deliveries = registry.counter(
      "ebb_event_deliveries_total", "Events that were handed to playbooks, by outcome.",
      labels: ["playbook", "outcome"])
    waiting = registry.gauge("ebb_runs_waiting", "Runs that are due and wait for a worker.")
    running = registry.gauge("ebb_runs_running", "Runs that are advanced now.")
    calls = registry.counter(
      "ebb_api_calls_total", "Requests that were sent to the API, by operation and what became of them.",
      labels: ["operation", "outcome"])
    callSeconds = registry.histogram(
      "ebb_api_call_seconds", "From a request's leaving to its answer.",
      bounds: [0.01, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30])
    commits = registry.histogram(
      "ebb_store_commit_seconds", "What a transaction of the store took until it was on the disk.",
      bounds: [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.5, 1, 10])
    failures = registry.counter(
      "ebb_store_failures_total", "Times that the store could not be used, by who asked.", labels: ["by"])
  }

  func ended(_ report: RunReport) {
    runs.add(1, report.playbook, report.profile, report.status.name)
    steps.add(Double(report.steps), report.playbook)
    for write in report.writes { writes.add(1, write.operation, write.outcome) }
    seconds.observe(Double(max(0, report.ended - report.started)) / 1000)
  }

  func accounted(_ rows: [Occurrence]) {
    for row in rows { occurrences.add(1, row.outcome.rawValue) }
  }

  func late(_ milliseconds: Milliseconds) { lateness.observe(Double(max(0, milliseconds)) / 1000) }

  func delivered(_ rows: [Delivery]) {
    for row in rows { deliveries.add(1, row.playbook, row.outcome.rawValue) }
  }

  func depth(waiting: Int, running: Int) {
    self.waiting.set(Double(waiting))
    self.running.set(Double(running))
  }

  func called(_ exchange: Exchange) {
    calls.add(1, exchange.operation, exchange.outcome)
    callSeconds.observe(exchange.time)
  }

  func committed(in time: Duration) { commits.observe(time) }

  func failed(_ who: String) { failures.add(1, who) }
}

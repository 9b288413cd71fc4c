import Synchronization

/// All metrics of a process, written in the Prometheus text format 0.0.4.
///
/// Names and help texts are given once, when a metric is made; see docs/metrics.md for what each tells.
public final class MetricsRegistry: Sendable {
  private let families = Mutex<[MetricFamily]>([])

  /// A registry without metrics.
  public init() {}

  /// A number that only grows; its name ends with `_total`.
  public func counter(_ name: String, _ help: String, labels: [String] = []) -> Counter {
    Counter(family: add(MetricFamily(name: name, help: help, kind: .counter, labels: labels)))
  }

  /// A number that goes up and down.
  public func gauge(_ name: String, _ help: String, labels: [String] = []) -> Gauge {
    Gauge(family: add(MetricFamily(name: name, help: help, kind: .gauge, labels: labels)))
  }

  /// How often values fell below each bound; in seconds, its name ends with `_seconds`.
  public func histogram(_ name: String, _ help: String, bounds: [Double], labels: [String] = []) -> Histogram {
    Histogram(family: add(MetricFamily(name: name, help: help, kind: .histogram(bounds.sorted()), labels: labels)))
  }

  /// Everything, as it is scraped: families in the order they were made, series by their labels.
  public func text() -> String {
    families.withLock { $0 }.map { $0.text() }.joined()
  }

  /// The family of that name; one that is there already is used on, so that two makers share it.
  private func add(_ family: MetricFamily) -> MetricFamily {
    families.withLock { families in
      if let known = families.first(where: { $0.name == family.name }) { return known }
      families.append(family)
      return family
    }
  }
}

/// A number that only grows.
public struct Counter: Sendable {
  let family: MetricFamily

  /// Adds to the series of those label values; a negative amount is left out.
  public func add(_ amount: Double = 1, _ labels: String...) {
    guard amount >= 0 else { return }
    family.change(labels) { $0.value += amount }
  }
}

/// A number that goes up and down.
public struct Gauge: Sendable {
  let family: MetricFamily

  /// Sets the series of those label values.
  public func set(_ value: Double, _ labels: String...) {
    family.change(labels) { $0.value = value }
  }

  /// Adds to the series of those label values.
  public func add(_ amount: Double, _ labels: String...) {
    family.change(labels) { $0.value += amount }
  }
}

/// A distribution of values.
public struct Histogram: Sendable {
  let family: MetricFamily

  /// Counts a value in the series of those label values.
  public func observe(_ value: Double, _ labels: String...) {
    family.observe(value, labels)
  }

  /// Counts a duration, in seconds.
  public func observe(_ duration: Duration, _ labels: String...) {
    let parts = duration.components
    family.observe(Double(parts.seconds) + Double(parts.attoseconds) / 1e18, labels)
  }
}

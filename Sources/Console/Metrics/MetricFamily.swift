import Synchronization

/// One metric with a series for each combination of label values.
///
/// There are at most ``maximumSeries``; what comes after is counted together under `other`, so that no peer can make the
/// process hold ever more of them.
final class MetricFamily: Sendable {
  enum Kind: Hashable, Sendable {
    case counter
    case gauge
    case histogram([Double])

    var name: String {
      switch self {
      case .counter: "counter"
      case .gauge: "gauge"
      case .histogram: "histogram"
      }
    }

    var bounds: [Double] {
      if case .histogram(let bounds) = self { bounds } else { [] }
    }
  }

  struct Series: Sendable {
    /// A counter's or gauge's value; a histogram's sum.
    var value = 0.0
    /// How many values fell to each bound, and above the last.
    var counts: [Int]
  }

  static let maximumSeries = 500

  let name: String
  private let help: String
  private let kind: Kind
  private let labels: [String]
  private let series: Mutex<[[String]: Series]>

  init(name: String, help: String, kind: Kind, labels: [String]) {
    self.name = name
    self.help = help
    self.kind = kind
    self.labels = labels
    // A metric without labels is there from the start, at zero.
    series = Mutex(labels.isEmpty ? [[]: Series(counts: Self.empty(kind))] : [:])
  }

  func change(_ values: [String], _ body: (inout Series) -> Void) {
    // Label values beyond the names are left out, missing ones are empty: a metric must never end a request.
    let padded = labels.indices.map { $0 < values.count ? values[$0] : "" }
    series.withLock { series in
      let isKnown = series[padded] != nil || series.count < Self.maximumSeries
      let key = isKnown ? padded : labels.map { _ in "other" }
      body(&series[key, default: Series(counts: Self.empty(kind))])
    }
  }

  func observe(_ value: Double, _ values: [String]) {
    guard value.isFinite else { return }
    let bounds = kind.bounds
    let index = bounds.firstIndex { value <= $0 } ?? bounds.count
    change(values) { series in
      series.value += value
      series.counts[index] += 1
    }
  }

  func text() -> String {
    let series = series.withLock { $0 }.sorted { $0.key.lexicographicallyPrecedes($1.key) }
    var text = "# HELP \(name) \(MetricText.help(help))\n# TYPE \(name) \(kind.name)\n"
    for (values, series) in series {
      let pairs = zip(labels, values).map { MetricText.label($0, $1) }
      guard case .histogram(let bounds) = kind else {
        text += MetricText.sample(name, pairs, series.value)
        continue
      }
      var count = 0
      for (bound, more) in zip(bounds.map(MetricText.number) + ["+Inf"], series.counts) {
        count += more
        text += MetricText.sample(name + "_bucket", pairs + [MetricText.label("le", bound)], Double(count))
      }
      text += MetricText.sample(name + "_sum", pairs, series.value)
      text += MetricText.sample(name + "_count", pairs, Double(count))
    }
    return text
  }

  private static func empty(_ kind: Kind) -> [Int] {
    Array(repeating: 0, count: kind.bounds.count + 1)
  }
}

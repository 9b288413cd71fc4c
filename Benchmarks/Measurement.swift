import Foundation

/// One line of the report: what was measured, how it came out, and what it has to be.
struct Measurement {
  /// What a figure has to be.
  enum Threshold {
    case atLeast(Double)
    case atMost(Double)
    case below(Double)
    case exactly(Double)

    func holds(for value: Double) -> Bool {
      switch self {
      case .atLeast(let bound): value >= bound
      case .atMost(let bound): value <= bound
      case .below(let bound): value < bound
      case .exactly(let bound): value == bound
      }
    }

    var words: String {
      switch self {
      case .atLeast(let bound): "at least \(Measurement.text(bound))"
      case .atMost(let bound): "at most \(Measurement.text(bound))"
      case .below(let bound): "under \(Measurement.text(bound))"
      case .exactly(let bound): Measurement.text(bound)
      }
    }
  }

  let name: String
  let figure: String
  let threshold: String
  /// Whether the threshold is kept; nil where there is none.
  let isMet: Bool?

  /// A figure with its unit, e.g. `ms`; a ratio has none.
  init(_ name: String, _ value: Double, unit: String = "", _ threshold: Threshold? = nil, note: String? = nil) {
    self.name = name
    let suffix = unit.isEmpty ? "" : " " + unit
    figure = Self.text(value) + suffix + (note.map { " (\($0))" } ?? "")
    self.threshold = threshold.map { $0.words + suffix } ?? "-"
    isMet = threshold?.holds(for: value)
  }

  /// One that could not be made, and why.
  init(skipped name: String, because reason: String) {
    (self.name, figure, threshold, isMet) = (name, "skipped: \(reason)", "-", nil)
  }

  /// Three significant digits, never as a power of ten.
  static func text(_ value: Double) -> String {
    let digits = value >= 100 || value == value.rounded() ? 0 : value >= 10 ? 1 : value >= 0.1 ? 2 : 4
    return String(format: "%.\(digits)f", value)
  }

  /// Name, figure, threshold, and `ok` or `over`, in columns.
  var line: String {
    let verdict = isMet.map { $0 ? "ok" : "over" } ?? "-"
    return [name.padded(to: 50), figure.padded(to: 50), threshold.padded(to: 20), verdict].joined(separator: " ")
  }
}

extension String {
  fileprivate func padded(to width: Int) -> String {
    self + String(repeating: " ", count: max(0, width - count))
  }
}

/// The middle value; of an even number of them the mean of the two in the middle.
func median(_ values: [Double]) -> Double {
  let sorted = values.sorted()
  guard !sorted.isEmpty else { return .nan }
  return (sorted[(sorted.count - 1) / 2] + sorted[sorted.count / 2]) / 2
}

/// The value that so large a part of them does not exceed.
func percentile(_ part: Double, of values: [Double]) -> Double {
  let sorted = values.sorted()
  guard !sorted.isEmpty else { return .nan }
  return sorted[min(sorted.count - 1, Int(Double(sorted.count) * part))]
}

/// Runs the sides in turn, A B A B …, after one round that is not counted; the figures of each side, by round.
func interleaved(
  rounds: Int, isolation: isolated (any Actor)? = #isolation, _ sides: [() async throws -> Double]
) async throws -> [[Double]] {
  var figures = sides.map { _ in [Double]() }
  for round in 0...rounds {
    for (index, side) in sides.enumerated() {
      let figure = try await side()
      if round > 0 { figures[index].append(figure) }
    }
  }
  return figures
}

/// The median of the ratios of each round: what slows a whole round down does not move it.
func ratio(_ figures: [Double], to base: [Double]) -> Double {
  median(zip(figures, base).map { $0 / $1 })
}

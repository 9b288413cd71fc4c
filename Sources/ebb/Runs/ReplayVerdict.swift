import JSON
import Journal
import Playbooks

/// What a replay found, in the words of `ebb runs replay`, `verify`, `migrate` and `bundle`.
struct ReplayVerdict {
  let report: ReplayReport

  /// Whether script and journal agree.
  var isIdentical: Bool { report.outcome == .identical }

  /// `identical`, `ends_otherwise`, `diverges` or `stopped`.
  var word: String {
    switch report.outcome {
    case .identical: "identical"
    case .ends: "ends_otherwise"
    case .diverged: "diverges"
    case .stopped: "stopped"
    }
  }

  /// A line for people.
  var text: String {
    switch report.outcome {
    case .identical: "identical: \(steps) answered from the journal, nothing asked of anybody"
    case .ends(let reason): "ends otherwise after \(steps): \(reason)"
    case .diverged(let divergence): "diverges: \(divergence.message)"
    case .stopped: "stopped after \(steps)"
    }
  }

  private var steps: String { report.steps == 1 ? "1 step" : "\(CountText.grouped(report.steps)) steps" }

  /// `{replay, steps, reason?, divergence?}`
  var document: JSONObject {
    var document: JSONObject = ["replay": .string(word), "steps": .integer(Int64(report.steps))]
    if case .ends(let reason) = report.outcome { document["reason"] = .string(reason) }
    if let divergence { document["divergence"] = divergence.json }
    return document
  }

  /// Where they part.
  var divergence: Divergence? {
    if case .diverged(let divergence) = report.outcome { divergence } else { nil }
  }
}

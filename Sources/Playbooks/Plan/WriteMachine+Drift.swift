import Catalogue
import JSON
import Journal

extension WriteMachine {
  /// The end of a planned write whose resource is not as it was when the plan was made: nothing is sent.
  func drifted(_ drifts: [Drift]) -> Conclusion {
    let detail = drifts.map(\.description).joined(separator: ", ")
    let failure = ScriptFailure(.drifted, detail, operation: operation.id)
    var conclusion = Conclusion(state: nil, result: .raised(failure.fields), decision: .kept, detail: detail)
    conclusion.difference = .array(
      drifts.map { drift in
        [
          "resource": .string(resource), "field": .string(drift.field.description), "planned": drift.planned,
          "now": drift.now,
        ]
      })
    return conclusion
  }
}

extension Drift {
  /// Under which such a write is counted.
  static let reason = "it changed since it was planned"

  /// The drift in words: `refundStatus: planned 10, now -20`.
  var description: String {
    func text(_ value: JSON) -> String { value.isNull ? "nothing" : value.scalarText ?? value.text() }
    return "\(field.tokens.last ?? ""): planned \(text(planned)), now \(text(now))"
  }
}

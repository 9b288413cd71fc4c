import Catalogue
public import JSON
import Journal

/// A field that is not as it was when the plan was made.
public struct Drift: Hashable, Sendable {
  /// The read that shows it.
  public let operation: String
  /// Where in the read's `data` it stands.
  public let field: JSONPointer
  /// What the plan says; null where it was absent.
  public let planned: JSON
  /// What is there now.
  public let now: JSON
}

/// What must hold for a planned write to be sent: its resources as the plan shows them (G10), and its amount.
struct Expectation: Hashable, Sendable {
  let readings: [PlannedEffect.Reading]
  /// The amount that was shown to whoever applies the plan.
  let charge: Charge?

  /// Whether the person who applied the plan saw that amount, and with it approved the write (G11).
  func approves(_ charge: Charge?) -> Bool { charge == self.charge }

  /// What changed, in the order of the catalogue's fields.
  ///
  /// - Parameter befores: the `data` of the reads before the write, in the order in which the catalogue makes them.
  func drift(of operation: Operation, in befores: [JSON]) -> [Drift] {
    var drifts: [Drift] = []
    for (index, reading) in readings.enumerated() {
      let now = befores.indices.contains(index) ? operation.watchedFields(in: befores[index]) : []
      let present = Dictionary(now.map { ($0.pointer, $0.value) }) { first, _ in first }
      let planned = Dictionary(reading.fields.map { ($0.field, $0.value) }) { first, _ in first }
      let fields = reading.fields.map(\.field) + now.map(\.pointer).filter { planned[$0] == nil }
      for field in fields {
        let (was, found) = (planned[field] ?? .null, present[field] ?? .null)
        if !was.means(found) {
          drifts.append(Drift(operation: reading.operation, field: field, planned: was, now: found))
        }
      }
    }
    return drifts
  }
}

extension JSON {
  /// Whether two values say the same, scalars compared as text: `-20` and `"-20"` are one status.
  fileprivate func means(_ other: JSON) -> Bool {
    if let text = scalarText, let otherText = other.scalarText { return text == otherText }
    return self == other
  }
}

import Foundation
import JSON
import Journal

extension RunAssignment {
  /// The plan that the run applies: what it was started with, where that is its trigger.
  var plan: PlanDocument? {
    guard trigger == .apply, let event else { return nil }
    return try? PlanDocument(parsing: event)
  }
}

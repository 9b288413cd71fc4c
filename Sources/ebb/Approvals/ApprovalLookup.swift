import Journal
import Playbooks

/// Finds the questions that a person names.
struct ApprovalLookup {
  let store: any Store

  /// The question of that id, e.g. `A12`; also `a12` and `12`.
  ///
  /// - Throws: `CommandFailure` of status `usage`, with the ids that can be meant.
  func approval(_ name: String) async throws -> Approval {
    var filter = ApprovalFilter()
    filter.at = SystemClock().now()
    let upper = name.uppercased()
    filter.id = upper.hasPrefix("A") ? upper : "A" + upper
    if let found = try await store.approvals(filter).first { return found }
    let waiting = try await pending(of: nil)
    throw CommandFailure.usage(
      "there is no approval \"\(Terminal.clean(name))\"",
      hint: waiting.isEmpty
        ? "nothing waits for an approval"
        : "waiting: " + waiting.prefix(5).map(\.id).joined(separator: ", "), label: "unknown_approval")
  }

  /// What waits for an answer, the first asked first.
  func pending(of run: RunID?) async throws -> [Approval] {
    var filter = ApprovalFilter()
    filter.at = SystemClock().now()
    filter.run = run
    filter.states = [.pending]
    filter.limit = 10_000
    return try await store.approvals(filter).reversed()
  }
}

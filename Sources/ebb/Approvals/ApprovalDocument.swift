import JSON
import Journal
import Playbooks

extension Approval {
  /// A question for machines: `{approval, run, step, state, title, items, digest, resources, asked, expires, by, why,
  /// decided}`.
  var document: JSON {
    [
      "approval": .string(id), "run": .string(run.text), "step": .string(path.description),
      "state": .string(state.rawValue), "title": .string(title), "items": items, "digest": .string(digest),
      "resources": .array(claims.map { .string($0.resource) }), "asked": .string(InstantText.text(asked)),
      "expires": .string(InstantText.text(expires)), "by": by.map(JSON.string) ?? .null,
      "why": why.map(JSON.string) ?? .null, "decided": decided.map { .string(InstantText.text($0)) } ?? .null,
    ]
  }

  /// How it stands, for a person.
  func standing(_ time: LocalTime) -> String {
    let reason = why.map { ": \($0)" } ?? ""
    switch state {
    case .pending: return "waits for an answer until \(time.text(expires))"
    case .approved, .rejected:
      return "\(state.rawValue) by \(by ?? "someone")" + (decided.map { " on \(time.text($0))" } ?? "") + reason
    case .expired: return "nobody answered by \(time.text(expires))"
    case .superseded: return "superseded: what was shown is no longer so, or its run is over"
    }
  }
}

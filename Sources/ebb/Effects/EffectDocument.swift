import JSON
import Journal
import Playbooks

extension EffectRecord {
  /// What it touches, e.g. `taobao.refund:110000235001`; several with commas between.
  var resource: String { claims.map(\.resource).joined(separator: ", ") }

  /// The ids of what it touches, where the operation tells their kind.
  var resourceIDs: String { claims.map(\.id).joined(separator: ", ") }

  /// Its name as tables have it: `9f86d081:5/2`.
  var shortID: String { "\(run.short):\(path)" }

  /// The shop; an effect without a claim has none to show.
  var profile: String? { claims.first?.profile }

  /// An effect for machines: `{effect, run, step, operation, profile, resources, state, live, attempt, amount, direction,
  /// intended, changed, detail}`.
  var document: JSONObject {
    [
      "effect": .string(id), "run": .string(run.text), "step": .string(path.description),
      "operation": .string(operation), "profile": profile.map(JSON.string) ?? .null,
      "resources": .array(claims.map { .string($0.resource) }), "state": .string(state.rawValue),
      "live": .bool(state.isLive), "attempt": .integer(Int64(attempt)), "amount": charge?.money.json ?? .null,
      "direction": (charge?.direction.rawValue).map(JSON.string) ?? .null,
      "intended": .string(InstantText.text(intended)), "changed": .string(InstantText.text(changed)),
      "detail": detail.map(JSON.string) ?? .null,
    ]
  }
}

extension EffectState {
  /// What the state says, for a person who has not met it before.
  var meaning: String {
    switch self {
    case .intended: "announced; it may have been sent"
    case .accepted: "the API took it; a read has to show that it is done"
    case .confirmed: "done"
    case .rejected: "refused by the API; nothing changed"
    case .withdrawn: "not sent"
    case .unknown: "sent; whether it took effect is not known"
    case .notDone: "looked at: it did not take effect"
    case .disputed: "looked at, and unclear: a person decides"
    }
  }
}

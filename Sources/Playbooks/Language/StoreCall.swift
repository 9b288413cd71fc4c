import Catalogue
import JSON
import Journal

/// What a script asks of the store itself: what its playbook remembers, or that an event is stored.
enum StoreCall {
  case get(String)
  case set(String, JSON)
  case delete(String)
  case claim(String, in: String, owner: String)
  case keys(prefix: String)
  case raise(RaisedEvent)

  /// The step's name.
  var name: String {
    switch self {
    case .get: "state.get"
    case .set: "state.set"
    case .delete: "state.delete"
    case .claim: "state.claim"
    case .keys: "state.keys"
    case .raise: "events.raise"
    }
  }

  /// The arguments as they are journaled.
  var arguments: JSON {
    switch self {
    case .get(let key), .delete(let key): ["key": .string(key)]
    case .set(let key, let value): ["key": .string(key), "value": value]
    case .claim(let key, let namespace, let owner):
      ["namespace": .string(namespace), "key": .string(key), "owner": .string(owner)]
    case .keys(let prefix): ["prefix": .string(prefix)]
    case .raise(let event): event.arguments
    }
  }

  /// The same for the store, in that run.
  func request(of assignment: RunAssignment, at path: StepPath, now: Milliseconds) -> StoreStep.Request {
    switch self {
    case .get(let key): .get(key)
    case .set(let key, let value): .set(key, value)
    case .delete(let key): .delete(key)
    case .claim(let key, let namespace, let owner): .claim(key, in: namespace, owner: owner)
    case .keys(let prefix): .keys(prefix: prefix)
    case .raise(let event): .raise(event.record(of: assignment, at: path, now: now), since: event.since)
    }
  }

  /// The error of a playbook that may keep no more.
  var refusal: ScriptFailure {
    if case .claim = self {
      return ScriptFailure(
        .guard, "state.claim: this playbook holds \(StateLimit.claims) claims for this shop, and may hold no more",
        hint: "`ebb state list NAME --claims` shows them, `ebb state delete` forgets some")
    }
    return ScriptFailure(
      .guard, "state.set: this playbook keeps \(StateLimit.values) values for this shop, and may keep no more",
      hint: "keep several things under one key, or delete what is over; `ebb state list NAME` shows them")
  }
}

import Catalogue
import JSON
import Journal
import Lua

/// The calls of the script that applies a plan (`stdlib/ebb/apply.lua`).
extension ScriptWorld {
  func registerPlan() {
    define("plan") { [unowned self] call in
      answer(call) { _ throws(ScriptFailure) in [.array(try self.plan().effects.map(\.head))] }
    }
    define("carry_out", waits: true) { [unowned self] call in
      request(call) { arguments throws(ScriptFailure) in
        let effects = try self.plan().effects
        guard let index = arguments[0]?.integer.map({ Int($0) - 1 }), effects.indices.contains(index) else {
          throw ScriptFailure(.invalid, "the plan has no such effect")
        }
        let effect = effects[index]
        let operation = try self.operation(effect.operation)
        let ids = (arguments[1]?.object ?? [:]).compactMap { name, id in id.string.map { (name, $0) } }
        return .carryOut(
          PendingStep.Act(
            subject: Subject(effect.about), reason: effect.reason ?? "planned without a reason",
            expectation: Expectation(readings: effect.readings, charge: effect.charge)),
          operation, try self.checked(effect.arguments.replacing(ids), for: operation))
      }
    }
  }

  private func plan() throws(ScriptFailure) -> PlanDocument {
    guard let plan = host.plan else { throw ScriptFailure(.invalid, "this run applies no plan") }
    return plan
  }
}

extension PlannedEffect {
  /// What the decision about it names: its subject, or what it touches where the script called the operation directly.
  var about: JSON {
    if let subject { return subject }
    guard let resource = resources.first else { return ["id": .string(operation)] }
    let id = resource.split(separator: ":", maxSplits: 1).last.map(String.init) ?? resource
    return ["id": .string(id)]
  }

  /// What the script that applies the plan sees of it.
  fileprivate var head: JSON {
    var head: JSONObject = [
      "id": .string(path.description), "operation": .string(operation),
      "resource": .string(resources.joined(separator: ", ")), "subject": about,
    ]
    if !creates.isEmpty {
      head["creates"] = .object(
        JSONObject(
          creates.sorted { $0.key < $1.key }.map { entry in
            (key: entry.key, value: .array(entry.value.map { .string($0.description) }))
          }))
    }
    if !after.isEmpty { head["depends_on"] = .array(after.map { .string($0.description) }) }
    return .object(head)
  }
}

extension JSON {
  /// The value with placeholders replaced by what they stand for, also inside longer texts.
  func replacing(_ ids: [(String, String)]) -> JSON {
    if ids.isEmpty { return self }
    switch self {
    case .string(let text):
      guard text.contains(PlanWorld.prefix) else { return self }
      // The longest first: one may begin with another.
      return .string(
        ids.sorted { $0.0.utf8.count > $1.0.utf8.count }.reduce(text) { text, id in text.replacing(id.0, with: id.1) })
    case .array(let elements): return .array(elements.map { $0.replacing(ids) })
    case .object(let members): return .object(members.mapValues { $0.replacing(ids) })
    case .null, .bool, .integer, .bigInteger, .number: return self
    }
  }
}

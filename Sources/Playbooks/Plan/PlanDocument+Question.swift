import Catalogue
import JSON
public import Journal

extension PlanDocument {
  /// The question whether the plan may be applied: what a person is shown of a run that only plans.
  ///
  /// Its items are the plan, with its digest, and then each effect, so that a yes is bound to all of them (G11). Until it is
  /// answered, other runs leave alone what the effects touch.
  public var question: ApprovalRequest {
    var plan: JSONObject = [
      "plan": .string(digest), "playbook": .string(playbook), "effects": .integer(Int64(effects.count)),
    ]
    for total in totals { plan[total.direction.rawValue] = total.amount.json }
    let sums = totals.map { ", \($0.amount) \($0.direction.rawValue)" }.joined()
    let writes = effects.count == 1 ? "1 write" : "\(effects.count) writes"
    return ApprovalRequest(
      path: Self.questionPath, title: "plan of \(playbook) for \(shop.name): \(writes)\(sums)",
      items: .array([.object(plan)] + effects.map(\.item)), claims: claims, expires: expires)
  }

  /// Where a run that only plans asks; it has no steps of its own.
  static let questionPath = StepPath([1])

  /// What the effects touch; what they would only create cannot be met by anybody else.
  private var claims: [ClaimKey] {
    var seen: Set<ClaimKey> = []
    return effects.flatMap(\.resources).compactMap { resource in
      let parts = resource.split(separator: ":", maxSplits: 1)
      guard parts.count == 2, !parts[1].hasPrefix("plan:") else { return nil }
      let claim = ClaimKey(profile: shop.name, kind: String(parts[0]), id: String(parts[1]))
      return seen.insert(claim).inserted ? claim : nil
    }
  }
}

extension PlannedEffect {
  /// What a person is shown of it, as of a write that asks for itself.
  fileprivate var item: JSON {
    var item: JSONObject = ["operation": .string(operation), "arguments": arguments]
    item["resources"] = .array(resources.map(JSON.string))
    item["subject"] = subject?["id"]
    item["subject_title"] = subject?["title"]
    item["reason"] = reason.map(JSON.string)
    var before = JSONObject()
    for change in changes { before["\(change.field)"] = change.before }
    item["before"] = .object(before)
    item["amount"] = charge?.json
    return .object(item)
  }
}

extension Approval {
  /// The digest of the plan that it asks about; nil for any other question.
  public var plan: String? { path == PlanDocument.questionPath ? items[0]?["plan"]?.string : nil }
}

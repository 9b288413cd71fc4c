import JSON
import Journal
import Playbooks

/// One question as a person decides it: what would be done, to what, why, how it stands, and what it costs.
struct ApprovalPage {
  let approval: Approval
  let run: RunRecord?
  /// The plan that it asks about.
  let plan: PlanDocument?
  let time: LocalTime

  /// The page of a question in that store.
  init(_ approval: Approval, in store: any Store, _ time: LocalTime) async throws {
    self.approval = approval
    self.time = time
    run = try await store.run(approval.run)
    var plan: PlanDocument?
    if let digest = approval.plan, let kept = try await store.plan(digest) {
      plan = try PlanDocument(parsing: kept.document)
    }
    self.plan = plan
  }

  /// For people.
  func text(_ terminal: Terminal) -> String {
    var facts = Facts()
    facts.add("approval", approval.id)
    facts.add("asks", approval.title)
    facts.add(
      "run", "\(approval.run), step \(approval.path)" + (run.map { ", \($0.playbook) for \($0.profile)" } ?? ""))
    facts.add("asked", time.text(approval.asked))
    facts.add("state", approval.standing(time))
    let head = facts.render(width: terminal.width, style: terminal.style)
    // The question names the plan's digest: the plan's own page shows the same, and more of it on a line.
    if let plan { return head + "\n\n" + PlanPage(plan: plan, terminal: terminal).text }
    let items = approval.items.array ?? [approval.items]
    let blocks = items.map { item in
      var facts = Facts()
      for (name, value) in Self.rows(of: item) { facts.add(name, value) }
      return facts.render(width: terminal.width, style: terminal.style)
    }
    return ([head] + blocks).joined(separator: "\n\n")
  }

  /// What is shown of one item: each field with its name; money as people write it.
  private static func rows(of item: JSON) -> [(String, String)] {
    guard let fields = item.object else { return [("item", shown(item))] }
    return fields.map { name, value in (name.replacing("_", with: " "), shown(value)) }
  }

  private static func shown(_ value: JSON) -> String {
    if let money = Money(json: value) {
      return "\(money)" + (value["direction"]?.string.map { " (\($0))" } ?? "")
    }
    if let list = value.array, list.allSatisfy({ $0.scalarText != nil }) {
      return list.compactMap(\.scalarText).joined(separator: ", ")
    }
    if let object = value.object {
      return object.map { "\($0.key) = \($0.value.isNull ? "nothing" : $0.value.scalarText ?? $0.value.text())" }
        .joined(separator: "\n")
    }
    return value.scalarText ?? value.text()
  }
}

import Catalogue
import JSON
import Journal
import Playbooks

/// What a person reads of a plan: every effect, what it stands on, and what all of them move.
struct PlanPage {
  let plan: PlanDocument
  let terminal: Terminal

  /// The effects and their totals, without a line feed at the end; says so where there are none.
  var text: String {
    let effects = plan.effects.isEmpty ? "The plan has no effects: nothing would be written." : effects
    return ([effects] + notes).joined(separator: "\n\n")
  }

  private var effects: String {
    var table = Table([
      .fixed("EFFECT", role: .faint), .fixed("OPERATION"), .flexible("RESOURCE", minimum: 20, role: .name),
      .flexible("CHANGE", minimum: 16), .fixed("AMOUNT", .trailing), .flexible("REASON", minimum: 12),
    ])
    for effect in plan.effects {
      table.append([
        effect.path.description, effect.operation, effect.resources.joined(separator: ", "), Self.change(effect),
        effect.charge.map(Self.amount) ?? "", effect.reason ?? "",
      ])
    }
    table.footer = [
      "", Self.counted(plan.effects.count), "", "",
      plan.totals.map { "\(Self.word($0.direction)) \($0.amount)" }.joined(separator: ", "), "",
    ]
    return table.render(width: terminal.width, style: terminal.style)
  }

  /// `refundStatus 10 → -20`; what would be created is named.
  static func change(_ effect: PlannedEffect) -> String {
    let changes = effect.changes.map { "\($0.field.tokens.last ?? "") \(value($0.before)) → \(value($0.after))" }
    let created = effect.creates.keys.sorted().map { "creates \($0)" }
    return (changes + created).joined(separator: ", ")
  }

  private static func value(_ value: JSON) -> String {
    value.isNull ? "nothing" : value.scalarText ?? value.text()
  }

  private static func amount(_ charge: Charge) -> String {
    Money(minorUnits: charge.minorUnits, currency: charge.currency).description
  }

  /// Which way money goes, in a word that stands before an amount.
  static func word(_ direction: Charge.Direction) -> String {
    switch direction {
    case .out: "pays"
    case .in: "gets back"
    case .forgone: "gives up"
    }
  }

  private static func counted(_ effects: Int) -> String {
    CountText.grouped(effects) + (effects == 1 ? " effect" : " effects")
  }

  /// What else is to be known before the plan is applied.
  private var notes: [String] {
    var notes: [String] = []
    let asked = plan.effects.filter { $0.approval != nil }
    if let first = asked.first {
      notes.append(
        "\(Self.counted(asked.count)) would wait for a person (\(first.approval ?? "")): "
          + "whoever applies the plan approves what is shown.")
    }
    for approval in plan.approvals {
      notes.append("The script asks, and the plan answers yes: \(Terminal.clean(approval.title))")
    }
    let messages = Dictionary(grouping: plan.notices.compactMap { $0["channel"]?.string }) { $0 }.mapValues(\.count)
    for (channel, count) in messages.sorted(by: { $0.key < $1.key }) {
      notes.append(
        "The script sends \(count == 1 ? "a message" : "\(count) messages") to \(Terminal.clean(channel)); "
          + "applying the plan sends none.")
    }
    let later = plan.effects.compactMap(\.waits)
    if let end = later.max() {
      notes.append(
        "\(Self.counted(later.count)) would wait for the end of quiet hours, until "
          + "\(InstantText.text(end)) at the latest.")
    }
    return notes
  }
}

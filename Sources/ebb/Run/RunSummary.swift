import JSON
import Journal
import Playbooks

/// What a person reads when a run is over: decisions by reason, writes by outcome, and how it ended.
struct RunSummary {
  let report: RunReport
  let terminal: Terminal
  /// Whether every subject is listed, and not only counted.
  let listsSubjects: Bool
  /// Whether the run is named: it can be looked at and go on by its name.
  var namesRun = false
  /// Where its tables were written to.
  var files: [String] = []

  /// The whole text, without a line feed at its end.
  var text: String {
    var parts: [String] = []
    if listsSubjects, !report.decisions.isEmpty { parts.append(subjects) }
    parts += report.reports.map { ReportPage($0, terminal).text }
    if !report.decisions.isEmpty { parts.append(decisions) }
    if let result = report.result { parts.append(Terminal.clean(result.text(.pretty), keepLines: true)) }
    parts.append(ending)
    return parts.joined(separator: "\n\n")
  }

  private var subjects: String {
    var table = Table([
      .fixed("SUBJECT", role: .name), .fixed("DECISION"), .flexible("REASON", minimum: 16),
      .flexible("DETAIL", minimum: 10, role: .faint), .fixed("AMOUNT", .trailing),
    ])
    let order = Decision.Kind.allCases
    let sorted = report.decisions.enumerated().sorted { left, right in
      let (a, b) = (left.element, right.element)
      if a.kind != b.kind { return (order.firstIndex(of: a.kind) ?? 0) < (order.firstIndex(of: b.kind) ?? 0) }
      return a.reason != b.reason ? a.reason < b.reason : left.offset < right.offset
    }
    for (_, decision) in sorted {
      table.append([
        decision.subject, Self.word(decision.kind), decision.reason, decision.detail ?? "",
        decision.amount.map { Money(minorUnits: $0.minorUnits, currency: $0.currency).description } ?? "",
      ])
    }
    return table.render(width: terminal.width, style: terminal.style)
  }

  private var decisions: String {
    var table = Table([
      .fixed("DECISION"), .flexible("REASON", minimum: 16), .fixed("COUNT", .trailing), .fixed("AMOUNT", .trailing),
    ])
    for line in report.tally.lines {
      table.append([
        Self.word(line.kind), line.reason, CountText.grouped(line.count),
        line.amounts.map(\.description).joined(separator: ", "),
      ])
    }
    table.footer = ["", "\(report.playbook): all", CountText.grouped(report.decisions.count), ""]
    return table.render(width: terminal.width, style: terminal.style)
  }

  /// How the run ended, what was read and what was written, and how long it took.
  private var ending: String {
    let seconds = Double(report.ended - report.started) / 1000
    let head =
      "\(report.playbook) \(Self.word(report.status)) · profile \(report.profile) · "
      + "steps \(report.steps) · \((seconds * 10).rounded() / 10) s"
    // What is only planned is in the plan.
    let written = Dictionary(grouping: report.writes.filter { $0.outcome != "planned" }) {
      "\($0.operation) \($0.outcome)"
    }.mapValues(\.count)
    let role: Style.Role = report.status == .succeeded ? .success : .warning
    var lines = [
      terminal.style.paint(head, role), "read: " + Self.counts(report.reads), "written: " + Self.counts(written),
    ]
    if !report.notices.isEmpty {
      let told = Dictionary(grouping: report.notices) { "\($0.notice.channel) \($0.outcome)" }.mapValues(\.count)
      lines.append("told: " + Self.counts(told))
    }
    if !files.isEmpty { lines.append("report: " + files.map { Terminal.clean($0) }.joined(separator: ", ")) }
    if namesRun { lines.append("run: \(report.run)") }
    return lines.joined(separator: "\n")
  }

  private static func counts(_ counts: [String: Int]) -> String {
    if counts.isEmpty { return "nothing" }
    return counts.sorted { $0.key < $1.key }.map { "\($0.key) \($0.value)" }.joined(separator: ", ")
  }

  /// A decision's name in both languages, as operators' reports have it.
  static func word(_ kind: Decision.Kind) -> String {
    switch kind {
    case .done: "done 已执行"
    case .planned: "planned 计划"
    case .kept: "kept 保留"
    case .handedOver: "for a person 转人工"
    case .waiting: "waiting 待人工"
    case .failed: "failed 失败"
    }
  }

  private static func word(_ status: RunStatus) -> String {
    guard case .waiting(let wait) = status else { return status.name }
    switch wait {
    case .budget: return "stopped at its limits; a person decides"
    case .approval: return "waits for a person's approval"
    case .settlement: return "has a write in doubt; a person decides"
    case .time: return "sleeps"
    case .api: return "waits, as the API asked"
    case .credentials: return "waits for credentials"
    }
  }
}

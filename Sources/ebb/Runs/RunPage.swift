import JSON
import Journal
import Playbooks

/// One run as `ebb runs show` prints it.
struct RunPage {
  let history: RunHistory
  let holder: Lease?
  let time: LocalTime
  /// The most steps that are listed, from the end; nil for all.
  let last: Int?
  /// What people did to it.
  var audit: [AuditLine] = []
  /// The texts that it executes, where they are at hand: a divergence shows the lines.
  var version: PlaybookVersion?

  private var record: RunRecord { history.record }
  private var steps: ArraySlice<Step> { history.steps.suffix(last ?? .max) }

  /// For machines: the run's document with `parameters`, `result`, `held_by?`, `steps`, `decisions`, `effects`,
  /// `approvals`, `people`.
  var document: JSON {
    var document = record.document
    document["parameters"] = record.parameters
    if !record.event.isNull { document["event"] = record.event }
    document["result"] = record.result ?? .null
    document["held_by"] = holder.map { .string($0.worker) }
    document["steps"] = .array(steps.map { .object($0.document) })
    document["decisions"] = .array(history.decisions.map { .object($0.document) })
    document["effects"] = .array(history.effects.map { .object($0.document) })
    document["approvals"] = .array(
      history.approvals.map {
        [
          "approval": .string($0.id), "step": .string($0.path.description), "title": .string($0.title),
          "state": .string($0.state.rawValue), "asked": .string(InstantText.text($0.asked)),
          "expires": .string(InstantText.text($0.expires)), "by": $0.by.map(JSON.string) ?? .null,
        ]
      })
    document["people"] = .array(
      audit.map {
        [
          "time": .string(InstantText.text($0.instant)), "by": .string($0.by), "action": .string($0.action),
          "detail": $0.detail.map(JSON.string) ?? .null,
        ]
      })
    return .object(document)
  }

  /// For people.
  func text(_ terminal: Terminal) -> String {
    var blocks = [facts.render(width: terminal.width, style: terminal.style)]
    if !history.steps.isEmpty { blocks.append(timeline(terminal)) }
    if let divergence = record.failure.flatMap({ DivergenceText(failure: $0, version: version) }) {
      blocks.append(divergence.text(terminal))
    }
    let next = nextSteps
    if !next.isEmpty { blocks.append(next.joined(separator: "\n")) }
    return blocks.joined(separator: "\n\n")
  }

  private var facts: Facts {
    var facts = Facts()
    facts.add("run", record.id.text)
    facts.add("playbook", "\(record.playbook) (version \(record.version.prefix(12)))")
    facts.add("script", mainFile)
    facts.add("profile", record.profile)
    let remark = record.remark(time)
    facts.add("status", record.status.name + (remark.isEmpty ? "" : ": \(remark)"))
    if let holder {
      let worker = WorkerIdentity(holder.worker)
      facts.add(
        "held by", (worker?.text ?? holder.worker) + (worker?.isGone == true ? ", which has ended: it was cut off" : "")
      )
    }
    facts.add("started", "\(time.text(record.started)) by \(record.by.isEmpty ? record.trigger.rawValue : record.by)")
    facts.add(
      "ended", record.ended.map { "\(time.text($0)), after \(LocalTime.span($0 - record.started))" })
    if record.parameters.object?.isEmpty == false {
      facts.add("parameters", Sheet.summarised(record.parameters).text())
    }
    facts.add("result", record.result?.text())
    for line in audit {
      facts.add(
        "by hand", "\(time.text(line.instant)) \(line.action) by \(line.by)" + (line.detail.map { ": \($0)" } ?? ""))
    }
    return facts
  }

  private func timeline(_ terminal: Terminal) -> String {
    let decisions = Dictionary(grouping: history.decisions, by: \.step)
    let effects = Dictionary(history.effects.map { ($0.path, $0) }) { first, _ in first }
    var table = Table([
      .fixed("STEP", role: .name), .flexible("OPERATION", minimum: 18), .fixed("LINE", .trailing, role: .faint),
      .fixed("TOOK", .trailing), .wrapping("OUTCOME", minimum: 12), .wrapping("DECISION", minimum: 14),
    ])
    let file = mainFile
    for step in steps {
      let decided = (decisions[step.path] ?? []).map { "\($0.kind.rawValue) \($0.subject): \($0.reason)" }
      let tries = step.attempts > 1 ? " ×\(step.attempts)" : ""
      table.append([
        step.path.description, step.name, Self.place(step.line, in: file),
        LocalTime.span(step.instant - step.began) + tries,
        effects[step.path].map { "\($0.state.rawValue)\(step.outcome == "ok" ? "" : ": \(step.outcome)")" }
          ?? step.outcome,
        decided.joined(separator: "; "),
      ])
    }
    var text = table.render(width: terminal.width, style: terminal.style)
    if steps.count < history.steps.count {
      text += "\n" + terminal.style.paint("the last \(steps.count) of \(history.steps.count) steps", .faint)
    }
    return text
  }

  /// The file in which most steps are: its lines need no name.
  private var mainFile: String? {
    let files = steps.compactMap { $0.line.flatMap(Self.split)?.file }
    return Dictionary(grouping: files) { $0 }.max { ($0.value.count, $1.key) < ($1.value.count, $0.key) }?.key
  }

  private static func split(_ place: String) -> (file: String, line: String)? {
    guard let colon = place.lastIndex(of: ":") else { return nil }
    return (String(place[..<colon]), String(place[place.index(after: colon)...]))
  }

  private static func place(_ place: String?, in file: String?) -> String {
    guard let place, let parts = split(place) else { return place ?? "" }
    if parts.file == file { return parts.line }
    return (parts.file.split(separator: "/").last.map(String.init) ?? parts.file) + ":" + parts.line
  }

  /// What is open, and the command that goes on with it.
  private var nextSteps: [String] {
    var lines: [String] = []
    for effect in history.effects where effect.state.isLive {
      lines.append("in doubt: \(effect.operation) \(effect.resource)\n  ebb effects show \(effect.id)")
    }
    for approval in history.approvals where approval.state == .pending {
      lines.append("asks: \(Terminal.clean(approval.title))\n  ebb approvals show \(approval.id)")
    }
    if !record.status.isFinal, holder.map({ WorkerIdentity($0.worker)?.isGone ?? false }) ?? true {
      lines.append("goes on with:\n  \(record.plansOnly ? "ebb serve" : "ebb runs resume \(record.id)")")
    }
    return lines
  }
}

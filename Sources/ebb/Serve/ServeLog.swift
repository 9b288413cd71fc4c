import Foundation
import JSON
import Journal
import Playbooks
import Scheduling
import Synchronization

/// What a service says, a line for each thing that happened, on standard error: for people, or as JSON for machines.
struct ServeLog: Sendable {
  /// How lines are written.
  enum Format: String, CaseIterable, Sendable {
    case text
    case json
  }

  let format: Format
  let level: RunDisplay.Level

  /// Says something; the fields follow it.
  func say(_ level: RunDisplay.Level, _ message: String, _ fields: JSONObject = [:]) {
    guard level >= self.level else { return }
    let instant = InstantText.text(SystemClock().now())
    switch format {
    case .text:
      let details = fields.map { " \($0.key)=\($0.value.scalarText ?? $0.value.text())" }.joined()
      Terminal.printError(Terminal.clean("\(instant) \(level.rawValue) \(message)\(details)"))
    case .json:
      var line: JSONObject = [
        "time": .string(instant), "level": .string(level.rawValue), "message": .string(message),
      ]
      for (key, value) in fields { line[key] = value }
      Terminal.printError(JSON.object(line).text())
    }
  }

  func failed(_ what: String, _ name: String, _ reason: String) {
    say(.error, "\(what) failed", [what: .string(name), "reason": .string(reason)])
  }

  /// What a schedule says is wrong.
  func unkept(_ name: String, _ problem: ScheduleProblem) {
    var fields: JSONObject = ["schedule": .string(name), "reason": .string(problem.description)]
    fields["hint"] = problem.hint.map(JSON.string)
    say(.error, "schedule cannot be kept", fields)
  }

  func run(_ report: RunReport) {
    var fields: JSONObject = [
      "run": .string(report.run.text), "playbook": .string(report.playbook), "profile": .string(report.profile),
      "status": .string(report.status.name), "done": .integer(Int64(report.tally.count(.done))),
      "failed": .integer(Int64(report.tally.count(.failed))),
    ]
    if case .waiting(let wait) = report.status { fields["waiting_for"] = .string(wait.rawValue) }
    if let failure = report.failure { fields["reason"] = .string(failure.message) }
    say(report.status == .failed || report.status == .diverged ? .warn : .info, "run", fields)
  }

  func planned(_ run: RunRecord, effects: Int, _ path: String?) {
    say(
      .info, "plan waits for a person: ebb approve" + (path.map { ", or ebb apply \($0)" } ?? ""),
      ["run": .string(run.id.text), "playbook": .string(run.playbook), "writes": .integer(Int64(effects))])
  }

  func approved(_ run: RunRecord, _ approval: Approval, by apply: RunID) {
    say(
      .info, "plan is applied",
      [
        "run": .string(apply.text), "planned_by": .string(run.id.text), "approval": .string(approval.id),
        "by": approval.by.map(JSON.string) ?? .null,
      ])
  }

  func occurrences(_ rows: [Occurrence]) {
    for row in rows {
      var fields: JSONObject = [
        "schedule": .string(row.schedule.name), "profile": .string(row.schedule.profile),
        "instant": .string(InstantText.text(row.instant)),
      ]
      fields["run"] = row.run.map { .string($0.text) }
      fields["reason"] = row.reason.map(JSON.string)
      say(row.outcome == .missed ? .warn : .info, "occurrence \(row.outcome.rawValue)", fields)
    }
  }

  func dispatched(_ event: EventRecord, _ deliveries: [Delivery]) {
    var fields: JSONObject = [
      "event": .string(String(event.key.prefix(12))), "profile": .string(event.profile),
      "kind": event.kind.map(JSON.string) ?? "unknown",
    ]
    if deliveries.isEmpty { return say(.info, "event kept: no playbook asks for it", fields) }
    for delivery in deliveries {
      fields["playbook"] = .string(delivery.playbook)
      fields["run"] = delivery.run.map { .string($0.text) }
      fields["reason"] = delivery.reason.map(JSON.string)
      say(.info, "event \(delivery.outcome.rawValue)", fields)
    }
  }

  func news(_ news: PlaybookShelf.News) {
    switch news {
    case .added(let name, let file): say(.info, "playbook read", ["playbook": .string(name), "file": .string(file)])
    case .changed(let name, let file):
      say(
        .info, "playbook changed: runs that go on keep their version",
        ["playbook": .string(name), "file": .string(file)])
    case .gone(let name, let file): say(.warn, "playbook gone", ["playbook": .string(name), "file": .string(file)])
    case .broken(let file, let reason, let keeps):
      say(
        .error, keeps ? "playbook broken, its last good version is kept" : "playbook broken",
        ["file": .string(file), "reason": .string(reason)])
    case .folderBack(let folder):
      say(.info, "the folder of playbooks can be read again", ["folder": .string(folder)])
    case .folderUnreadable(let folder):
      say(.error, "the folder of playbooks cannot be read; they stay as they were", ["folder": .string(folder)])
    }
  }
}

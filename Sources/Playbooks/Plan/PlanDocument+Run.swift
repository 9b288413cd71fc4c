public import Catalogue
public import Foundation
public import JSON
import Journal

extension PlanDocument {
  /// What a run captured that only planned; nil where it wrote.
  public init?(of report: RunReport, _ assignment: RunAssignment, shop: Shop) {
    guard let plan = report.plan else { return nil }
    self.init(
      playbook: report.playbook, title: report.title, file: assignment.version.playbook.path,
      version: assignment.version.id, shop: shop, parameters: Sheet.summarised(.object(assignment.parameters)),
      guards: assignment.guards.json, created: report.started, by: assignment.by, effects: plan.effects,
      approvals: plan.approvals, notices: report.notices.map(\.json), tally: report.tally.json)
  }

  /// The run that carries the plan out, once: its id is made from the digest.
  ///
  /// It counts as a run of the playbook that was planned: the same budgets and the same history.
  ///
  /// - Parameters:
  ///   - guards: those of the configuration as it is now; they only tighten the plan's.
  ///   - profileGuards: what all playbooks of the shop are held to.
  ///   - by: who applies it.
  /// - Throws: ``LuaError`` or ``ParameterProblem`` where the plan's guards cannot be read.
  public func application(
    guards: Guards = Guards(), profileGuards: Guards = Guards(), by: String = "", zone: TimeZone = .gmt,
    catalogue: Catalogue
  ) async throws -> RunAssignment {
    let version = try PlaybookVersion(
      of: Array(ApplyScript.text(for: self).utf8), file: ApplyScript.path, folder: nil, catalogue: catalogue)
    let header = try await HeaderReader(catalogue: catalogue).header(of: version)
    return try RunAssignment(
      id: run, version: version, header: header, profile: shop.name, guards: guards, profileGuards: profileGuards,
      event: json, trigger: .apply,
      by: by, zone: zone)
  }
}

extension RunReport {
  /// What a run that applied a plan did not carry out because it was not as planned, each with `effect`, `operation`,
  /// `resource`, `reason` (`drifted` or `depends`) and `drift`; empty for any other run.
  public var refused: [JSON] {
    guard trigger == .apply else { return [] }
    return result?["refused"]?.array ?? []
  }

  /// Whether a planned write was refused because what it stands on had changed.
  public var isDrifted: Bool {
    // One that had to wait is refused behind the script's back, and only its decision says so.
    refused.contains { $0["reason"] == "drifted" }
      || trigger == .apply && decisions.contains { $0.reason == Drift.reason }
  }

  /// The report without what the script returned, for those to whom it is told otherwise.
  public var withoutResult: RunReport {
    var report = self
    report.result = nil
    return report
  }
}

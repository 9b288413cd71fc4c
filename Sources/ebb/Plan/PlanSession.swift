import Foundation
import JSON
import Journal
import Playbooks

/// One plan made for a person: shown, and kept where it is to be applied.
struct PlanSession {
  let proposal: ScriptProposal
  let assignment: RunAssignment
  let driver: RunDriver
  let store: any Store
  let display: RunDisplay
  let listsSubjects: Bool
  let json: Bool

  /// Makes the plan, shows it, and ends with its exit code: that of the run that was planned.
  ///
  /// - Parameter output: the file to keep it in; nil only shows it.
  func plan(to output: String?) async throws {
    let result = try await make()
    var status = ExitStatus(result.report)
    if result.report.status == .paused { status = .interrupted }
    var kept: String?
    if let output, result.obstacle == nil {
      try await keep(result.plan, in: output)
      kept = output
    }
    try conclude(result, status, kept, command: output)
  }

  /// Makes the plan of a playbook that is to be planned first, in the project's own folder, instead of running it.
  ///
  /// A person has to apply it: where it has effects the exit code is 5.
  func planFirst() async throws {
    let result = try await make()
    var status = ExitStatus(result.report)
    var kept: String?
    if result.report.status == .paused { status = .interrupted }
    if result.obstacle == nil, !result.plan.effects.isEmpty {
      let path = URL(filePath: proposal.configuration.folder)
        .appending(path: ".ebb/plans/\(result.plan.digest.prefix(12)).json").path(percentEncoded: false)
      try StoreOptions.makeFolder(of: path)
      try await keep(result.plan, in: path)
      kept = Self.shown(path)
      if status == .done { status = .waitingForPerson }
    }
    try conclude(result, status, kept, command: kept)
  }

  private func make() async throws -> Planner.Result {
    let planner = Planner(driver: driver, profile: proposal.profile, store: store, display: display)
    let assignment = assignment
    let result = try await Interrupt.cancelling { try await planner.plan(assignment) }
    display.finish()
    await driver.close()
    guard let result else { throw ExitStatus.interrupted }
    return result
  }

  private func keep(_ plan: PlanDocument, in path: String) async throws {
    // The store first: a file that the store does not know could not be applied.
    try await store.keep(plan.record)
    try PlanFile.write(plan, to: path)
  }

  private func conclude(
    _ result: Planner.Result, _ status: ExitStatus, _ kept: String?, command: String?
  ) throws {
    let terminal = Terminal.current
    if json {
      Terminal.print(result.json(status, file: kept).text(.pretty))
    } else {
      let page = PlanPage(plan: result.plan, terminal: terminal)
      let summary = RunSummary(report: result.report, terminal: terminal, listsSubjects: listsSubjects)
      Terminal.print([page.text, summary.text, ending(result, kept)].joined(separator: "\n\n"))
    }
    if let failure = result.report.failure {
      Terminal.printError(
        CommandFailure(script: failure, file: proposal.file).text(style: terminal.errorStyle))
    }
    if let obstacle = result.obstacle, command != nil {
      Terminal.printError("ebb: the plan is not kept: \(obstacle)")
    }
    if status != .done { throw status }
  }

  /// What can be done with it.
  private func ending(_ result: Planner.Result, _ kept: String?) -> String {
    let nothing = "Nothing was written."
    if result.plan.effects.isEmpty { return nothing }
    guard let kept else { return nothing + " To keep the plan and apply it: ebb plan \(proposal.file) -o plan.json" }
    let until = LocalTime(proposal.zone).text(result.plan.expires)
    return nothing + " Until \(until) this plan is applied with: ebb apply \(kept)"
  }

  /// A path as a person would type it in the current folder.
  static func shown(_ path: String) -> String {
    let here = FileManager.default.currentDirectoryPath + "/"
    return path.hasPrefix(here) ? String(path.dropFirst(here.count)) : path
  }
}

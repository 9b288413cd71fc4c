import JSON
import Journal
import PandaPon
import Playbooks

/// Makes a plan: runs a script for one shop with nothing that could write.
struct Planner {
  let driver: RunDriver
  let profile: Profile
  /// What the plan is to know of: holds, budgets, what is not settled.
  let store: any Store
  let display: RunDisplay

  /// What came of it.
  struct Result {
    let report: RunReport
    /// What was captured.
    let plan: PlanDocument
  }

  /// Runs the script to its end, as far as it can be planned.
  func plan(_ assignment: RunAssignment) async throws -> Result {
    var surroundings = RunSurroundings(
      planning: driver.catalogue, reader: try await driver.reader(for: profile.name),
      journal: try await PlanJournal(over: store, profile: profile.name, at: SystemClock().now()),
      observer: { [display] in display.observe($0) })
    surroundings.notices = .listed(driver.post)
    let advance = try await RunAdvance.start(assignment, in: surroundings)
    guard let report = advance.report,
      let plan = PlanDocument(of: report, assignment, shop: PlanDocument.Shop(profile))
    else {
      throw CommandFailure(.failed, "the plan could not be made", hint: "try it again")
    }
    return Result(report: report, plan: plan)
  }
}

extension Planner.Result {
  /// Why there is no plan to be applied; nil where there is one. What was captured of a script that broke off is not what
  /// its run would do.
  var obstacle: String? {
    switch report.status {
    case .succeeded, .waiting: nil
    case .failed where report.failure == nil: nil
    case .failed, .cancelled, .paused, .diverged, .queued, .running: "the script did not come to its end"
    }
  }

  /// The document for machines: the report, and what was captured.
  ///
  /// - Parameter file: where the plan was written; nil where it was not kept.
  func json(_ status: ExitStatus, file: String?) -> JSON {
    var document = report.json
    for name in ["run", "writes"] { document[name] = nil }
    for name in ["effects", "approvals", "notices", "totals", "guards", "created", "expires"] {
      document[name] = plan.json[name]
    }
    document["plan"] = file.map { ["file": .string($0), "digest": .string(plan.digest)] } ?? .null
    document["exit_code"] = .integer(Int64(status.rawValue))
    return document
  }
}

extension PlanDocument.Shop {
  /// The shop of a profile.
  init(_ profile: Profile) {
    self.init(name: profile.name, baseURL: profile.baseURL.description, userID: profile.userID)
  }
}

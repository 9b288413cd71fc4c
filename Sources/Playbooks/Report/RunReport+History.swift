public import Catalogue
public import Journal
import JSON

extension RunReport {
  /// The report of a run that nobody advances, as its journal has it.
  ///
  /// - Parameter catalogue: tells reads from writes.
  public init(_ history: RunHistory, catalogue: Catalogue) {
    let record = history.record
    var reads: [String: Int] = [:]
    for step in history.steps where catalogue[step.name]?.effect == .read { reads[step.name, default: 0] += 1 }
    var decisions: [Decision] = []
    var reports: [JSON] = []
    for note in history.notes.sorted(by: { $0.isBefore($1) }) {
      switch note.content {
      case .decision(let decision): decisions.append(decision)
      case .report(let report): reports.append(report)
      case .outcome, .log, .dispatch: break
      }
    }
    for case .outcome(let outcome) in history.notes.map(\.content) {
      guard let earlier = decisions.firstIndex(where: { $0.step == outcome.step && $0.subject == outcome.subject })
      else { continue }
      decisions[earlier] = outcome
    }
    self.init(
      run: record.id, playbook: record.playbook, title: nil, profile: record.profile, status: record.status,
      wake: record.wake, ownWake: Self.passes(record.status) ? record.wake : nil,
      failure: record.failure.map(RunFailure.init(json:)), divergence: record.failure.flatMap(Divergence.init(json:)),
      result: record.result, decisions: decisions, reads: reads,
      writes: history.effects.map { effect in
        WriteRecord(
          operation: effect.operation, resource: effect.claims.first?.resource ?? "", path: effect.path,
          outcome: effect.state.rawValue, charge: effect.charge)
      }, steps: history.steps.count, reports: reports, started: record.started,
      ended: record.ended ?? max(record.started, history.steps.last?.instant ?? 0))
    trigger = record.trigger
    notices = history.steps.compactMap(NoticeRecord.init(step:)).sorted { $0.path < $1.path }
  }

  /// Whether a run in that status goes on though nobody does anything.
  private static func passes(_ status: RunStatus) -> Bool {
    switch status {
    case .waiting(.time), .waiting(.api), .waiting(.settlement): true
    default: false
    }
  }
}

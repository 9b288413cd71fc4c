import JSON
import Journal
import Playbooks

/// The last words of `ebb apply`: the run's report, and what was refused with the difference.
struct ApplyConclusion {
  let report: RunReport
  let plan: PlanDocument
  let file: String
  let listsSubjects: Bool
  let json: Bool
  let isInterrupted: Bool
  let time: LocalTime

  /// Prints it and ends with its exit code.
  func conclude() throws {
    let refused = report.refused
    let conclusion = RunConclusion(
      report: report, file: file, listsSubjects: listsSubjects, json: json, isInterrupted: isInterrupted, time: time)
    if json {
      var document = conclusion.document
      document["plan"] = .string(plan.digest)
      document["refused"] = .array(refused)
      Terminal.print(document.text(.pretty))
      if conclusion.status != .done { throw conclusion.status }
      return
    }
    if !refused.isEmpty { Terminal.print(table(refused) + "\n") }
    // Said in the table and in the decisions; as a result it is for machines.
    try RunConclusion(
      report: report.withoutResult, file: file, listsSubjects: listsSubjects, json: false, isInterrupted: isInterrupted,
      time: time
    ).conclude()
  }

  private func table(_ refused: [JSON]) -> String {
    let terminal = Terminal.current
    var table = Table([
      .fixed("REFUSED", role: .name), .fixed("FIELD"), .flexible("PLANNED", minimum: 8),
      .flexible("NOW", minimum: 8), .flexible("OPERATION", minimum: 12, role: .faint),
    ])
    for effect in refused {
      let resource = effect["resource"]?.string ?? ""
      let operation = effect["operation"]?.string ?? ""
      guard let drift = effect["drift"]?.array else {
        table.append([resource, "", "what it depends on was not done", "", operation])
        continue
      }
      for field in drift {
        let name = field["field"]?.string?.split(separator: "/").last.map(String.init) ?? ""
        table.append([resource, name, Self.text(field["planned"]), Self.text(field["now"]), operation])
      }
    }
    return table.render(width: terminal.width, style: terminal.style)
  }

  private static func text(_ value: JSON?) -> String {
    guard let value, !value.isNull else { return "nothing" }
    return value.scalarText ?? value.text()
  }
}

public import JSON
public import Journal

/// One message of a run, as its report lists it.
public struct NoticeRecord: Hashable, Sendable {
  /// The step that it is.
  public let path: StepPath
  public let notice: Notice
  /// `sent`, `planned`, or the code of the error that was raised instead: `rejected`, `unavailable`, `in_doubt`,
  /// `invalid`, `guard`.
  public let outcome: String
  /// Whether people may have received it twice.
  public let isRepeated: Bool

  init(_ notice: Notice, path: StepPath, outcome: String, isRepeated: Bool = false) {
    (self.notice, self.path, self.outcome, self.isRepeated) = (notice, path, outcome, isRepeated)
  }

  /// The message of a step that is recorded.
  init(_ notice: Notice, step: Step) {
    switch step.result {
    case .returned(let values):
      let answer = values.first.flatMap { try? JSON(parsing: $0) }
      let outcome = answer?["planned"] == true ? "planned" : "sent"
      self.init(notice, path: step.path, outcome: outcome, isRepeated: answer?["repeated"] == true)
    case .raised(let fields):
      let code = (try? JSON(parsing: fields))?["code"]?.string
      self.init(notice, path: step.path, outcome: code ?? ScriptFailure.Code.invalid.rawValue)
    }
  }

  /// The message of a recorded step; nil where it is none.
  init?(step: Step) {
    guard step.name == Notice.step, let arguments = try? JSON(parsing: step.arguments),
      let notice = try? Notice(arguments)
    else { return nil }
    self.init(notice, step: step)
  }

  /// The message as `--json` has it: `step channel outcome repeated? title? text? markdown? subjects?`.
  public var json: JSON {
    var fields: JSONObject = [
      "step": .string(path.description), "channel": .string(notice.channel), "outcome": .string(outcome),
    ]
    if isRepeated { fields["repeated"] = true }
    for (name, value) in notice.json.object ?? [:] where name != "channel" { fields[name] = value }
    return .object(fields)
  }
}

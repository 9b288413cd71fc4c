import JSON
import Journal

/// How far a run has come, as its journal tells it: what a worker reports and the sweep compares.
struct RunState: Sendable {
  /// A write as the journal has it.
  struct Write: Sendable {
    let path: String
    let operation: String
    let arguments: JSON
    let state: EffectState
    let attempt: Int
    /// In minor units, where it moves money.
    let charge: Int64
    /// When it was first announced.
    let intended: Milliseconds
  }

  /// A question that nobody answered yet.
  struct Question: Sendable {
    let id: String
    let digest: String
    let text: String
  }

  /// Whose state it is.
  var run = ""
  var status = ""
  var waitsFor: String?
  var wake: Milliseconds?
  var result: JSON = .null
  var failure: JSON = .null
  /// `subject kind reason` of each decision, sorted.
  var decisions: [String] = []
  /// `path name` of each step, sorted.
  var steps: [String] = []
  var writes: [Write] = []
  var questions: [Question] = []
  /// Whether another worker advanced it meanwhile.
  var isHeld = false
  /// What the store's own check finds wrong.
  var findings: [String] = []

  init() {}

  /// The run as its history tells it.
  init(_ history: RunHistory) {
    run = history.record.id.text
    status = history.record.status.name
    if case .waiting(let wait) = history.record.status { waitsFor = wait.rawValue }
    wake = history.record.wake
    result = history.record.result ?? .null
    failure = history.record.failure ?? .null
    decisions = Self.decisions(history.notes).map { "\($0.subject) \($0.kind.rawValue) \($0.reason)" }.sorted()
    steps = history.steps.map { "\($0.path) \($0.name)" }.sorted()
    writes = history.effects.map {
      Write(
        path: $0.path.description, operation: $0.operation, arguments: $0.arguments, state: $0.state,
        attempt: $0.attempt, charge: $0.charge?.minorUnits ?? 0, intended: $0.intended)
    }
    questions = history.approvals.filter { $0.state == .pending }.map {
      Question(id: $0.id, digest: $0.digest, text: $0.title + " " + $0.items.text())
    }
  }

  /// What was decided in the end: what became of a write that waited takes the place of the decision that it waits.
  private static func decisions(_ notes: [Note]) -> [Decision] {
    var decisions: [Decision] = []
    for note in notes {
      switch note.content {
      case .decision(let decision): decisions.append(decision)
      case .outcome(let decision):
        decisions.removeAll { $0.step == decision.step && $0.subject == decision.subject }
        decisions.append(decision)
      case .log, .report, .dispatch: continue
      }
    }
    return decisions
  }
}

extension RunState {
  var json: JSON {
    [
      "run": .string(run), "is_held": .bool(isHeld), "status": .string(status),
      "waiting_for": waitsFor.map(JSON.string) ?? .null,
      "wake": wake.map(JSON.integer) ?? .null, "result": result, "failure": failure,
      "decisions": .array(decisions.map(JSON.string)), "steps": .array(steps.map(JSON.string)),
      "writes": .array(
        writes.map {
          [
            "path": .string($0.path), "operation": .string($0.operation), "arguments": $0.arguments,
            "state": .string($0.state.rawValue), "attempt": .integer(Int64($0.attempt)), "charge": .integer($0.charge),
            "intended": .integer($0.intended),
          ]
        }),
      "questions": .array(
        questions.map { ["id": .string($0.id), "digest": .string($0.digest), "text": .string($0.text)] }),
      "findings": .array(findings.map(JSON.string)),
    ]
  }

  init(_ json: JSON) {
    run = json["run"]?.string ?? ""
    isHeld = json["is_held"]?.bool ?? false
    status = json["status"]?.string ?? ""
    waitsFor = json["waiting_for"]?.string
    wake = json["wake"]?.integer
    result = json["result"] ?? .null
    failure = json["failure"] ?? .null
    decisions = json["decisions"]?.array?.compactMap(\.string) ?? []
    steps = json["steps"]?.array?.compactMap(\.string) ?? []
    writes =
      json["writes"]?.array?.compactMap { write in
        guard let state = write["state"]?.string.flatMap(EffectState.init) else { return nil }
        return Write(
          path: write["path"]?.string ?? "", operation: write["operation"]?.string ?? "",
          arguments: write["arguments"] ?? .null, state: state, attempt: Int(write["attempt"]?.integer ?? 0),
          charge: write["charge"]?.integer ?? 0, intended: write["intended"]?.integer ?? 0)
      } ?? []
    questions =
      json["questions"]?.array?.map {
        Question(id: $0["id"]?.string ?? "", digest: $0["digest"]?.string ?? "", text: $0["text"]?.string ?? "")
      } ?? []
    findings = json["findings"]?.array?.compactMap(\.string) ?? []
  }
}

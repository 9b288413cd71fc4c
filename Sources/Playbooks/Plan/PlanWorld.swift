import Catalogue
import JSON
import Journal

/// The world as a plan has it: what is read is live, with the writes captured so far laid over; what would be created is
/// known by placeholders.
///
/// A value; it can read nothing and write nothing itself.
struct PlanWorld {
  /// A captured write as later reads need it.
  private struct Captured {
    let path: StepPath
    let operation: Operation
    let arguments: Arguments
    let answer: JSON?
    let before: JSON?
  }

  private(set) var effects: [PlannedEffect] = []
  private(set) var approvals: [PlannedApproval] = []
  /// Which effect would create the id that a placeholder stands for.
  private(set) var placeholders: [String: StepPath] = [:]
  private var captured: [Captured] = []
  private var answers: [StepPath: JSON] = [:]
  /// The captured writes that a read may show, by the read's id.
  private var shown: [String: [Int]] = [:]
  private var touched: [String: [StepPath]] = [:]

  // MARK: Reading

  /// The `data` of a live read as it would be had the captured writes taken effect, and which of them changed it.
  func shown(_ data: JSON, of read: ReadRequest) -> (data: JSON, by: [StepPath]) {
    var data = data
    var paths: [StepPath] = []
    for index in shown[read.operation] ?? [] {
      let write = captured[index]
      let changed = write.operation.overlay(
        on: data, of: read, arguments: write.arguments, answer: write.answer, before: write.before)
      if changed != data {
        data = changed
        paths.append(write.path)
      }
    }
    return (data, paths)
  }

  /// Whether a call names something that is itself only planned, and so cannot be sent.
  func isOnlyPlanned(_ arguments: JSON) -> Bool {
    !placeholders.isEmpty && !sources(of: arguments).isEmpty
  }

  /// What is known of a resource that is only planned: those members of its write's answer that the read answers too;
  /// nil where there are none.
  func known(of operation: Operation, _ arguments: JSON) -> JSON? {
    for path in sources(of: arguments) {
      let members = answers[path]?.object?.filter { operation.answer[$0.key] != nil } ?? []
      if !members.isEmpty {
        return shown(.object(JSONObject(members)), of: ReadRequest(operation: operation.id, arguments: arguments)).data
      }
    }
    return nil
  }

  /// The effects whose placeholders occur in a value, in the plan's order.
  private func sources(of value: JSON) -> [StepPath] {
    var found: Set<StepPath> = []
    value.eachText { text in
      guard text.contains(Self.prefix) else { return }
      for (placeholder, path) in placeholders where text.contains(placeholder) { found.insert(path) }
    }
    return effects.map(\.path).filter(found.contains)
  }

  /// What every placeholder begins with.
  static let prefix = "plan:"

  // MARK: Capturing

  /// A write that reached the plan, with all that was found out about it.
  struct Capture {
    let operation: Operation
    let arguments: Arguments
    let path: StepPath
    /// The reads before it with their `data` as shown; empty where none could be made.
    let befores: [(request: ReadRequest, data: JSON, by: [StepPath])]
    let resources: [String]
    let charge: Charge?
    var act: PendingStep.Act?
    var line: String?
    var approval: String?
    var waits: Milliseconds?
  }

  /// Takes a write into the plan, and says what the script is answered.
  ///
  /// - Parameter isSeen: whether the script is given the answer, and later reads show the write; false for an `act` that
  ///   would wait for a person, which in a run takes place behind the script's back.
  mutating func capture(_ capture: Capture, isSeen: Bool = true) -> JSON {
    let arguments = capture.arguments
    let first = capture.befores.first?.data
    let planned = capture.operation.plannedAnswer(
      to: arguments, before: first, placeholder: "\(Self.prefix)\(capture.path)")
    let answer = planned ?? [:]
    let places = Self.placeholders(in: answer, of: capture.path)
    var changes: [PlannedChange] = []
    for before in capture.befores {
      let found = capture.operation.plannedChanges(
        in: before.data, of: before.request, arguments: arguments, answer: planned)
      for change in found where !changes.contains(change) { changes.append(change) }
    }
    effects.append(
      PlannedEffect(
        path: capture.path, operation: capture.operation.id, arguments: arguments.script,
        subject: capture.act?.subject.json, reason: capture.act?.reason, line: capture.line,
        resources: capture.resources,
        readings: capture.befores.map { before in
          PlannedEffect.Reading(
            operation: before.request.operation, arguments: before.request.arguments,
            fields: capture.operation.watchedFields(in: before.data).map { PlannedEffect.Field($0.pointer, $0.value) })
        },
        changes: changes, charge: capture.charge, approval: capture.approval, waits: capture.waits,
        creates: places, after: dependencies(of: capture)))
    for resource in capture.resources { touched[resource, default: []].append(capture.path) }
    for placeholder in places.keys { placeholders[placeholder] = capture.path }
    answers[capture.path] = answer
    if isSeen {
      captured.append(
        Captured(
          path: capture.path, operation: capture.operation, arguments: arguments, answer: planned, before: first))
      for read in capture.operation.shownBy { shown[read, default: []].append(captured.count - 1) }
    }
    return answer
  }

  /// A question that was answered with yes.
  mutating func approve(_ approval: PlannedApproval) {
    approvals.append(approval)
  }

  /// The earlier effects on which a write stands: it uses their ids, touches what they touch, or was read through them.
  private func dependencies(of capture: Capture) -> [StepPath] {
    var found = Set(sources(of: capture.arguments.script))
    for resource in capture.resources { found.formUnion(touched[resource] ?? []) }
    for before in capture.befores { found.formUnion(before.by) }
    return effects.map(\.path).filter(found.contains)
  }

  /// Where the placeholders of an effect stand in its planned answer.
  private static func placeholders(in answer: JSON, of path: StepPath) -> [String: [JSONPointer]] {
    var places: [String: [JSONPointer]] = [:]
    answer.eachText { text, pointer in
      if text == "\(prefix)\(path)" || text.hasPrefix("\(prefix)\(path)/") { places[text, default: []].append(pointer) }
    }
    return places
  }
}

extension JSON {
  /// Every text in the value, with its place; objects in the order of their members.
  func eachText(at place: JSONPointer = JSONPointer(), _ body: (String, JSONPointer) -> Void) {
    switch self {
    case .string(let text): body(text, place)
    case .array(let elements):
      for (index, element) in elements.enumerated() { element.eachText(at: place.appending(index), body) }
    case .object(let members):
      for (name, value) in members { value.eachText(at: place.appending(name), body) }
    case .null, .bool, .integer, .bigInteger, .number: break
    }
  }

  /// Every text in the value.
  func eachText(_ body: (String) -> Void) {
    eachText { text, _ in body(text) }
  }
}

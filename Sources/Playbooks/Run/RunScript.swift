import Catalogue
import Crypto
import JSON
import Journal
import Lua

import struct Foundation.TimeZone

/// The script's side of a run: its branches, what they said and ask for, and the time they see.
///
/// Confined to the run that owns it.
final class RunScript: ScriptHost {
  /// What a branch asked for and waits for.
  struct Asked {
    let branch: LuaBranch
    let request: ScriptRequest
    let position: LuaPosition?
    /// What the script's frames hold, where someone looks.
    let scopes: [LuaScope]
  }

  let isReadingHeader = false
  let isWatched: Bool
  let event: JSON?
  let plan: PlanDocument?
  /// What stands for ids that would be created, while the run only plans.
  var placeholders: Set<String> = []
  private let assignment: RunAssignment
  private let observer: @Sendable (RunEvent) -> Void
  private let started: Milliseconds

  var tree: BranchTree<LuaBranch>
  private var instants: [LuaBranch: Milliseconds] = [:]
  /// How deep branches are inside `retry`; those that are not are left out.
  private var reading: [LuaBranch: Int] = [:]
  private(set) var asked: Asked?
  private var recorded: RecordedNotes
  private var uncommitted: [Note] = []
  private var said: [Note] = []
  private var failuresInARow = 0

  /// - Parameters:
  ///   - notes: what the journal has of the run: it is not committed again, and nobody is told again.
  ///   - isWatched: whether someone looks at what the script's frames hold.
  init(
    _ assignment: RunAssignment, started: Milliseconds, notes: [Note], isWatched: Bool,
    observer: @escaping @Sendable (RunEvent) -> Void
  ) {
    self.assignment = assignment
    self.observer = observer
    self.started = started
    self.isWatched = isWatched
    recorded = RecordedNotes(notes)
    plan = assignment.plan
    event = plan == nil ? assignment.event : nil
    tree = BranchTree(main: .main)
  }

  var givenParameters: JSON { .object(assignment.parameters) }
  var tags: JSON { assignment.tags }
  var zone: TimeZone { assignment.zone }

  func parameters(of header: JSON) throws(ParameterProblem) -> JSON {
    guard assignment.header != nil else {
      throw ParameterProblem("playbook{…} must be the first statement of the script, requires aside")
    }
    return .object(assignment.parameters)
  }

  // MARK: Time

  func now(in branch: LuaBranch) -> Milliseconds { instants[branch] ?? started }

  /// A result of that moment reached the branch; its time never goes back.
  func advance(_ branch: LuaBranch, to instant: Milliseconds) {
    instants[branch] = max(now(in: branch), instant)
  }

  /// A branch begins with its parent's time, and inside the `retry` that its parent is in.
  func inherit(_ branch: LuaBranch, from parent: LuaBranch) {
    instants[branch] = now(in: parent)
    reading[branch] = reading[parent]
  }

  func forget(_ branch: LuaBranch) {
    instants[branch] = nil
    reading[branch] = nil
  }

  // MARK: Reads only

  func isReading(_ branch: LuaBranch) -> Bool { reading[branch] != nil }

  func setReading(_ isReading: Bool, in branch: LuaBranch) {
    let depth = reading[branch, default: 0] + (isReading ? 1 : -1)
    reading[branch] = depth > 0 ? depth : nil
  }

  // MARK: Requests

  func take(_ request: ScriptRequest, from branch: LuaBranch, at position: LuaPosition?, _ scopes: [LuaScope]) {
    asked = Asked(branch: branch, request: request, position: position, scopes: scopes)
  }

  /// What the branch that just stopped asked for.
  func takeAsked() -> Asked? {
    defer { asked = nil }
    return asked
  }

  /// The path of the branch's next step.
  func nextStep(in branch: LuaBranch) -> StepPath {
    tree.nextStep(in: branch)
  }

  func lastStep(of branch: LuaBranch) -> StepPath {
    tree.lastStep(of: branch)
  }

  // MARK: What the script says

  func note(_ content: Note.Content, in branch: LuaBranch) {
    let note = place(content, in: branch)
    say(note)
    if let new = recorded.new(note) { uncommitted.append(new) }
  }

  /// A note at the branch's place, which is taken by it. It is neither said nor to be committed yet.
  func place(_ content: Note.Content, in branch: LuaBranch) -> Note {
    let place = tree.nextNote(in: branch)
    return Note(after: place.after, ordinal: place.ordinal, content: content)
  }

  /// The note as it is to be committed: none where the journal has it.
  func uncommitted(_ note: Note) -> Note? { recorded.new(note) }

  /// What the journal has as the decision of an `act`; its place in the branch is taken.
  func recordedDecision(of branch: LuaBranch) -> Note? {
    let place = tree.nextNote(in: branch)
    guard let note = recorded.note(at: NotePlace(after: place.after, ordinal: place.ordinal)) else { return nil }
    return recorded.new(note) == nil ? note : nil
  }

  /// The note that says what became of a write that waited; it takes the place of the earlier decision.
  func outcome(_ decision: Decision) -> Note {
    observer(.decision(decision))
    return recorded.outcome(decision)
  }

  /// What was decided last of the `act` that is that step.
  func lastDecision(at step: StepPath) -> Decision? {
    if let outcome = recorded.outcomes[step]?.last { return outcome }
    for note in said.reversed() {
      if case .decision(let decision) = note.content, decision.step == step { return decision }
    }
    return nil
  }

  /// Whether the journal says what became of an `act` that waited.
  func hasOutcome(_ step: StepPath) -> Bool { recorded.outcomes[step].map { $0.last?.kind != .waiting } ?? false }

  /// What the script says from here on counts, in the report and towards `stop_after`.
  func say(_ note: Note) {
    let isNew = !recorded.has(note)
    switch note.content {
    case .decision(let decision), .outcome(let decision):
      said.append(note)
      count(decision)
      if isNew { observer(.decision(decision)) }
    case .report: said.append(note)
    case .log(let line): if isNew { observer(.log(line)) }
    case .dispatch: break
    }
  }

  /// The decisions in the order of their places in the run, whatever the order in which answers came; of an `act` that
  /// waited, what became of it.
  var decisions: [Decision] {
    said.sorted { $0.isBefore($1) }.compactMap { note in
      guard case .decision(let decision) = note.content else { return nil }
      guard decision.kind == .waiting, let outcome = recorded.outcomes[decision.step]?.last,
        outcome.subject == decision.subject
      else { return decision }
      return outcome
    }
  }

  /// The reports, in the same order.
  var reports: [JSON] {
    said.sorted { $0.isBefore($1) }.compactMap { note in
      if case .report(let report) = note.content { report } else { nil }
    }
  }

  /// How many notes of the journal the script said otherwise, or did not say.
  func differingNotes(_ isRecorded: (StepPath) -> Bool) -> Int { recorded.differing(isRecorded) }

  private func count(_ decision: Decision) {
    switch decision.kind {
    case .failed: failuresInARow += 1
    case .done: failuresInARow = 0
    case .planned, .kept, .handedOver, .waiting: break
    }
  }

  /// Something failed that no decision of kind `failed` says: a write that is in doubt.
  func countFailure() {
    failuresInARow += 1
  }

  /// The notes to be committed with the next entry.
  func takeNotes() -> [Note] {
    defer { uncommitted = [] }
    return uncommitted
  }

  var stoppedReason: String? {
    guard let most = assignment.guards.stopAfter, failuresInARow >= most else { return nil }
    return "stopped after \(most) failures in a row"
  }

  // MARK: Identity

  /// The seed of a branch's random numbers: the same in every replay, another in every run and branch.
  static func seed(run: RunID, path: StepPath) -> UInt64 {
    SHA256.hash(data: Array("\(run)/\(path)".utf8)).prefix(8).reduce(0) { $0 << 8 | UInt64($1) }
  }

  /// The digest by which a replay recognises a step: of its name and its arguments in canonical form.
  static func digest(_ name: String, _ arguments: JSON) -> String {
    digest(name, arguments.bytes(.canonical))
  }

  /// The same for arguments that are written already.
  static func digest(_ name: String, _ arguments: [UInt8]) -> String {
    SHA256.hash(data: Array(name.utf8) + [0x0A] + arguments).hexadecimal
  }
}

extension Sequence<UInt8> {
  /// Lower-case hexadecimal digits.
  var hexadecimal: String {
    let digits: StaticString = "0123456789abcdef"
    var text: [UInt8] = []
    text.reserveCapacity(2 * underestimatedCount)
    for byte in self {
      text.append(digits.utf8Start[Int(byte >> 4)])
      text.append(digits.utf8Start[Int(byte & 15)])
    }
    return String(decoding: text, as: UTF8.self)
  }
}

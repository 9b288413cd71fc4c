public import JSON

/// What a write touches: at most one live write per claim.
public struct ClaimRule: Hashable, Sendable {
  /// The kind of resource, e.g. `taobao.refund`.
  public let kind: String
  /// Where in the arguments the resource's id stands; with `each`, where in the element.
  public let id: JSONPointer
  /// Where the list stands of which every element is claimed.
  public let each: JSONPointer?
  /// Whether the argument may be absent, and then nothing is claimed.
  public let isOptional: Bool
}

/// A resource that a write touches.
public struct Claim: Hashable, Sendable, CustomStringConvertible {
  /// The kind of resource, e.g. `taobao.refund`.
  public let kind: String
  /// The resource's id, as text.
  public let id: String

  /// A claim on that resource.
  public init(kind: String, id: String) {
    self.kind = kind
    self.id = id
  }

  /// Kind and id, e.g. `taobao.refund:110000235001`.
  public var description: String { "\(kind):\(id)" }
}

/// Which way a write moves money.
public enum Direction: String, Hashable, Sendable, CaseIterable {
  /// It leaves the account.
  case out
  /// It comes back.
  case `in`
  /// It would have come back, and no longer will.
  case forgone
}

/// A value of a rule: said outright, or taken from the write's arguments, its answer, or what was read before.
public indirect enum Source: Hashable, Sendable {
  /// Said outright.
  case literal(JSON)
  /// Taken from the write's arguments.
  case argument(JSONPointer)
  /// Taken from the `data` of the write's answer.
  case answer(JSONPointer)
  /// Taken from the `data` of the read before.
  case before(JSONPointer)
  /// An id that the planned write would create: `plan:` and the step's path.
  case plan(String)
  /// An instant in ms: that long before the write was intended.
  case since(Duration)
  /// A list of values.
  case array([Source])
  /// A table of values.
  case object([String: Source])
}

/// A read that a rule asks for.
public struct ReadRule: Hashable, Sendable {
  /// The read's id.
  public let operation: String
  /// Its arguments, by name.
  public let arguments: [String: Source]
  /// Where in the write's arguments the list stands for whose every element the read is made; `*` after it in a
  /// pointer of the rule is that element.
  public let each: JSONPointer?
}

/// What is read before a write, and what of it matters.
public struct BeforeRule: Hashable, Sendable {
  /// The read; nil where the arguments alone tell the amount.
  public let read: ReadRule?
  /// The fields whose change between plan and apply counts as drift, as pointers into the read's `data`.
  public let fields: [JSONPointer]
  /// Where the amounts stand that add up to the write's; empty where it moves no money.
  public let amount: [AmountSource]
  /// Which way the money goes; nil where none moves.
  public let direction: Direction?
}

/// Where an amount stands.
public enum AmountSource: Hashable, Sendable {
  /// In the `data` of the read before; `*` adds up every element.
  case before(JSONPointer)
  /// In the write's own arguments.
  case argument(JSONPointer)
}

/// What the answer of a write is worth.
public enum AnswerWorth: String, Hashable, Sendable, CaseIterable {
  /// What it says took place.
  case confirms
  /// The write is queued; only a read says what became of it.
  case accepts
  /// It may say no although it is yes: only a read counts.
  case hints
}

/// Whether a write may be sent again once it is known not to have taken effect.
public enum Repeat: String, Hashable, Sendable {
  /// Two executions equal one.
  case safe
  /// Every execution counts.
  case once
}

/// How a write's outcome is known.
public struct OutcomeRule: Hashable, Sendable {
  /// What its answer is worth.
  public let answer: AnswerWorth
  /// What the answer must hold to count as success; empty where code 200 is enough.
  public let success: [Condition]
  /// The read that tells what happened; nil where the write cannot be read back.
  public let read: ReadRule?
  /// Which row of the read is meant, where it answers a list.
  public let find: FindRule?
  /// The read used instead where `read` needs an answer and none came.
  public let fallbackRead: ReadRule?
  /// Which row of `fallbackRead` is meant.
  public let fallbackFind: FindRule?
  /// When the write counts as done.
  public let done: Verdict
  /// When it counts as not done.
  public let notDone: Verdict
  /// How long after a failure "not done" may be believed.
  public let settleAfter: Duration
  /// Whether the write may be sent again once it is known not to have taken effect.
  public let `repeat`: Repeat
}

/// A pointer and the values, compared as text, of which it must hold one.
public struct Condition: Hashable, Sendable {
  /// Where in the document.
  public let pointer: JSONPointer
  /// The accepted values; `null` stands for absent too.
  public let values: [Source]
}

/// When a read-back counts as an answer.
public enum Verdict: Hashable, Sendable {
  /// When all conditions hold, in the read's `data` or in the row found.
  case holds([Condition])
  /// When exactly one row is found.
  case found
  /// When no row is found.
  case absent
  /// Whenever the other verdict does not hold and the answer could be read.
  case otherwise
  /// Never.
  case never
}

/// Which row of a list is the write's.
public struct FindRule: Hashable, Sendable {
  /// Where rows stand in the read's `data`, at least one place; `*` goes through every element.
  public let rows: [JSONPointer]
  /// What a row must hold: pointer into the row, and the value it must equal as text.
  public let conditions: [Condition]
  /// A field of the row in milliseconds that must not be before the write's intent.
  public let newer: JSONPointer?
}

/// What a captured write answers in a plan, and what later reads show.
public struct PlanRule: Hashable, Sendable {
  /// The template of the answer.
  public let answer: Source
  /// Laid over the answer of the outcome's read when it is made with the same arguments.
  public let set: [Assignment]
  /// Laid over matching rows of lists.
  public let rows: [RowOverlay]
}

/// A value to be put at a pointer.
public struct Assignment: Hashable, Sendable {
  /// Where; `*` stands for every element.
  public let pointer: JSONPointer
  /// What is put there.
  public let value: Source
}

/// What a planned write changes in the rows of a list.
public struct RowOverlay: Hashable, Sendable {
  /// The read whose rows change.
  public let operation: String
  /// Where in the write's arguments the list stands whose every element is looked for.
  public let each: JSONPointer?
  /// Which rows.
  public let find: FindRule
  /// What changes in them.
  public let set: [Assignment]
}

/// The number of ours by which a keyed write is found again.
public struct KeyRule: Hashable, Sendable {
  /// Where in the arguments it stands; filled in when absent.
  public let field: JSONPointer
  /// The read that finds it, where the catalogue names one.
  public let read: ReadRule?
  /// Which row of `read` is meant.
  public let find: FindRule?
}

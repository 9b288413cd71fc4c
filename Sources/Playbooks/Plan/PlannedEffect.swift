public import Catalogue
public import JSON
public import Journal

/// One write that a plan holds: what would be sent, on what it stands, and what it would change.
public struct PlannedEffect: Hashable, Sendable {
  /// A resource as it was read before the write: what must still hold when the plan is applied.
  public struct Reading: Hashable, Sendable {
    /// The read's id.
    public let operation: String
    /// Its arguments, in script form.
    public let arguments: JSON
    /// The fields whose change counts as drift, absent ones as null.
    public let fields: [Field]

    /// A reading of those fields.
    public init(operation: String, arguments: JSON, fields: [Field]) {
      (self.operation, self.arguments, self.fields) = (operation, arguments, fields)
    }
  }

  /// A field of a reading.
  public struct Field: Hashable, Sendable {
    public let field: JSONPointer
    public let value: JSON

    /// A field of that value.
    public init(_ field: JSONPointer, _ value: JSON) {
      (self.field, self.value) = (field, value)
    }
  }

  /// The step of the plan's run that it is; its name in the plan.
  public let path: StepPath
  /// The operation's id.
  public let operation: String
  /// The arguments in script form; ids that the plan itself would create are placeholders.
  public let arguments: JSON
  /// What the act is about: `id`, and `amount`, `deadline` and `title` where known. Nil where the script called the
  /// operation directly.
  public let subject: JSON?
  /// Why, in the script's words; nil where it called the operation directly.
  public let reason: String?
  /// The line of the script, e.g. `scripts/chase.lua:12`.
  public let line: String?
  /// What it touches, e.g. `taobao.refund:110000235001`.
  public let resources: [String]
  /// The reads before it; empty where the catalogue names none, or none could be made because the resource is itself
  /// only planned.
  public let readings: [Reading]
  /// What it would change in what was read.
  public let changes: [PlannedChange]
  /// What it would move; nil where it moves nothing, or that cannot be known before.
  public let charge: Charge?
  /// Why a person would be asked first; nil where no guard asks.
  public let approval: String?
  /// Until when a guard would make it wait, in ms; nil where none does.
  public let waits: Milliseconds?
  /// The ids that it would create: each placeholder, and where the answer holds the real one, the likeliest place first.
  public let creates: [String: [JSONPointer]]
  /// The effects of the plan that must be done before: whose ids it uses, or whose resources it touches as well.
  public let after: [StepPath]

  /// An effect of those parts.
  public init(
    path: StepPath, operation: String, arguments: JSON, subject: JSON? = nil, reason: String? = nil,
    line: String? = nil, resources: [String] = [], readings: [Reading] = [], changes: [PlannedChange] = [],
    charge: Charge? = nil, approval: String? = nil, waits: Milliseconds? = nil,
    creates: [String: [JSONPointer]] = [:], after: [StepPath] = []
  ) {
    self.path = path
    self.operation = operation
    self.arguments = arguments
    self.subject = subject
    self.reason = reason
    self.line = line
    self.resources = resources
    self.readings = readings
    self.changes = changes
    self.charge = charge
    self.approval = approval
    self.waits = waits
    self.creates = creates
    self.after = after
  }
}

/// A question that the script would put to a person; in a plan it is answered with yes.
public struct PlannedApproval: Hashable, Sendable {
  /// The step that asks.
  public let path: StepPath
  public let title: String
  public let items: JSON

  /// A question about those items.
  public init(path: StepPath, title: String, items: JSON) {
    (self.path, self.title, self.items) = (path, title, items)
  }
}

/// What a run captured that only planned.
public struct PlannedRun: Hashable, Sendable {
  /// In the order in which the script came to them.
  public let effects: [PlannedEffect]
  public let approvals: [PlannedApproval]
}

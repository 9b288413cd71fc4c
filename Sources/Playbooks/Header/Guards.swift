public import Catalogue
public import JSON
public import Journal

/// The limits a header sets on what its runs may do (playbooks.md, guards).
public struct Guards: Hashable, Sendable {
  /// A cap for one run and one for a day of the project's zone.
  public struct Cap<Value: Hashable & Sendable>: Hashable, Sendable {
    public var run: Value?
    public var day: Value?
  }

  /// The operations that may be written; nil where all may.
  public var writes: [String]?
  public var maxWrites = Cap<Int>()
  public var maxAmount = Cap<Money>()
  /// From this amount on, a write waits for a person.
  public var approvalAmount: Money?
  /// After so many writes of a run, further ones wait for a person.
  public var approvalCount: Int?
  /// After so many failures in a row, the rest is kept.
  public var stopAfter: Int?
  /// Hours of the day in which writes wait; all of them hold.
  public var quietHours: [QuietHours] = []
  /// How often one subject may be acted on.
  public var sameSubject: SubjectPace?
  /// How long a person may take to approve, in milliseconds.
  public var approvalExpires: Milliseconds?

  /// No limit but the defaults of a run.
  public init() {}

  private static let fields = [
    "writes", "max_writes", "max_amount", "require_approval", "quiet_hours", "stop_after", "same_subject",
  ]

  /// Reads a header's `guards`, or those of `ebb.yaml`.
  public init(parsing value: JSON) throws(ParameterProblem) {
    guard let members = value.object else { throw ParameterProblem("guards must be a table") }
    for key in members.keys where !Self.fields.contains(key) {
      throw .unknownField("guards.\(key)", key, among: Self.fields)
    }
    if let list = members["writes"] {
      // Lua has one empty table, which arrives as an object.
      let elements = list == .object([:]) ? [] : list.array
      guard let operations = elements?.compactMap(\.string), operations.count == elements?.count else {
        throw ParameterProblem("guards.writes must be a list of operations", hint: #"{ "taobao.refunds.cancel" }"#)
      }
      writes = operations
    }
    maxWrites = try Self.cap(members["max_writes"], "max_writes") { value throws(ParameterProblem) in
      guard let count = value.integer, count >= 0 else { throw ParameterProblem("\(value) is no number of writes") }
      return Int(count)
    }
    maxAmount = try Self.cap(members["max_amount"], "max_amount") { value throws(ParameterProblem) in
      try Self.money(value)
    }
    if let approval = members["require_approval"] {
      try Self.check(approval, has: ["amount", "count", "expires"], at: "guards.require_approval")
      approvalAmount = try approval["amount"].map { value throws(ParameterProblem) in try Self.money(value) }
      approvalCount = try approval["count"].map { value throws(ParameterProblem) in
        guard let count = value.integer, count >= 0 else { throw ParameterProblem("\(value) is no number of writes") }
        return Int(count)
      }
      approvalExpires = try approval["expires"].map { value throws(ParameterProblem) in
        guard let time = value.string.flatMap(DurationText.milliseconds) ?? value.integer, time > 0 else {
          throw ParameterProblem(
            "guards.require_approval.expires: \(value) is no duration", hint: #"for example expires = "24h""#)
        }
        return time
      }
      guard approvalAmount != nil || approvalCount != nil else {
        throw ParameterProblem(
          "guards.require_approval says neither from what amount nor after how many writes",
          hint: #"{ amount = "1000 CNY" }, or { count = 0 } for every write"#)
      }
    }
    if let count = members["stop_after"] {
      guard let failures = count.integer, failures > 0 else {
        throw ParameterProblem("guards.stop_after: \(count) is no number of failures from 1")
      }
      stopAfter = Int(failures)
    }
    if let hours = members["quiet_hours"] {
      quietHours = try (hours.array ?? [hours]).map { value throws(ParameterProblem) in
        try QuietHours(parsing: value)
      }
    }
    sameSubject = try members["same_subject"].map { value throws(ParameterProblem) in
      try SubjectPace(parsing: value)
    }
  }

  /// Holds `writes` to the catalogue: a misspelt name would forbid what it was meant to allow.
  ///
  /// - Throws: `ParameterProblem` naming the first entry that is no write.
  public func check(against catalogue: Catalogue) throws(ParameterProblem) {
    for id in writes ?? [] {
      guard let operation = catalogue[id] else {
        throw ParameterProblem(
          "guards.writes: there is no operation \(id)",
          hint: catalogue.nearest(to: id).map { "did you mean \($0)?" } ?? "ebb api list shows them")
      }
      guard operation.effect == .write else {
        throw ParameterProblem("guards.writes: \(id) writes nothing", hint: "leave it out: only writes are listed")
      }
    }
  }

  private static func cap<Value>(
    _ value: JSON?, _ name: String, _ read: (JSON) throws(ParameterProblem) -> Value
  ) throws(ParameterProblem) -> Cap<Value> {
    guard let value else { return Cap() }
    try check(value, has: ["run", "day"], at: "guards.\(name)")
    do throws(ParameterProblem) {
      return Cap(run: try value["run"].map(read), day: try value["day"].map(read))
    } catch {
      throw error.at("guards.\(name)")
    }
  }

  private static func check(_ value: JSON, has fields: [String], at place: String) throws(ParameterProblem) {
    guard let members = value.object else {
      throw ParameterProblem("\(place) must be a table with \(fields.joined(separator: " or "))")
    }
    for key in members.keys where !fields.contains(key) {
      throw .unknownField("\(place).\(key)", key, among: fields)
    }
  }

  private static func money(_ value: JSON) throws(ParameterProblem) -> Money {
    if let money = Money(json: value) { return money }
    return try Money(parsing: value.scalarText ?? "")
  }
}

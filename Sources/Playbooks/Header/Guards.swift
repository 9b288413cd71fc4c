public import Catalogue
public import JSON

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
  /// `23:00-08:00`, as written; kept for `ebb serve`, which enforces it.
  public var quietHours: String?
  /// Acts on one subject, as written; kept for the store, which enforces it.
  public var sameSubject: JSON?

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
      try Self.check(approval, has: ["amount", "count"], at: "guards.require_approval")
      approvalAmount = try approval["amount"].map { value throws(ParameterProblem) in try Self.money(value) }
      approvalCount = try approval["count"].map { value throws(ParameterProblem) in
        guard let count = value.integer, count >= 0 else { throw ParameterProblem("\(value) is no number of writes") }
        return Int(count)
      }
    }
    if let count = members["stop_after"] {
      guard let failures = count.integer, failures > 0 else {
        throw ParameterProblem("guards.stop_after: \(count) is no number of failures from 1")
      }
      stopAfter = Int(failures)
    }
    quietHours = members["quiet_hours"]?.string
    sameSubject = members["same_subject"]
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

  /// The two together, the stricter of each holding: `ebb.yaml` can tighten a header's guards and never loosen them.
  public func tightened(by other: Guards) -> Guards {
    var guards = self
    if let allowed = other.writes { guards.writes = writes.map { $0.filter(allowed.contains) } ?? allowed }
    guards.maxWrites.run = Self.least(maxWrites.run, other.maxWrites.run)
    guards.maxWrites.day = Self.least(maxWrites.day, other.maxWrites.day)
    guards.maxAmount.run = Self.least(maxAmount.run, other.maxAmount.run)
    guards.maxAmount.day = Self.least(maxAmount.day, other.maxAmount.day)
    guards.approvalAmount = Self.least(approvalAmount, other.approvalAmount)
    guards.approvalCount = Self.least(approvalCount, other.approvalCount)
    guards.stopAfter = Self.least(stopAfter, other.stopAfter)
    guards.quietHours = quietHours ?? other.quietHours
    guards.sameSubject = sameSubject ?? other.sameSubject
    return guards
  }

  private static func least(_ left: Int?, _ right: Int?) -> Int? {
    guard let left, let right else { return left ?? right }
    return min(left, right)
  }

  /// The smaller amount; of two currencies the first, whose writes alone it can bound, made nothing: no write passes.
  private static func least(_ left: Money?, _ right: Money?) -> Money? {
    guard let left, let right else { return left ?? right }
    guard left.currency == right.currency else { return Money(minorUnits: 0, currency: left.currency) }
    return left.minorUnits <= right.minorUnits ? left : right
  }
}
